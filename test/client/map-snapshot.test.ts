import { describe, expect, it } from "vitest";
import { httpTransport } from "../../src/client/http-transport.js";
import { decodeMapped, type MapSnapshot, mapMessage } from "../../src/client/map-snapshot.js";

interface Job {
  readonly jobId?: string;
  readonly state: string;
  readonly progress: { readonly done: number; readonly of: number };
  readonly began: string;
}

const fromJob: MapSnapshot = (value) => {
  const job = value as Job;
  return {
    syncId: job.jobId,
    status: job.state,
    totalItems: job.progress.of,
    processedItems: job.progress.done,
    startedAt: job.began,
    capabilities: ["cancel"],
  };
};
const job: Job = { state: "syncing", progress: { done: 3, of: 9 }, began: "2026-01-01T00:00:00Z" };

describe("mapping a backend's own JSON", () => {
  it("gives a snapshot, with the sync's id if the JSON has none", () => {
    expect(decodeMapped(job, "sync-1", fromJob)).toMatchObject({
      ok: true,
      value: {
        syncId: "sync-1",
        status: "syncing",
        totalItems: 9,
        processedItems: 3,
        failedItems: 0,
        startedAt: Date.UTC(2026, 0, 1),
        capabilities: ["cancel"],
        phases: [],
      },
    });
  });

  it("has the limits of the wire: unknown words run, counts that are none are dropped, texts are cut", () => {
    const odd: MapSnapshot = () => ({ status: "busy", totalItems: -1, stage: "x".repeat(10_000) });
    const decoded = decodeMapped({}, "sync-1", odd);
    expect(decoded).toMatchObject({ ok: true, value: { status: "running", totalItems: null } });
    expect(decoded.ok && decoded.value.stage.length).toBe(500);
  });

  it("is a problem when it throws or returns nothing", () => {
    expect(decodeMapped(null, "sync-1", fromJob)).toMatchObject({ ok: false, problem: { kind: "wrong-type" } });
    expect(decodeMapped({}, "sync-1", () => null)).toEqual({
      ok: false,
      problem: { kind: "not-an-object", message: "mapSnapshot returned null for sync-1" },
    });
  });

  it("ignores messages about something else, and does not wait with the end", () => {
    const message = (given: Partial<Job>) => mapMessage(JSON.stringify({ ...job, ...given }), "sync-1", fromJob);
    expect(message({ jobId: "another" })).toBeNull();
    expect(mapMessage("{}", "sync-1", () => null)).toBeNull();
    expect(message({})?.isUrgent).toBe(false);
    expect(message({ state: "failed" })?.isUrgent).toBe(true);
    expect(message({ jobId: "sync-1" })?.decode()).toMatchObject({ ok: true });
    expect(mapMessage("{", "sync-1", fromJob)?.decode()).toMatchObject({ ok: false, problem: { kind: "not-json" } });
    expect(mapMessage("1", "sync-1", fromJob)?.decode()).toMatchObject({ ok: false, problem: { kind: "wrong-type" } });
  });
});

describe("the HTTP transport with a mapping", () => {
  const transport = (body: unknown) =>
    httpTransport({ fetch: async () => Response.json(body), mapSnapshot: fromJob, capabilities: ["pause"] });
  const { signal } = new AbortController();

  it("maps responses of the snapshot endpoint and of commands", async () => {
    expect(await transport(job).getSnapshot?.("sync-1", signal)).toMatchObject({ processedItems: 3 });
    expect(await transport(job).command?.("sync-1", "pause")).toMatchObject({ processedItems: 3 });
    expect(await transport({}).command?.("sync-1", "pause")).toBeNull();
    await expect(transport({}).getSnapshot?.("sync-1", signal)).rejects.toMatchObject({ kind: "invalid-response" });
    expect(transport(job).capabilities).toEqual(["pause"]);
  });

  it("maps events, and takes those about something else as a sign of life", () => {
    const listeners = new Map<string, (event: { data?: unknown }) => void>();
    const seen: string[] = [];
    const source = {
      readyState: 1,
      addEventListener: (type: string, listener: (event: { data?: unknown }) => void) => listeners.set(type, listener),
      close: () => seen.push("close"),
    };
    const close = httpTransport({ createEventSource: () => source, mapSnapshot: fromJob }).openStream?.("sync-1", {
      onOpen: () => seen.push("open"),
      onHeartbeat: () => seen.push("heartbeat"),
      onInterrupted: () => seen.push("interrupted"),
      onClosed: () => seen.push("closed"),
      onSnapshot: (message) => {
        const decoded = message.decode();
        seen.push(decoded.ok ? decoded.value.status : decoded.problem.kind);
      },
    });
    listeners.get("open")?.({});
    listeners.get("message")?.({ data: JSON.stringify(job) });
    listeners.get("message")?.({ data: JSON.stringify({ ...job, jobId: "another" }) });
    listeners.get("error")?.({});
    source.readyState = 2;
    listeners.get("error")?.({});
    close?.();
    expect(seen).toEqual(["open", "syncing", "heartbeat", "interrupted", "closed", "close"]);
  });
});
