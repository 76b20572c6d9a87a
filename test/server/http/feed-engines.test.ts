import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import { eventually } from "../../support/eventually.js";
import { FeedModel } from "../../support/feed-model.js";
import { readStream } from "../../support/read-stream.js";
import { startSyncServer } from "../../support/sync-server.js";
import { describeEngines, type EmptyEngine } from "../engines/describe-engines.js";
import { openStore } from "../processes/open-store.js";
import { startProcess } from "../processes/start-process.js";

describeEngines("the feed", (createEngine) => {
  let engine: EmptyEngine;
  const cleanups: (() => unknown)[] = [];

  // Processes are slow to start on a machine that has much else to do.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
  beforeEach(async () => {
    engine = await createEngine();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    await engine.remove();
  });

  /** A process of its own that runs syncs. */
  async function aWorker() {
    const worker = await startProcess(engine.address);
    cleanups.push(() => worker.kill());
    return worker;
  }

  /** A server that runs none of them. */
  async function aServer() {
    const store = await openStore(engine.address);
    const service = createSyncService({ store });
    cleanups.push(async () => {
      await service.close();
      await store.close();
    });
    const server = await startSyncServer({ service, limits: { resumeMs: 60_000 } });
    /** Opens the feed, and resolves when it has sent the state. */
    const read = async (model = new FeedModel()) => {
      const before = model.ready.length;
      const url = `${server.url}/api/sync-progress/stream`;
      const reader = await readStream(url, model.connect(), (text) => model.feed(text));
      cleanups.push(() => reader.leave());
      await eventually(() => expect(model.ready).toHaveLength(before + 1));
      return { model, ...reader };
    };
    return { ...server, store, read };
  }

  it("shows what is started, changes, ends and is deleted in another process", async () => {
    const [worker, { store, read }] = await Promise.all([aWorker(), aServer()]);
    const { model } = await read();
    worker.order({ do: "run", type: "gmail", items: 20 });
    const { syncId } = await worker.next("started");
    await eventually(() => expect(model.syncs.get(syncId)).toMatchObject({ status: "syncing", total_items: 20 }));
    await eventually(() => expect(model.syncs.get(syncId)).toMatchObject({ status: "complete", processed_items: 20 }));
    expect(model.events.filter((event) => event === `complete ${syncId}`)).toHaveLength(1);
    await store.deleteEndedBefore(Date.now() + 60_000, 10);
    await eventually(() => expect(model.events.at(-1)).toBe(`removed ${syncId}`));
    expect(model.syncs.size).toBe(0);
  });

  it("sends a reader who comes back what has changed since, and everything if that was another process", async () => {
    const [worker, here, there] = await Promise.all([aWorker(), aServer(), aServer()]);
    for (const type of ["gone", "ends"]) worker.order({ do: "run", type, items: type === "gone" ? 1 : 100_000 });
    const model = new FeedModel();
    const reader = await here.read(model);
    const idOf = (type: string) =>
      [...model.syncs.values()].find((sync) => sync.connector_type === type)?.sync_id ?? "";
    await eventually(() => expect(model.syncs.get(idOf("gone"))).toMatchObject({ status: "complete" }));
    await eventually(() => expect(model.syncs.get(idOf("ends"))).toMatchObject({ status: "syncing" }));
    const [gone, ends] = [idOf("gone"), idOf("ends")];
    reader.leave();

    await here.store.deleteEndedBefore(Date.now() + 60_000, 10);
    worker.order({ do: "cancel", syncId: ends });
    await worker.next("cancelled");
    worker.order({ do: "start-many", type: "late", count: 1 });
    await worker.next("many");
    // Until the server itself has got it: what it has not is sent later.
    const watching = await here.read();
    await eventually(() => expect(watching.model.syncs.get(ends)).toMatchObject({ status: "cancelled" }));
    await eventually(() => expect(watching.model.syncs.size).toBe(2));
    const before = model.events.length;
    await here.read(model);
    const late = idOf("late");
    expect(model.events.slice(before).sort()).toEqual(
      [`removed ${gone}`, `current_state ${ends}`, `current_state ${late}`, "ready"].sort(),
    );
    expect(model.ready.at(-1)).toMatchObject({ isReset: false });

    const beforeOther = model.events.length;
    await there.read(model);
    expect(model.events.slice(beforeOther).sort()).toEqual(
      [`current_state ${ends}`, `current_state ${late}`, "ready"].sort(),
    );
    expect(model.ready.at(-1)).toMatchObject({ isReset: true });
    expect([...model.syncs.keys()].sort()).toEqual([ends, late].sort());
    expect(new Set(model.ready.map(({ viewer }) => viewer)).size).toBe(1);
  });
});
