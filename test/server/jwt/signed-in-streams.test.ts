import { EventSource } from "eventsource";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { SyncClient } from "../../../src/client/sync-client.js";
import { eventually } from "../../support/eventually.js";
import { startSyncServer } from "../../support/sync-server.js";
import { anIssuer, authenticatorOf, bearer, type Issuer, inCookie } from "../../support/tokens.js";

let issuer: Issuer;
beforeAll(async () => {
  issuer = await anIssuer();
});

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const expiringIn = (seconds: number, jti = "session") =>
  issuer.sign({ jti, exp: Math.floor(Date.now() / 1_000) + seconds });

describe.each([
  ["one sync", false],
  ["all syncs", true],
])("the client with a stream of %s", (_, feed) => {
  describe.each([
    ["header", bearer],
    ["cookie", inCookie],
  ])("and a token in the %s", (_place, headersOf) => {
    /** A server whose streams are checked at each heartbeat, and a client that shows one of its syncs. */
    async function watchSync(first: string, renew?: () => Promise<string>) {
      const revoked = new Set<unknown>();
      const server = await startSyncServer({
        authenticate: authenticatorOf(issuer, { isRevoked: ({ jti }) => revoked.has(jti) }),
        heartbeatMs: 50,
        retryMs: 20,
        limits: { resumeMs: 1 },
      });
      let token = first;
      const withToken = (init: RequestInit = {}) => ({ ...init, headers: { ...init.headers, ...headersOf(token) } });
      const onUnauthorized = vi.fn(async () => {
        if (renew === undefined) throw new Error("signed out");
        token = await renew();
      });
      const client = new SyncClient({
        baseUrl: `${server.url}/api`,
        feed,
        onUnauthorized,
        fetch: (input, init) => fetch(input, withToken(init)),
        createEventSource: (url) =>
          new EventSource(url, {
            fetch: (input, init) => fetch(input, withToken({ ...init, headers: { ...init.headers } })),
          }),
      });
      cleanups.push(() => client.close());
      const syncId = await client.startSync("gmail");
      client.subscribe(syncId, () => {});
      await eventually(() => expect(client.getView(syncId)?.connection).toBe("live"));
      await eventually(() => expect(server.streams.size).toBe(1));
      const view = () => client.getView(syncId);
      return { ...server, view, syncId, revoked, onUnauthorized };
    }

    it("is signed out when its session is revoked, and nothing stays subscribed", async () => {
      const { view, revoked, onUnauthorized, service } = await watchSync(await expiringIn(60));
      revoked.add("session");
      await eventually(() => expect(view()?.error?.kind).toBe("unauthorized"));
      expect(view()).toMatchObject({ connection: "closed", status: "queued" });
      await eventually(() => expect(service.stats().subscribers).toBe(0));
      expect(onUnauthorized).toHaveBeenCalledTimes(1);
    });

    it("is signed out when its token expires, and nothing stays subscribed", async () => {
      const token = await expiringIn(2);
      const { view, onUnauthorized, service } = await watchSync(token);
      await eventually(() => expect(view()?.error?.kind).toBe("unauthorized"));
      await eventually(() => expect(service.stats().subscribers).toBe(0));
      expect(onUnauthorized).toHaveBeenCalledTimes(1);
    });

    it("goes on with a renewed token, up to the end", async () => {
      const renew = () => expiringIn(60, "renewed");
      const { view, revoked, onUnauthorized, service, syncId } = await watchSync(await expiringIn(60), renew);
      revoked.add("session");
      await eventually(() => expect(onUnauthorized).toHaveBeenCalledTimes(1));
      await eventually(() => expect(view()).toMatchObject({ connection: "live", error: null }));
      await service.cancel({ tenantId: "acme", userId: "ada" }, syncId);
      await eventually(() => expect(view()?.status).toBe("cancelled"));
      expect(onUnauthorized).toHaveBeenCalledTimes(1);
    });
  });
});
