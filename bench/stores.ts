import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createMemoryStore, type SyncSnapshot, type SyncStore } from "react-sync-progress/server";
import { startPostgres } from "../test/server/engines/postgres-server.js";
import { startRedis } from "../test/server/engines/redis-server.js";
import { engineOf, openStore, type StoreAddress } from "../test/server/processes/open-store.js";

/**
 * How fast each store is: 200 syncs that change 10 times a second each, written and watched by three processes (memory: one).
 * Prints changes a second, and how long a change takes from the call of `write` to a watcher, in the process that has
 * written it and in the others; and how many changes one process can write in sequence of 50 syncs, as fast as it can.
 * `npm run bench:stores [memory sqlite redis postgres]`.
 */

const PROCESSES = 3;
const SYNCS = 200;
const CHANGES_PER_SECOND = 10;
const SECONDS = 10;
const FLOOD_SYNCS = 50;
const FLOOD_SECONDS = 3;

interface Report {
  readonly changes: number;
  readonly near: readonly number[];
  readonly far: readonly number[];
  readonly flood: number;
}

const now = () => performance.timeOrigin + performance.now();
const scopeOf = (sync: number) => ({ tenantId: "bench", userId: `user-${sync}` });

function snapshotOf(syncId: string, given: Partial<SyncSnapshot>): SyncSnapshot {
  return {
    syncId,
    connectorType: "gmail",
    status: "syncing",
    stage: "Fetching emails...",
    phase: null,
    phases: [],
    totalItems: 1_000_000,
    processedItems: 0,
    failedItems: 0,
    currentItem: "Quarterly report, second draft.pdf",
    errorMessage: null,
    errorCode: null,
    percentComplete: 12.5,
    capabilities: ["cancel", "pause", "failures"],
    notifyEmail: null,
    startedBy: null,
    seq: null,
    startedAt: Date.now(),
    updatedAt: Date.now(),
    completedAt: null,
    ...given,
  };
}

async function createSync(store: SyncStore, sync: number, prefix = "sync"): Promise<(stage: string) => Promise<void>> {
  const scope = scopeOf(sync);
  const syncId = `${prefix}-${sync}`;
  const claim = { ownerId: "bench", fence: 1 };
  const snapshot = snapshotOf(syncId, { connectorType: prefix });
  await store.create({ scope, snapshot, claim, checkpoint: null, input: null });
  let order = 0;
  return async (stage) => {
    order += 1;
    const next = { ...snapshot, stage, processedItems: order };
    const result = await store.write(scope, { writeId: `${prefix}-${sync}-${order}`, order, snapshot: next, fence: 1 });
    if (result.is !== "written") throw new Error(`The write was ${result.is}.`);
  };
}

/** Writes the syncs of one process, and watches those of all. */
async function work(store: SyncStore, index: number, processes: number): Promise<Report> {
  const near: number[] = [];
  const far: number[] = [];
  let changes = 0;
  for (let sync = 0; sync < SYNCS; sync += 1) {
    const isOwn = sync % processes === index;
    await store.watch(scopeOf(sync), {
      change(change) {
        const writtenAt = change.type === "snapshot" ? Number(change.snapshot.stage) : Number.NaN;
        if (!Number.isNaN(writtenAt)) (isOwn ? near : far).push(now() - writtenAt);
      },
      gap: () => {},
    });
  }
  const own = Array.from({ length: SYNCS }, (_, sync) => sync).filter((sync) => sync % processes === index);
  const writers = await Promise.all(own.map((sync) => createSync(store, sync)));
  // Until all processes watch.
  await wait(2_000);
  const end = now() + SECONDS * 1_000;
  await Promise.all(
    writers.map(async (write, position) => {
      let next = now() + (position * 1_000) / CHANGES_PER_SECOND / writers.length;
      while (next < end) {
        await wait(Math.max(0, next - now()));
        await write(String(now()));
        changes += 1;
        next += 1_000 / CHANGES_PER_SECOND;
      }
    }),
  );
  await wait(1_000);
  let flood = 0;
  if (index === 0) {
    const flooders = await Promise.all(
      Array.from({ length: FLOOD_SYNCS }, (_, sync) => createSync(store, SYNCS + sync, "flood")),
    );
    const last = now() + FLOOD_SECONDS * 1_000;
    await Promise.all(
      flooders.map(async (write) => {
        while (now() < last) {
          await write("Fetching emails...");
          flood += 1;
        }
      }),
    );
  }
  return { changes, near, far, flood: flood / FLOOD_SECONDS };
}

async function runChild(): Promise<void> {
  const { STORE_ENGINE: engine, STORE_AT: at = "", PROCESS: index = "0" } = process.env;
  const store = await openStore({ engine: engineOf(engine), at });
  const report = await work(store, Number(index), PROCESSES);
  await store.close();
  process.send?.(report, () => process.disconnect?.());
}

function percentile(sorted: readonly number[], part: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return value === undefined ? "-" : value.toFixed(1);
}

function print(name: string, reports: readonly Report[]): void {
  const near = reports.flatMap((report) => report.near).sort((a, b) => a - b);
  const far = reports.flatMap((report) => report.far).sort((a, b) => a - b);
  const changes = reports.reduce((sum, report) => sum + report.changes, 0) / SECONDS;
  const flood = reports.reduce((sum, report) => sum + report.flood, 0);
  const cells = [
    name.padEnd(9),
    changes.toFixed(0).padStart(11),
    `${percentile(near, 0.5)} / ${percentile(near, 0.99)}`.padStart(16),
    `${percentile(far, 0.5)} / ${percentile(far, 0.99)}`.padStart(16),
    flood.toFixed(0).padStart(16),
  ];
  process.stdout.write(`${cells.join(" | ")}\n`);
}

async function runProcesses(name: string, address: StoreAddress): Promise<void> {
  const children: ChildProcess[] = Array.from({ length: PROCESSES }, (_, index) =>
    fork(fileURLToPath(import.meta.url), [], {
      execArgv: ["--import", "tsx", "--disable-warning=ExperimentalWarning"],
      env: { ...process.env, STORE_ENGINE: address.engine, STORE_AT: address.at, PROCESS: String(index) },
    }),
  );
  const reports = await Promise.all(children.map(async (child): Promise<Report> => (await once(child, "message"))[0]));
  print(name, reports);
}

const engines: Readonly<Record<string, () => Promise<void>>> = {
  async memory() {
    print("memory", [await work(createMemoryStore(), 0, 1)]);
  },
  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), "bench-stores-"));
    await runProcesses("sqlite", { engine: "sqlite", at: join(folder, "syncs.db") });
    rmSync(folder, { recursive: true, force: true });
  },
  async postgres() {
    const server = await startPostgres();
    await runProcesses("postgres", { engine: "postgres", at: server.url });
    await server.remove();
  },
  async redis() {
    const server = await startRedis();
    await runProcesses("redis", { engine: "redis", at: server.url });
    await server.remove();
  },
};

if (process.send === undefined) {
  process.stdout.write("store     | changes/s   | own p50 / p99 ms | far p50 / p99 ms | flood changes/s\n");
  const chosen = process.argv.slice(2);
  for (const [name, run] of Object.entries(engines)) if (chosen.length === 0 || chosen.includes(name)) await run();
} else {
  await runChild();
}
