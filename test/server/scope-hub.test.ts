import { describe, expect, it, vi } from "vitest";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { ScopeHub } from "../../src/server/scope-hub.js";
import { StoreCalls } from "../../src/server/store-calls.js";
import { ada } from "./a-job.js";
import { aRecord, aWrite } from "./store-contract.js";

describe("the followers of a scope", () => {
  it("are notified of what they follow only, so that a change costs the same however many syncs there are", async () => {
    const store = createMemoryStore();
    const hub = new ScopeHub(store, new StoreCalls({ timeoutMs: 1_000, onError: () => {} }), () => {});
    const change = vi.fn();
    const ids = Array.from({ length: 1_000 }, (_, index) => `sync-${index}`);
    for (const syncId of ids) {
      await store.create(aRecord({ syncId, connectorType: syncId }));
      await hub.join(ada, { syncId }, { change: () => change(syncId), gap: () => {} });
    }
    const leaveAll = await hub.join(ada, "all", { change: () => change("all"), gap: () => {} });
    await store.write(ada, aWrite({ syncId: "sync-7" }));
    await store.command(ada, "sync-8", "pause");
    expect(change.mock.calls.flat()).toEqual(["sync-7", "all", "sync-8", "all"]);
    leaveAll();
    leaveAll();
    await store.write(ada, aWrite({ syncId: "sync-7" }));
    expect(change.mock.calls.flat().slice(4)).toEqual(["sync-7"]);
  });

  it("share one watch of the store, which ends with the last of them", async () => {
    const store = createMemoryStore();
    const unwatch = vi.fn();
    const watch = vi.spyOn(store, "watch").mockResolvedValue(unwatch);
    const hub = new ScopeHub(store, new StoreCalls({ timeoutMs: 1_000, onError: () => {} }), () => {});
    const member = { change: () => {}, gap: () => {} };
    const leaves = [
      await hub.join(ada, { syncId: "a" }, member),
      await hub.join(ada, { syncId: "b" }, member),
      await hub.join(ada, "all", member),
    ];
    expect(watch).toHaveBeenCalledOnce();
    for (const leave of leaves) {
      expect(unwatch).not.toHaveBeenCalled();
      leave();
    }
    await vi.waitFor(() => expect(unwatch).toHaveBeenCalledOnce());
  });
});
