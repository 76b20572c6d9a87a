import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JWTPayload } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import { createMemoryStore } from "../../../src/server/memory-store.js";
import { createSyncRoutes } from "../../../src/server/sync-routes.js";
import type { SyncRun } from "../../../src/server/sync-run.js";
import type { SyncStore } from "../../../src/server/sync-store.js";
import { eventually } from "../../support/eventually.js";
import { type RunningServer, serveFetch } from "../../support/serve-fetch.js";
import {
  anIssuer,
  authenticatorOf,
  bearer,
  COOKIE,
  forgeToken,
  type Issuer,
  inCookie,
  signWithSecret,
} from "../../support/tokens.js";
import { hasPostgres, startPostgres } from "../engines/postgres-server.js";
import { hasRedis, startRedis } from "../engines/redis-server.js";
import { openStore } from "../processes/open-store.js";
import { type RouteRequest, requestRoute, requestsOf, textOf, type WholeResponse } from "./all-routes.js";

interface OpenedStore {
  readonly store: SyncStore;
  remove(): Promise<void>;
}

const STORES: Readonly<Record<string, { readonly isThere: boolean; open(): Promise<OpenedStore> }>> = {
  memory: { isThere: true, open: async () => ({ store: createMemoryStore(), remove: async () => {} }) },
  SQLite: {
    isThere: true,
    async open() {
      const folder = mkdtempSync(join(tmpdir(), "identities-"));
      const store = await openStore({ engine: "sqlite", at: join(folder, "syncs.db") });
      return { store, remove: async () => rmSync(folder, { recursive: true }) };
    },
  },
  Redis: {
    isThere: hasRedis,
    async open() {
      const server = await startRedis();
      return { store: await openStore({ engine: "redis", at: server.url }), remove: server.remove };
    },
  },
  Postgres: {
    isThere: hasPostgres,
    async open() {
      const server = await startPostgres();
      return { store: await openStore({ engine: "postgres", at: server.url }), remove: server.remove };
    },
  },
};

const ADA = { tenantId: "acme", userId: "ada" };
/** A text that only Ada may read. */
const PRIVATE = "The merger with Globex";
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;

