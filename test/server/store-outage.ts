import { setTimeout as wait } from "node:timers/promises";
import { EventSource } from "eventsource";
import { SyncClient } from "react-sync-progress/headless";
import { afterEach, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import type { SyncService } from "../../src/server/sync-service.js";
import { eventually } from "../support/eventually.js";
import { readStream } from "../support/read-stream.js";
import { startSyncServer } from "../support/sync-server.js";
import { ada } from "./a-job.js";
import { openStore, type StoreAddress } from "./processes/open-store.js";

/** An engine that can be killed and started again. */
export interface KillableEngine {
  readonly address: StoreAddress;
  kill(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** How long the engine is away; longer than it takes to call an owner gone. */
const OUTAGE_MS = 10_000;
const LEASE_MS = 2_000;
const ITEMS = 100;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function aServer(address: StoreAddress) {
  const store = await openStore(address);
  const onSettled = vi.fn();
  const service = createSyncService({ store, leaseMs: LEASE_MS, storeTimeoutMs: 1_000, throttleMs: 20, onSettled });
  await service.recover();
  const http = await startSyncServer({ service });
  closing.push(async () => {
    await service.close({ graceMs: 100 });
    await store.close();
  });
  return { service, store, onSettled, http };
}

/** A sync that does as the test says. */
async function start(service: SyncService, connectorType: string) {
  const begun = Promise.withResolvers<SyncRun>();
  const work = Promise.withResolvers<void>();
  const { syncId, settled } = await service.run(
    ada,
    (run) => {
      run.update({ status: "syncing", totalItems: ITEMS });
      begun.resolve(run);
      return work.promise;
    },
    { connectorType },
  );
  return { syncId, settled, run: await begun.promise, finish: work.resolve };
}

/** A person who follows a sync with the real client. */
async function follow(url: string, syncId: string) {
  const asAda = (input: string | URL | Request, init: RequestInit = {}) =>
    fetch(input, { ...init, headers: { ...init.headers, "x-user": "acme/ada" } });
  const client = new SyncClient({
    baseUrl: `${url}/api`,
    fetch: asAda,
    createEventSource: (address) => new EventSource(address, { fetch: asAda }),
  });
  closing.push(async () => client.close());
  client.subscribe(syncId, () => {});
  return { view: () => client.getView(syncId) };
}

/** What must not happen while the engine of a store is away; registered for each engine. */
export function describeStoreOutage(name: string, createEngine: () => Promise<KillableEngine>): void {
  vi.setConfig({ testTimeout: 90_000 });

  it(`${name} that is killed and comes back after 10 s ends no sync and no stream`, async () => {
    const engine = await createEngine();
    closing.push(() => engine.remove());
    const [a, b] = [await aServer(engine.address), await aServer(engine.address)];
    const [busy, silent] = [await start(a.service, "busy"), await start(a.service, "silent")];
    const streams = await Promise.all(
      [busy, silent].map(({ syncId }) => readStream(`${b.http.url}/api/sync-progress/${syncId}/stream`)),
    );
    const client = await follow(b.http.url, busy.syncId);
    silent.run.advance({ count: 7 });
    busy.run.advance({ count: 10 });
    await eventually(() => expect(streams[0]?.text()).toContain('"processed_items":10'));
    await eventually(() => expect(streams[1]?.text()).toContain('"processed_items":7'));

    await eventually(() => expect(client.view()?.connection).toBe("live"));
    await engine.kill();
    for (let item = 0; item < 50; item += 1) {
      busy.run.advance();
      busy.run.fail({ item: `item ${item}`, reason: "broken" });
      await wait(OUTAGE_MS / 50);
    }
    // What a person sees meanwhile is not called the present.
    expect(client.view()).toMatchObject({ connection: "reconnecting", error: null, isRunning: true });
    expect(streams[1]?.text()).toContain('"stale":true');
    await engine.start();

    // The newest state arrives, of the sync that reports nothing as well.
    await eventually(() => expect(streams[0]?.text()).toContain('"processed_items":60'));
    for (const { syncId } of [busy, silent]) {
      await eventually(async () => expect((await b.service.get(ada, syncId))?.snapshot.status).toBe("syncing"));
    }
    await eventually(() => expect(client.view()).toMatchObject({ connection: "live", disconnectedAt: null }));
    // Nobody is taken for gone in the time that it takes to find that out.
    await wait(3 * LEASE_MS);
    expect([busy.run.signal.aborted, silent.run.signal.aborted]).toEqual([false, false]);
    busy.finish();
    silent.finish();
    expect(await busy.settled).toMatchObject({ status: "complete", failedItems: 50 });
    expect(await silent.settled).toMatchObject({ status: "complete", processedItems: 7 });
    await Promise.all(streams.map((stream) => stream.closed));
    for (const stream of streams) {
      expect(stream.events().filter((event) => event !== "progress" && event !== "current_state")).toEqual([
        "complete",
      ]);
      const seqs = [...stream.text().matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq));
      expect(seqs).toEqual([...new Set(seqs)].sort((x, y) => x - y));
    }
    expect((await b.service.listFailures(ada, busy.syncId, { limit: 100 }))?.failures).toHaveLength(50);
    expect([a.onSettled.mock.calls.length, b.onSettled.mock.calls.length]).toEqual([2, 0]);
  });
}
