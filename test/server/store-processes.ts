import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { SyncStore } from "../../src/server/sync-store.js";
import { eventually } from "../support/eventually.js";
import { ada, followIn } from "./a-job.js";
import { openStore, type StoreAddress } from "./processes/open-store.js";
import { type SyncProcess, startProcess } from "./processes/start-process.js";
import type { Report } from "./processes/sync-process.js";

/** How often a process is killed at a random moment; more in `npm run test:kill`. */
const KILLS = Number(process.env["STORE_KILLS"] ?? 10);

/** An engine with no data in it. */
export interface FreshEngine {
  readonly address: StoreAddress;
  /** Throws if what the engine keeps is damaged. */
  check?(): void;
  remove(): Promise<void>;
}

const acknowledgedIn = (reports: readonly Report[]) => reports.filter((report) => report.is === "acknowledged");

/** A sync with its failed items as of one moment: an engine may still be at work for a process that was killed. */
async function readWhole(store: SyncStore, syncId: string) {
  for (;;) {
    const record = await store.get(ada, syncId);
    const { failures } = await store.listFailures(ada, syncId, { limit: 100_000 });
    const after = await store.get(ada, syncId);
    if (after?.snapshot.seq === record?.snapshot.seq) return { record, failures };
  }
}

/** What several processes must be able to do with one store; registered for each engine. */
export function describeStoreProcesses(name: string, createEngine: () => Promise<FreshEngine>): void {
  let engine: FreshEngine;
  const processes: SyncProcess[] = [];
  const stores: SyncStore[] = [];

  // Processes are slow to start on a machine that has much else to do.
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
  beforeEach(async () => {
    engine = await createEngine();
  });
  afterEach(async () => {
    for (const one of processes.splice(0)) await one.kill();
    for (const store of stores.splice(0)) await store.close();
    await engine.remove();
  });

  async function aProcess(): Promise<SyncProcess> {
    const started = await startProcess(engine.address);
    processes.push(started);
    return started;
  }

  async function aStore(): Promise<SyncStore> {
    const store = await openStore(engine.address);
    stores.push(store);
    return store;
  }

  describe(`several processes on ${name}`, () => {
    it("start one of 50 syncs of a type that are started at once, and name it to the others", async () => {
      const all = await Promise.all([aProcess(), aProcess(), aProcess(), aProcess(), aProcess()]);
      for (const one of all) one.order({ do: "start-many", type: "gmail", count: 10 });
      const results = await Promise.all(all.map((one) => one.next("many")));
      expect(results.reduce((sum, { started }) => sum + started, 0)).toBe(1);
      const named = new Set(results.flatMap(({ refused }) => refused));
      const { records } = await (await aStore()).list(ada, {}, { limit: 100 });
      expect([...named]).toEqual(records.map(({ snapshot }) => snapshot.syncId));
    });

    it("see each other's progress in its order, and cancel each other's syncs", async () => {
      const [a, b] = await Promise.all([aProcess(), aProcess()]);
      const service = createSyncService({ store: await aStore() });
      a.order({ do: "run", type: "gmail", items: 100_000 });
      const { syncId } = await a.next("started");
      const seen = await followIn(service, syncId);
      await eventually(() => expect(seen.length).toBeGreaterThan(5));
      b.order({ do: "cancel", syncId });
      expect(await b.next("cancelled")).toEqual({ is: "cancelled", isDone: true });
      expect(await a.next("settled")).toMatchObject({ syncId, status: "cancelled" });
      await eventually(() => expect(seen.at(-1)?.status).toBe("cancelled"));
      const seqs = seen.map(({ seq }) => seq ?? 0);
      expect(seqs).toEqual([...new Set(seqs)].sort((x, y) => x - y));
      await service.close();
    });

    it("take over what a killed one has left, once, and a new sync continues with nothing counted twice", async () => {
      const [a, b, c] = await Promise.all([aProcess(), aProcess(), aProcess()]);
      a.order({ do: "run", type: "gmail", items: 500 });
      const { syncId } = await a.next("started");
      const store = await aStore();
      await eventually(async () => expect((await store.get(ada, syncId))?.snapshot.processedItems).toBeGreaterThan(20));
      await a.kill();
      for (const one of [b, c]) one.order({ do: "recover" });
      await eventually(async () => expect((await store.get(ada, syncId))?.snapshot.errorCode).toBe("interrupted"));
      await eventually(() => {
        const settled = [...b.reports, ...c.reports].filter((report) => report.is === "settled");
        expect(settled).toEqual([{ is: "settled", syncId, status: "error" }]);
      });

      const service = createSyncService({ store });
      const begins: unknown[] = [];
      const { settled } = await service.run(
        ada,
        async (run) => {
          begins.push(run.resumedFrom);
          for (let index = Number(run.resumedFrom); index < 500; index += 1) run.advance();
        },
        { connectorType: "gmail", resume: syncId },
      );
      expect(await settled).toMatchObject({ status: "complete", processedItems: 500, totalItems: 500, failedItems: 0 });
      expect(begins[0]).toBeGreaterThan(10);
      await service.close();
    });
  });

  describe(`a process that is killed while it writes to ${name}`, () => {
    it(`tears nothing and loses nothing that was acknowledged, ${KILLS} times`, {
      timeout: 20_000 + KILLS * 8_000,
    }, async () => {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const writer = await aProcess();
        writer.order({ do: "write-forever", type: `type-${kill}` });
        const { syncId } = await writer.next("started");
        await writer.next("acknowledged");
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 200));
        await writer.kill();
        const last = acknowledgedIn(writer.reports).at(-1);
        if (last === undefined) throw new Error("nothing was acknowledged");

        engine.check?.();
        const store = await aStore();
        const { record, failures } = await readWhole(store, syncId);
        const processedItems = record?.snapshot.processedItems ?? 0;
        expect(processedItems).toBeGreaterThanOrEqual(last.processedItems);
        expect(record?.snapshot.seq).toBeGreaterThanOrEqual(last.seq);
        // No write is torn: count, list and checkpoint are of one moment.
        expect(failures.map(({ item }) => item)).toEqual(
          Array.from({ length: Math.min(processedItems, 10_000) }, (_, index) => `item ${index + 1}`),
        );
        expect(record?.checkpoint).toBe(`${processedItems}`);
      }
    });
  });
}
