import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { observeStore } from "../../src/server/observed-store.js";
import { Observers, type SyncObserver } from "../../src/server/observers.js";
import type { ServiceEvent } from "../../src/server/service-event.js";
import { SyncJobError } from "../../src/server/sync-job-error.js";
import type { SyncServiceOptions } from "../../src/server/sync-service.js";
import { ada, aJob, settle, startIn } from "./a-job.js";
import { createFaultyStore, type Fault } from "./faulty-store.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A service whose events are kept. */
function anObservedService(options: SyncServiceOptions = {}) {
  const events: ServiceEvent[] = [];
  const service = createSyncService({ ...options, observers: [{ onEvent: (event) => events.push(event) }] });
  const of = <Name extends ServiceEvent["event"]>(name: Name) =>
    events.filter((event): event is Extract<ServiceEvent, { event: Name }> => event.event === name);
  const ofSyncs = () => events.filter(({ event }) => event !== "store-call");
  return { service, events, of, ofSyncs };
}

describe("the events of a sync", () => {
  it("say that it was run, how it has ended, and how long it took", async () => {
    const { service, ofSyncs } = anObservedService();
    const { syncId, run, finish } = await startIn(service);
    run.advance({ count: 3 });
    run.fail({ item: "a", reason: "b" });
    await vi.advanceTimersByTimeAsync(1_500);
    finish();
    await settle();
    const sync = { syncId, connectorType: "gmail" };
    expect(ofSyncs()).toEqual([
      { level: "info", event: "run-started", ...sync },
      {
        level: "info",
        event: "sync-ended",
        ...sync,
        result: "partly_failed",
        errorCode: null,
        durationMs: 1_500,
        processedItems: 3,
        failedItems: 1,
      },
      { level: "debug", event: "run-ended", ...sync, result: "partly_failed", errorCode: null, durationMs: 1_500 },
    ]);
  });

  it("warn of a failure, with its code and never with its message", async () => {
    const { service, events, of } = anObservedService();
    const { crash } = await startIn(service);
    crash(new SyncJobError("ada@example.com has no quota left", { code: "quota" }));
    await settle();
    expect(of("sync-ended")).toMatchObject([{ level: "warn", result: "failed", errorCode: "quota" }]);
    expect(JSON.stringify(events)).not.toContain("ada@example.com");
  });

  it("warn when another process has taken it over, and when that ends it", async () => {
    const memory = createMemoryStore();
    let isCut = false;
    const store = createFaultyStore(memory, () => (isCut ? "hang" : "none"));
    const first = anObservedService({ store });
    const second = anObservedService({ store: memory });
    await second.service.recover();
    const { syncId } = await startIn(first.service);
    isCut = true;
    await vi.advanceTimersByTimeAsync(20_000);
    isCut = false;
    await vi.advanceTimersByTimeAsync(5_000);
    const sync = { syncId, connectorType: "gmail" };
    expect(second.of("sync-taken-over")).toEqual([{ level: "warn", event: "sync-taken-over", ...sync }]);
    expect(second.of("sync-ended")).toMatchObject([{ level: "warn", result: "failed", errorCode: "interrupted" }]);
    expect(first.of("sync-ended")).toEqual([]);
    expect(first.of("run-ended")).toMatchObject([{ ...sync, result: "failed", errorCode: "interrupted" }]);
    await first.service.close();
    await second.service.close();
  });

  it("warn of a lease that was lost to a later attempt", async () => {
    const store = createMemoryStore();
    const { service, of } = anObservedService({ store });
    const { syncId, run } = await startIn(service);
    await store.claim(ada, syncId, { ownerId: "another", fence: 7 });
    run.update({ stage: "Fetching..." });
    await settle();
    expect(of("lease-lost")).toEqual([{ level: "warn", event: "lease-lost", syncId, connectorType: "gmail" }]);
  });

  it("hold nothing of a person", async () => {
    const { service, events } = anObservedService();
    const scope = { tenantId: "tenant-secret", userId: "user-secret" };
    const { job, started, finish } = aJob();
    await service.run(scope, job, { connectorType: "gmail", startedBy: "name-secret", input: "input-secret" });
    const run = await started;
    run.update({ status: "syncing", stage: "stage-secret", currentItem: "item-secret" });
    run.fail({ item: "item-secret", reason: "reason-secret" });
    run.log("log-secret");
    await run.checkpoint("checkpoint-secret");
    finish();
    await settle();
    expect(events.length).toBeGreaterThan(3);
    expect(JSON.stringify(events)).not.toContain("secret");
  });
});

