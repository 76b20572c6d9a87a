import { describe, expect, it } from "vitest";
import { startSyncServer } from "../../support/sync-server.js";

const EVIL = "https://evil.example";
const APP = "https://app.example.com";

/** What a start from somewhere leads to. */
async function startFrom(headers: Record<string, string>, cors?: { origin: string | string[] }) {
  const { call, service } = await startSyncServer(cors === undefined ? {} : { cors });
  const response = await call("/integrations/gmail/sync", { method: "POST", headers });
  return { status: response.status, body: await response.json(), activeSyncs: service.stats().activeSyncs };
}

describe("a request that changes something", () => {
  it.each([
    ["a page of another site", { origin: EVIL, "sec-fetch-site": "cross-site" }],
    ["a page of another site, as a form", { origin: EVIL, "content-type": "application/x-www-form-urlencoded" }],
    ["a page of another site, as text", { origin: EVIL, "content-type": "text/plain" }],
    ["a page of another site, with files", { origin: EVIL, "content-type": "multipart/form-data; boundary=x" }],
    ["a sandboxed page of an older browser", { origin: "null" }],
    ["a sandboxed page", { origin: "null", "sec-fetch-site": "cross-site" }],
    ["a page of another site that sends no origin", { "sec-fetch-site": "cross-site" }],
    ["another subdomain", { origin: "https://blog.example.com", "sec-fetch-site": "same-site" }],
    ["a page with an origin that is none", { origin: "evil" }],
  ])("from %s is refused, whatever cors says", async (_, headers) => {
    for (const cors of [undefined, { origin: APP }, { origin: [APP, "http://localhost:5173"] }]) {
      const { status, body, activeSyncs } = await startFrom(headers, cors);
      expect([status, body.code]).toEqual([403, "cross_site"]);
      expect(body.error).toContain("cors.origin");
      expect(activeSyncs).toBe(0);
    }
  });

  it.each([
    ["the server's own page", { "sec-fetch-site": "same-origin", origin: "https://in-front-of-the-proxy.example" }],
    ["the address bar", { "sec-fetch-site": "none" }],
    ["a program that is no browser", {}],
    ["a page behind a proxy that passes its host on", { origin: EVIL, "x-forwarded-host": "evil.example, inner" }],
  ])("from %s passes", async (_, headers) => {
    expect((await startFrom(headers)).status).toBe(202);
  });

  it("from the server's own page in an older browser passes", async () => {
    const { call, url } = await startSyncServer();
    const response = await call("/integrations/gmail/sync", { method: "POST", headers: { origin: url } });
    expect(response.status).toBe(202);
  });

  it("from a page whose origin is listed passes", async () => {
    expect((await startFrom({ origin: APP }, { origin: [APP] })).status).toBe(202);
    expect((await startFrom({ origin: APP, "sec-fetch-site": "cross-site" }, { origin: APP })).status).toBe(202);
  });

  it.each(["POST", "PUT", "DELETE", "PATCH"])("is refused at every address of the routes: %s", async (method) => {
    const { call } = await startSyncServer();
    for (const path of ["/integrations/gmail/sync", "/sync-progress/x/cancel", "/sync-progress/x/notify"]) {
      expect((await call(path, { method, headers: { origin: EVIL } })).status).toBe(403);
    }
  });
});

describe("a request that only reads", () => {
  it.each(["GET", "HEAD"])("from another site passes, as a link does: %s", async (method) => {
    const { call } = await startSyncServer();
    expect((await call("/integrations", { method, headers: { origin: EVIL } })).status).toBe(200);
  });
});

describe("cors.origin", () => {
  it.each(["*", "app.example.com", "https://app.example.com/", "https://*.example.com", "", "null"])(
    "must name origins: %j is refused when the routes are made",
    async (origin) => {
      await expect(startSyncServer({ cors: { origin } })).rejects.toThrow(TypeError);
      await expect(startSyncServer({ cors: { origin: [APP, origin] } })).rejects.toThrow(JSON.stringify(origin));
    },
  );

  it("may name the shell of an app", async () => {
    const origin = "capacitor://localhost";
    expect((await startFrom({ origin }, { origin })).status).toBe(202);
  });
});
