import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { StartLimit } from "../../../src/server/http/start-limit.js";
import { startSyncServer } from "../../support/sync-server.js";

const ADA = { tenantId: "acme", userId: "ada" };
const GRACE = { tenantId: "acme", userId: "grace" };

/** A request whose body does not come to its end. */
function sendSlowly(url: string): Socket {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(
    "POST /api/integrations/gmail/sync HTTP/1.1\r\nhost: x\r\nx-user: acme/ada\r\ncontent-length: 1000\r\n\r\n{",
  );
  return socket;
}

describe("a request's body", () => {
  it("that is too large is refused with 413", async () => {
    const { call, service } = await startSyncServer();
    const body = `{"since":"${"x".repeat(20_000)}"}`;
    const response = await call("/integrations/gmail/sync", { method: "POST", body });
    expect([response.status, await response.json()]).toEqual([
      413,
      { success: false, error: "The body must have at most 16384 bytes.", code: "too_large" },
    ]);
    expect(service.stats().activeSyncs).toBe(0);
  });

  it("is measured in bytes", async () => {
    const { call } = await startSyncServer({ limits: { bodyBytes: 30 } });
    const send = async (body: string) => (await call("/integrations/gmail/sync", { method: "POST", body })).status;
    expect(await send(`{"x":"${"ä".repeat(20)}"}`)).toBe(413);
    expect(await send(`{"x":"${"a".repeat(20)}"}`)).toBe(202);
  });

  it("that does not arrive in time is refused with 408, and its connection closed", async () => {
    const { url, service } = await startSyncServer({ limits: { bodyTimeoutMs: 100 } });
    const responses = await Promise.all(Array.from({ length: 20 }, () => text(sendSlowly(url))));
    for (const response of responses) {
      expect(response).toMatch(/^HTTP\/1.1 408 /);
      expect(response).toContain('"code":"too_slow"');
    }
    expect(service.stats().activeSyncs).toBe(0);
  });
});

describe("the starts of one person", () => {
  it("are limited, with the time to wait, and those of others go on", async () => {
    const { call } = await startSyncServer({ limits: { startsPerMinute: 2 } });
    const start = (user: string) => call("/integrations/gmail/sync", { method: "POST", user });
    expect([(await start("acme/ada")).status, (await start("acme/ada")).status]).toEqual([202, 409]);
    const refused = await start("acme/ada");
    expect([refused.status, (await refused.json()).code]).toEqual([429, "too_many_requests"]);
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await start("acme/grace")).status).toBe(202);
  });

  it("count retries as well", async () => {
    const { call, start, service } = await startSyncServer({ limits: { startsPerMinute: 2 } });
    const { syncId, finish } = await start();
    finish();
    await vi.waitFor(() => expect(service.stats().activeSyncs).toBe(0));
    const retry = () => call(`/sync-progress/${syncId}/retry`, { method: "POST" });
    expect((await retry()).status).toBe(202);
    expect((await retry()).status).toBe(429);
  });

  it("are counted over the last minute, and forgotten after it", () => {
    let now = 1_000;
    const limit = new StartLimit(2, () => now);
    limit.take(ADA);
    now += 30_000;
    limit.take(ADA);
    limit.take(GRACE);
    expect(() => limit.take(ADA)).toThrow(expect.objectContaining({ headers: { "retry-after": "30" } }));
    now += 30_000;
    limit.take(ADA);
    expect(() => limit.take(ADA)).toThrow("Too many syncs");
    expect(limit.size).toBe(2);
    now += 60_000;
    limit.take(GRACE);
    expect(limit.size).toBe(1);
  });

  it("may have no limit", () => {
    const limit = new StartLimit(Number.POSITIVE_INFINITY);
    for (let count = 0; count < 1_000; count += 1) limit.take(ADA);
    expect(limit.size).toBe(0);
  });
});

describe("the limits", () => {
  it.each(["streamsPerUser", "startsPerMinute", "bodyBytes", "bodyTimeoutMs", "stallTimeoutMs"])(
    "must be numbers above 0: %s",
    async (name) => {
      for (const value of [0, -1, Number.NaN]) {
        await expect(startSyncServer({ limits: { [name]: value } })).rejects.toThrow(`limits.${name} must be`);
      }
    },
  );
});