describe.each(Object.keys(STORES))("every route on the store %s", (name) => {
  const { isThere = false, open } = STORES[name] ?? {};

  describe.skipIf(!isThere)("with a wrong identity", () => {
    let issuer: Issuer;
    let other: Issuer;
    let opened: OpenedStore;
    let server: RunningServer;
    let service: ReturnType<typeof createSyncService>;
    let requests: readonly RouteRequest[];
    /** A sync of Ada's that runs, and one that has failed. */
    let syncIds: readonly string[];

    beforeAll(async () => {
      [issuer, other] = await Promise.all([anIssuer(), anIssuer()]);
      if (open === undefined) throw new Error("There is no such store.");
      opened = await open();
      service = createSyncService({ store: opened.store, notices: { email: {} } });
      const app = createSyncRoutes({
        service,
        authenticate: authenticatorOf(issuer, { isRevoked: ({ jti }) => jti === "revoked" }),
        limits: { startsPerMinute: Number.POSITIVE_INFINITY },
        integrations: [{ type: "gmail", name: "Gmail", sync: job }],
      });
      requests = requestsOf(app, "gmail");
      server = await serveFetch(app.fetch);
      const failed = await service.run(
        ADA,
        async (run) => {
          run.update({ totalItems: 2 });
          run.fail({ item: PRIVATE, reason: PRIVATE });
          run.log(PRIVATE);
          throw new Error("broken");
        },
        { connectorType: "gmail" },
      );
      await failed.settled;
      const running = await service.run(ADA, job, { connectorType: "gmail" });
      syncIds = [running.syncId, failed.syncId];
      await eventually(async () => expect(JSON.stringify(await stateOfAda())).toContain(PRIVATE));
    }, 60_000);
    afterAll(async () => {
      await server?.close();
      await service?.close();
      await opened?.store.close();
      await opened?.remove();
    });

    async function job(run: SyncRun): Promise<void> {
      run.update({ status: "syncing", stage: PRIVATE, totalItems: 10 });
      await new Promise((resolve) => run.signal.addEventListener("abort", resolve));
    }

    async function stateOfAda() {
      const { records } = await service.list(ADA, {}, { limit: 50 });
      return records.map(({ snapshot }) => snapshot);
    }

    const send = (route: RouteRequest, headers: Record<string, string>, syncId = syncIds[0] ?? "") =>
      requestRoute(server.url, route, headers, syncId);

    const signed = (claims: JWTPayload) => () => issuer.sign(claims);
    const NOBODY: Readonly<Record<string, () => Promise<string> | string>> = {
      "no token": () => "",
      "a token that has expired": signed({ exp: inSeconds(-1) }),
      "a token that never expires": signed({ exp: undefined }),
      "a token that is not valid yet": signed({ nbf: inSeconds(60) }),
      "a token for another audience": signed({ aud: "other-api" }),
      "a token of another issuer": signed({ iss: "https://evil.example/" }),
      "a token that is not signed": () => forgeToken({ alg: "none" }),
      "a token with the public key as its secret": () => signWithSecret({}, issuer.publicKeyPem),
      "a token with another algorithm": () => forgeToken({ alg: "RS512" }, {}, "AAAA"),
      "a token signed with another key": () => other.sign(),
      "a token of a session that was revoked": signed({ jti: "revoked" }),
      "a token of no tenant": signed({ org: undefined }),
      "no token at all": () => "%00 not a token",
    };

    it("refuses nobody in particular: all get the same 401, and change nothing", async () => {
      const before = await stateOfAda();
      const responses = new Map<string, WholeResponse>();
      const add = async (route: RouteRequest, who: string, headers: Record<string, string>) =>
        responses.set(`${route.route} with ${who}`, await send(route, headers));
      for (const route of requests) {
        await add(route, "no header", {});
        const twice = `${COOKIE}=${await issuer.sign()}; ${COOKIE}=${await issuer.sign()}`;
        await add(route, "two cookies", { cookie: twice });
        for (const [who, make] of Object.entries(NOBODY)) {
          const token = await make();
          await add(route, `${who} in the header`, bearer(token));
          await add(route, `${who} in the cookie`, inCookie(token));
        }
      }
      const [first] = responses.values();
      expect(first && { status: first.status, body: JSON.parse(textOf(first)) }).toEqual({
        status: 401,
        body: { success: false, error: "Sign in to see this.", code: "unauthorized" },
      });
      const isHead = (what: string) => what.startsWith("HEAD ");
      const [firstHead] = [...responses].filter(([what]) => isHead(what)).map(([, response]) => response);
      expect(firstHead?.status).toBe(401);
      for (const [what, response] of responses) expect(response, what).toEqual(isHead(what) ? firstHead : first);
      expect(responses.size).toBe(requests.length * (2 + 2 * Object.keys(NOBODY).length));
      expect(await stateOfAda()).toEqual(before);
    });

    it.each([
      ["another person of the tenant", { sub: "eve" }],
      ["the same person of another tenant", { org: "globex" }],
      ["a person whose ids are put together likewise", { org: 'acme","ada', sub: "x" }],
      ["a person whose ids are turned around", { org: "ada", sub: "acme" }],
    ])("treats what is not of %s like what does not exist, byte by byte", async (_, claims) => {
      const before = await stateOfAda();
      const headers = bearer(await issuer.sign(claims));
      const unknown = [randomUUID(), "x", "0", "%00", "%ff", "a%2Fb", "%F0%9F%98%80", "__proto__", "x".repeat(5_000)];
      for (const route of requests.filter(({ isAboutSync }) => isAboutSync)) {
        const [reference, ...rest] = await Promise.all(
          [...unknown, ...syncIds].map((syncId) => send(route, headers, syncId)),
        );
        expect(reference?.status, route.route).toBe(404);
        for (const response of rest) expect(response, route.route).toEqual(reference);
      }
      expect(await stateOfAda()).toEqual(before);
    });

    it("gives everybody their own lists, feed and starts, and nothing of Ada's", async () => {
      const before = await stateOfAda();
      const headers = bearer(await issuer.sign({ sub: "eve" }));
      const own = requests.filter(({ isAboutSync }) => !isAboutSync);
      expect(own.length).toBeGreaterThan(0);
      for (const route of own.filter(({ method }) => method === "GET")) {
        const response = await send(route, headers);
        expect(response.status, route.route).toBe(200);
        for (const secret of [PRIVATE, ...syncIds]) expect(textOf(response), route.route).not.toContain(secret);
      }
      const starts = own.filter(({ method }) => method === "POST");
      for (const route of starts) {
        const response = await send(route, headers);
        expect([response.status, syncIds.some((syncId) => textOf(response).includes(syncId))]).toEqual([202, false]);
      }
      expect(await stateOfAda()).toEqual(before);
    });

    it.each([
      ["Sec-Fetch-Site", { "sec-fetch-site": "cross-site" }],
      ["Sec-Fetch-Site of a subdomain", { "sec-fetch-site": "same-site", origin: "https://evil.app.example.com" }],
      ["Origin", { origin: "https://evil.example" }],
      ["Origin null", { origin: "null" }],
    ])("refuses pages of other sites with Ada's cookie to change anything, by %s", async (_, site) => {
      const before = await stateOfAda();
      const cookie = inCookie(await issuer.sign());
      for (const route of requests) {
        const response = await send(route, { ...cookie, ...site });
        const isSafe = ["GET", "HEAD"].includes(route.method);
        expect([response.status, route.route]).toEqual([isSafe ? 200 : 403, route.route]);
        // Without this header no page of another origin can read the response.
        expect(response.headers.join().toLowerCase()).not.toContain("access-control-allow-origin");
        if (!isSafe) expect(textOf(response)).toContain('"code":"cross_site"');
      }
      expect(await stateOfAda()).toEqual(before);
    });

    it("does for Ada what each route is for", async () => {
      const headers = bearer(await issuer.sign());
      for (const route of requests) {
        const { status } = await send(route, headers);
        // 409: it is paused, has ended, or is running already.
        expect([200, 202, 409], `${route.route}: ${status}`).toContain(status);
      }
    });
  });
});

it("fails for a route that it has no request for", () => {
  const app = createSyncRoutes({ service: createSyncService(), authenticate: () => ADA, integrations: [] });
  expect(requestsOf(app, "gmail").length).toBeGreaterThan(13);
  app.get("/new", (context) => context.text(""));
  expect(() => requestsOf(app, "gmail")).toThrow("Say how these routes are requested: GET /api/new");
});
