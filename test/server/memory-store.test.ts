import { expect, it } from "vitest";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { anEnd, aRecord, describeSyncStore, endThreeSyncs } from "./store-contract.js";

describeSyncStore("memory", () => {
  const store = createMemoryStore();
  return { store, other: store, remove: () => {} };
});

const ada = { tenantId: "acme", userId: "ada" };
const eve = { tenantId: "acme", userId: "eve" };

it("keeps no more ended syncs of a person than it is told, drops the oldest first, and none of others", async () => {
  const store = createMemoryStore({ maxEnded: 2 });
  await store.create(aRecord({ syncId: "of-eve" }, { scope: eve }));
  await store.write(eve, anEnd("complete", { syncId: "of-eve" }));
  for (const syncId of ["a", "b", "c"]) {
    await store.create(aRecord({ syncId }));
    await store.write(ada, anEnd("complete", { syncId }));
  }
  const { records } = await store.list(ada, {}, { limit: 10 });
  expect(records.map(({ snapshot }) => snapshot.syncId)).toEqual(["c", "b"]);
  expect(await store.get(eve, "of-eve")).not.toBeNull();
});

it("keeps no more failed items than it is told: of a sync, and of all ended syncs of a person", async () => {
  const store = createMemoryStore({ maxFailures: 3, maxLogLines: 3 });
  await endThreeSyncs(store);
  expect(await store.get(ada, "x")).toBeNull();
  expect(await store.get(ada, "y")).not.toBeNull();
});
