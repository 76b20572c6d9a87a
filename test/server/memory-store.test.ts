import { expect, it } from "vitest";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { describeSyncStore } from "./store-contract.js";

describeSyncStore("memory", () => createMemoryStore());

const scope = { tenantId: "acme", userId: "ada" };

it("keeps no more ended syncs than it is told, and drops the oldest first", async () => {
  const store = createMemoryStore({ maxEnded: 2 });
  for (const syncId of ["a", "b", "c"]) {
    await store.create({ scope, snapshot: aSnapshot({ syncId, seq: 1 }) });
    await store.save(aSnapshot({ syncId, seq: 2, status: "complete", completedAt: 1 }));
  }
  const { records } = await store.list(scope, {}, { limit: 10 });
  expect(records.map(({ snapshot }) => snapshot.syncId)).toEqual(["c", "b"]);
});

it("keeps no more failed items of a sync than it is told", async () => {
  const store = createMemoryStore({ maxFailures: 3 });
  await store.create({ scope, snapshot: aSnapshot({ seq: 1 }) });
  for (let count = 0; count < 3; count += 1) {
    await store.addFailures("sync-1", [
      { item: "a", reason: "broken", at: 1 },
      { item: "b", reason: "broken", at: 1 },
    ]);
  }
  expect((await store.listFailures("sync-1", { limit: 10 })).failures.map(({ item }) => item)).toEqual(["a", "b", "a"]);
});