describe("the events of the store", () => {
  it.each<[Fault, string]>([
    ["fail", "Error"],
    ["hang", "StoreTimeoutError"],
    [{ lateMs: 9_000 }, "StoreTimeoutError"],
  ])("say once what each call took and which error it had: %j", async (fault, errorType) => {
    let isBroken = false;
    const store = createFaultyStore(createMemoryStore(), () => (isBroken ? fault : "none"));
    const { service, of } = anObservedService({ store });
    await service.get(ada, "x");
    isBroken = true;
    const failed = expect(service.get(ada, "x")).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(20_000);
    await failed;
    const durationMs = errorType === "Error" ? 0 : 5_000;
    expect(of("store-call")).toEqual([
      { level: "debug", event: "store-call", operation: "get", durationMs: 0, errorType: null },
      { level: "warn", event: "store-call", operation: "get", durationMs, errorType },
    ]);
  });

  it("cost nothing if nobody observes", () => {
    const store = createMemoryStore();
    expect(observeStore(store, new Observers([], () => {}))).toBe(store);
  });
});

describe("the events of the service", () => {
  it("say that it drains, and that it was closed", async () => {
    const { service, of } = anObservedService();
    const { finish } = await startIn(service);
    const drained = service.drain();
    expect(of("state-changed")).toMatchObject([{ state: "draining" }]);
    finish();
    await drained;
    expect(of("state-changed")).toMatchObject([{ state: "draining" }, { state: "closed" }]);
  });
});

describe("an observer", () => {
  it("that throws goes to onError, and changes nothing for the syncs and the other observers", async () => {
    const onError = vi.fn();
    const second = vi.fn();
    const throwing: SyncObserver = {
      onEvent: () => {
        throw new Error("broken");
      },
    };
    const service = createSyncService({ observers: [throwing, { onEvent: second }], onError });
    const { finish, settled } = await startIn(service);
    finish();
    expect((await settled).status).toBe("complete");
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "broken" }), null);
    expect(second.mock.calls.map(([event]) => event.event)).toContain("sync-ended");
  });

  it("runs the job in a context of its own, and the others within it", async () => {
    const storage = new AsyncLocalStorage<string>();
    const inContext = (name: string): SyncObserver => ({
      runJob: ({ connectorType }, job) => storage.run(`${storage.getStore() ?? ""}${name}:${connectorType} `, job),
    });
    const service = createSyncService({ observers: [inContext("a"), {}, inContext("b")] });
    const seen: unknown[] = [];
    const { settled } = await service.run(
      ada,
      async (run) => {
        await run.checkpoint();
        seen.push(storage.getStore());
      },
      { connectorType: "gmail" },
    );
    await settled;
    expect(seen).toEqual(["a:gmail b:gmail "]);
  });

  it("runs the job once, whatever the context makes of it", async () => {
    const onError = vi.fn();
    const contexts: SyncObserver[] = [
      {
        runJob: () => {
          throw new Error("no context");
        },
      },
      { runJob: async () => {} },
      { runJob: async (_, job) => void (await Promise.allSettled([job(), job()])) },
    ];
    for (const context of contexts) {
      const service = createSyncService({ observers: [context], onError });
      const job = vi.fn(() => {
        throw new SyncJobError("The mailbox is full.");
      });
      const { settled } = await service.run(ada, job);
      expect(await settled).toMatchObject({ status: "error", errorMessage: "The mailbox is full." });
      expect(job).toHaveBeenCalledTimes(1);
    }
    expect(onError).toHaveBeenCalledWith(new Error("no context"), null);
  });
});
