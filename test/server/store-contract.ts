import { describe, expect, it } from "vitest";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import type { SyncStore } from "../../src/server/sync-store.js";
import { aSnapshot } from "../support/a-snapshot.js";

const ada = { tenantId: "acme", userId: "ada" };
const grace = { tenantId: "globex", userId: "grace" };

/** What every store must do; registered for each implementation. */
export function describeSyncStore(name: string, createStore: () => Promise<SyncStore> | SyncStore): void {
  describe(`the ${name} store`, () => {
    const record = (given: Partial<SyncSnapshot> = {}, scope = ada) => ({
      scope,
      snapshot: aSnapshot({ seq: 1, ...given }),
    });

    it("gives back what was created, and nothing for an unknown id", async () => {
      const store = await createStore();
      expect(await store.create(record())).toEqual({ isCreated: true });
      expect(await store.get("sync-1")).toEqual(record());
      expect(await store.get("sync-2")).toBeNull();
      expect(await store.get("__proto__")).toBeNull();
    });

    it("creates one running sync for a scope and type, also when asked many times at once", async () => {
      const store = await createStore();
      const asked = ["a", "b", "c", "d"].map((syncId) => store.create(record({ syncId })));
      const results = await Promise.all(asked);
      expect(results.filter((result) => result.isCreated)).toHaveLength(1);
      const refused = results.flatMap((result) => (result.isCreated ? [] : [result.runningSyncId]));
      expect(new Set(refused)).toEqual(new Set(["a"]));
    });

    it("creates syncs side by side for other types, users and tenants, and after the last one has ended", async () => {
      const store = await createStore();
      await store.create(record({ syncId: "a" }));
      expect(await store.create(record({ syncId: "b", connectorType: "slack" }))).toEqual({ isCreated: true });
      expect(await store.create(record({ syncId: "c" }, { ...ada, userId: "eve" }))).toEqual({ isCreated: true });
      expect(await store.create(record({ syncId: "d" }, { ...ada, tenantId: "globex" }))).toEqual({ isCreated: true });
      await store.save(aSnapshot({ syncId: "a", seq: 2, status: "complete", completedAt: 5 }));
      expect(await store.create(record({ syncId: "e" }))).toEqual({ isCreated: true });
    });

    it("takes a newer snapshot and refuses an older, an equal and an unknown one", async () => {
      const store = await createStore();
      await store.create(record({ seq: 5 }));
      expect(await store.save(aSnapshot({ seq: 6, processedItems: 1 }))).toBe(true);
      expect(await store.save(aSnapshot({ seq: 6, processedItems: 9 }))).toBe(false);
      expect(await store.save(aSnapshot({ seq: 5, processedItems: 9 }))).toBe(false);
      expect(await store.save(aSnapshot({ syncId: "sync-2", seq: 9 }))).toBe(false);
      expect((await store.get("sync-1"))?.snapshot.processedItems).toBe(1);
    });

    it.each(["complete", "error", "cancelled"] as const)("takes nothing after %s", async (status) => {
      const store = await createStore();
      await store.create(record());
      await store.save(aSnapshot({ seq: 2, status, completedAt: 5 }));
      expect(await store.save(aSnapshot({ seq: 3 }))).toBe(false);
      expect((await store.get("sync-1"))?.snapshot.status).toBe(status);
    });

    it("tells every subscriber of the sync each saved snapshot, until it unsubscribes", async () => {
      const store = await createStore();
      await store.create(record());
      await store.create(record({ syncId: "other", connectorType: "slack" }));
      const first: number[] = [];
      const second: number[] = [];
      const unsubscribe = store.subscribe("sync-1", ({ processedItems }) => first.push(processedItems));
      store.subscribe("sync-1", ({ processedItems }) => second.push(processedItems));
      await store.save(aSnapshot({ seq: 2, processedItems: 1 }));
      await store.save(aSnapshot({ syncId: "other", seq: 2, processedItems: 77 }));
      await store.save(aSnapshot({ seq: 2, processedItems: 88 }));
      unsubscribe();
      await store.save(aSnapshot({ seq: 3, processedItems: 2 }));
      expect(first).toEqual([1]);
      expect(second).toEqual([1, 2]);
    });

    it("lists the syncs of one scope, newest first, page by page, without a gap when one is added meanwhile", async () => {
      const store = await createStore();
      for (const syncId of ["a", "b", "c", "d"]) await store.create(record({ syncId, connectorType: syncId }));
      await store.create(record({ syncId: "foreign" }, grace));
      const first = await store.list(ada, {}, { limit: 2 });
      expect(first.records.map(({ snapshot }) => snapshot.syncId)).toEqual(["d", "c"]);
      await store.create(record({ syncId: "e", connectorType: "e" }));
      const second = await store.list(ada, {}, { limit: 2, cursor: first.nextCursor ?? "" });
      expect(second.records.map(({ snapshot }) => snapshot.syncId)).toEqual(["b", "a"]);
      expect(second.nextCursor).toBeNull();
    });

    it("filters by type, status and whether they run", async () => {
      const store = await createStore();
      await store.create(record({ syncId: "a" }));
      await store.save(aSnapshot({ syncId: "a", seq: 2, status: "complete", completedAt: 5 }));
      await store.create(record({ syncId: "b" }));
      await store.create(record({ syncId: "c", connectorType: "slack" }));
      const ids = async (filter: Parameters<SyncStore["list"]>[1]) =>
        (await store.list(ada, filter, { limit: 10 })).records.map(({ snapshot }) => snapshot.syncId);
      expect(await ids({ active: true })).toEqual(["c", "b"]);
      expect(await ids({ connectorType: "gmail" })).toEqual(["b", "a"]);
      expect(await ids({ connectorType: "gmail", status: "complete" })).toEqual(["a"]);
    });

    it("refuses a cursor it did not make", async () => {
      const store = await createStore();
      await expect(store.list(ada, {}, { limit: 1, cursor: "'; --" })).rejects.toThrow(
        "cursor must be the next_cursor",
      );
      await expect(store.listFailures("sync-1", { limit: 1, cursor: "-1" })).rejects.toThrow("cursor must be");
    });

    it("keeps failed items in their order, page by page", async () => {
      const store = await createStore();
      await store.create(record());
      const failures = ["a", "b", "c"].map((item, at) => ({ item, reason: "broken", at }));
      await store.addFailures("sync-1", failures.slice(0, 2));
      await store.addFailures("sync-1", failures.slice(2));
      const first = await store.listFailures("sync-1", { limit: 2 });
      expect(first.failures).toEqual(failures.slice(0, 2));
      const second = await store.listFailures("sync-1", { limit: 2, cursor: first.nextCursor ?? "" });
      expect(second).toEqual({ failures: failures.slice(2), nextCursor: null });
    });

    it("finds what is left running, whosever it is", async () => {
      const store = await createStore();
      await store.create(record({ syncId: "a" }));
      await store.save(aSnapshot({ syncId: "a", seq: 2, status: "error", completedAt: 5 }));
      await store.create(record({ syncId: "b" }));
      await store.create(record({ syncId: "c" }, grace));
      expect((await store.listRunning()).map(({ snapshot }) => snapshot.syncId).sort()).toEqual(["b", "c"]);
    });

    it("forgets what ended long ago, with its failed items, and nothing that runs", async () => {
      const store = await createStore();
      await store.create(record({ syncId: "old" }));
      await store.addFailures("old", [{ item: "a", reason: "broken", at: 1 }]);
      await store.save(aSnapshot({ syncId: "old", seq: 2, status: "complete", completedAt: 100 }));
      await store.create(record({ syncId: "running", startedAt: 1 }));
      expect(await store.deleteEndedBefore(100)).toBe(0);
      expect(await store.deleteEndedBefore(101)).toBe(1);
      expect(await store.get("old")).toBeNull();
      expect((await store.listFailures("old", { limit: 5 })).failures).toEqual([]);
      expect(await store.get("running")).not.toBeNull();
    });
  });
}
