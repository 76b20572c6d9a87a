import { afterEach, describe, expect, it, vi } from "vitest";
import { readStream, type StreamReader } from "../../support/read-stream.js";
import { HOSTS, startSyncServer } from "../../support/sync-server.js";

const ADA = { tenantId: "acme", userId: "ada" };

const readers: StreamReader[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.leave();
});

async function open(url: string): Promise<StreamReader> {
  const reader = await readStream(url);
  readers.push(reader);
  return reader;
}

describe.each(HOSTS)("a sign-in that ends, on the host %s", (host) => {
  it.each(["stream of a sync", "feed"])("ends the %s at that moment, though nobody checks it", async (stream) => {
    const expiresAt = Date.now() + 1_000;
    const { url, call, start, service } = await startSyncServer(
      {
        authenticate: () => ({ ...ADA, expiresAt }),
        reauthenticateMs: Number.POSITIVE_INFINITY,
        heartbeatMs: 60_000,
        limits: { resumeMs: 1 },
      },
      host,
    );
    const { syncId } = await start();
    const path = stream === "feed" ? "/sync-progress/stream" : `/sync-progress/${syncId}/stream`;
    const reader = await open(`${url}/api${path}`);
    await vi.waitFor(() => expect(reader.events()).toContain("current_state"));
    await reader.closed;
    // A timer of Node may be a millisecond early.
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt - 1);
    await vi.waitFor(async () => expect((await call(path)).status).toBe(401));
    await vi.waitFor(() => expect(service.stats().subscribers).toBe(0));
  });

  it("is put off when a check says so", async () => {
    let expiresAt = Date.now() + 500;
    const { url, start } = await startSyncServer(
      { authenticate: () => ({ ...ADA, expiresAt }), heartbeatMs: 20 },
      host,
    );
    const { syncId, finish } = await start();
    const reader = await open(`${url}/api/sync-progress/${syncId}/stream`);
    const first = expiresAt;
    expiresAt = Date.now() + 3_600_000;
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(first + 50));
    finish();
    await reader.closed;
    expect(reader.events()).toEqual(["current_state", "complete"]);
  });

  it.each([0, Number.NaN, Number.NEGATIVE_INFINITY])("at %s has ended", async (expiresAt) => {
    const { call } = await startSyncServer({ authenticate: () => ({ ...ADA, expiresAt }) }, host);
    expect((await call("/integrations")).status).toBe(401);
  });

  it("in a thousand years needs no timer that fires at once", async () => {
    const expiresAt = Date.now() + 1_000 * 365 * 86_400_000;
    const { url, start } = await startSyncServer({ authenticate: () => ({ ...ADA, expiresAt }) }, host);
    const { syncId, finish } = await start();
    const reader = await open(`${url}/api/sync-progress/${syncId}/stream`);
    await vi.waitFor(() => expect(reader.events()).toEqual(["current_state"]));
    finish();
    await reader.closed;
    expect(reader.events()).toEqual(["current_state", "complete"]);
  });
});
