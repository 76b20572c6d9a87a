import { describe, expect, it } from "vitest";
import { pollingTransport } from "../../src/client/polling-transport.js";
import { SyncRequestError } from "../../src/client/sync-request.js";
import { encodeSnapshot } from "../../src/protocol/snapshot.js";
import { aSnapshot } from "../support/a-snapshot.js";

const { signal } = new AbortController();
const snapshotOf = (status: unknown) =>
  pollingTransport({ getStatus: async () => status }).getSnapshot?.("sync-1", signal);

describe("polling a status endpoint", () => {
  it("takes a response or its JSON, bare or as in the wire contract", async () => {
    const wire = encodeSnapshot(aSnapshot({ processedItems: 7 }));
    for (const status of [wire, { success: true, progress: wire }, Response.json(wire)]) {
      expect(await snapshotOf(status)).toMatchObject({ syncId: "sync-1", processedItems: 7 });
    }
  });

  it("passes the id and the signal on, and maps what it gets", async () => {
    const transport = pollingTransport({
      getStatus: async (syncId, given) => ({ syncId, hasSignal: given === signal }),
      mapSnapshot: (value) => ({ status: "syncing", stage: JSON.stringify(value) }),
    });
    expect((await transport.getSnapshot?.("sync-1", signal))?.stage).toBe('{"syncId":"sync-1","hasSignal":true}');
  });

  it("understands the status of a response", async () => {
    const refused = Response.json({ error: "Later." }, { status: 429, headers: { "retry-after": "3" } });
    await expect(snapshotOf(refused)).rejects.toMatchObject({
      kind: "refused",
      status: 429,
      retryAfterMs: 3_000,
      safeMessage: "Later.",
    });
  });

  it("says what cannot be used", async () => {
    await expect(snapshotOf("text")).rejects.toMatchObject({
      kind: "invalid-response",
      message: "The status of sync-1 cannot be used: a snapshot must be a JSON object.",
    });
    await expect(snapshotOf(new Response("<html>"))).rejects.toMatchObject({ kind: "invalid-response" });
  });

  it("takes any other error as a server that cannot be reached, and a request's own as it is", async () => {
    const failing = (error: unknown) =>
      pollingTransport({ getStatus: () => Promise.reject(error) }).getSnapshot?.("sync-1", signal);
    await expect(failing(new Error("offline"))).rejects.toMatchObject({
      kind: "unreachable",
      message: "getStatus failed: offline.",
    });
    const own = new SyncRequestError("no", { status: 404 });
    await expect(failing(own)).rejects.toBe(own);
  });

  it("has an interval, and capabilities if they are given", () => {
    const getStatus = async () => ({});
    expect(pollingTransport({ getStatus })).toMatchObject({ pollIntervalMs: 2_000 });
    expect(pollingTransport({ getStatus })).not.toHaveProperty("capabilities");
    const given = pollingTransport({ getStatus, intervalMs: 500, capabilities: ["retry"] });
    expect(given).toMatchObject({ pollIntervalMs: 500, capabilities: ["retry"] });
    expect(() => pollingTransport({ getStatus, intervalMs: 0 })).toThrow("intervalMs must be a positive number");
    expect(() => Reflect.apply(pollingTransport, null, [{}])).toThrow("getStatus must be a function, got undefined");
  });
});
