import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { Pool } from "pg";
import { createMemoryStore, createSyncRoutes, createSyncService, type SyncStore } from "react-sync-progress/server";
import { createPostgresStore } from "react-sync-progress/server/postgres";
import { startPostgres } from "../test/server/engines/postgres-server.js";
import { startRedis } from "../test/server/engines/redis-server.js";
import { engineOf, openStore } from "../test/server/processes/open-store.js";

/**
 * What one server process holds, on each store: 2,000 people who each have the feed open, of whom 200 have a sync that changes ten
 * times a second. Prints the memory of a stream, the CPU of heartbeats and of an event, how old events are when they arrive, and
 * how many short syncs a second can be started and finished. `npm run bench:sizing [memory sqlite redis postgres]`
 */

const PEOPLE = 2_000;
const BUSY = 200;
const CHANGES_A_SECOND = 10;
const SECONDS = 10;
const SHORT_SYNCS_AT_ONCE = 50;
const SHORT_SECONDS = 5;

type Engine = "memory" | "sqlite" | "redis" | "postgres";
type Task = "memory" | "idle" | "busy" | "short";

const scopeOf = (index: number) => ({ tenantId: "bench", userId: `user-${index}` });

function openEngine(engine: Engine, at: string): SyncStore | Promise<SyncStore> {
  if (engine === "memory") return createMemoryStore();
  if (engine !== "postgres") return openStore({ engine: engineOf(engine), at });
  // Patient: all syncs begin at once.
  const pool = new Pool({ connectionString: at, max: 10, connectionTimeoutMillis: 30_000 }).on("error", () => {});
  return createPostgresStore({ pool });
}

/** The server's process: does a task, and reports a number of microseconds of CPU, of bytes or of syncs. */
async function runServer(engine: Engine, at: string): Promise<void> {
  const store = await openEngine(engine, at);
  const service = createSyncService({ store });
  const authenticate = (request: Request) => ({ tenantId: "bench", userId: request.headers.get("x-user") ?? "" });
  const routes = createSyncRoutes({ service, integrations: [], authenticate });
  const server = serve({ fetch: routes.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");

  /** Waits, and returns the CPU time that passed. */
  async function cpuWhile(work: Promise<unknown>): Promise<number> {
    const before = process.cpuUsage();
    await work;
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }

  async function runBusy(): Promise<void> {
    const until = Date.now() + SECONDS * 1_000;
    const started = Array.from({ length: BUSY }, (_, index) =>
      service.run(scopeOf(index), async (run) => {
        while (Date.now() < until) {
          run.update({ status: "syncing", stage: String(Date.now()) });
          await wait(1_000 / CHANGES_A_SECOND);
        }
      }),
    );
    await Promise.all((await Promise.all(started)).map(({ settled }) => settled));
  }

  async function runShort(): Promise<number> {
    const until = Date.now() + SHORT_SECONDS * 1_000;
    let count = 0;
    const workers = Array.from({ length: SHORT_SYNCS_AT_ONCE }, async (_, index) => {
      while (Date.now() < until) {
        const started = await service.run(scopeOf(PEOPLE + index), async (run) => {
          run.update({ status: "syncing", totalItems: 1 });
          run.advance();
        });
        await started.settled;
        count += 1;
      }
    });
    await Promise.all(workers);
    return count / SHORT_SECONDS;
  }

  const tasks: Readonly<Record<Task, () => Promise<number>>> = {
    async memory() {
      for (let times = 0; times < 4; times += 1) {
        globalThis.gc?.();
        await wait(100);
      }
      return process.memoryUsage().rss;
    },
    idle: () => cpuWhile(wait(SECONDS * 1_000)),
    busy: () => cpuWhile(runBusy()),
    short: runShort,
  };
  process.on("message", async (task: Task) => process.send?.(await tasks[task]()));
  const address = server.address();
  process.send?.(typeof address === "object" && address !== null ? address.port : 0);
}

async function request(child: ChildProcess, task: Task): Promise<number> {
  child.send(task);
  const [result]: unknown[] = await once(child, "message");
  return Number(result);
}

/** Opens the feed of a person. Calls back with the age of each event that says when it was made, in ms. */
async function openFeed(port: number, index: number, onEvent: (ageMs: number) => void): Promise<void> {
  const isReady = Promise.withResolvers<void>();
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.on("data", (data) => {
    const text = data.toString("latin1");
    if (text.includes("event: ready")) isReady.resolve();
    for (const [, madeAt] of text.matchAll(/"stage":"(\d+)"/g)) onEvent(Date.now() - Number(madeAt));
  });
  await once(socket, "connect");
  socket.write(`GET /api/sync-progress/stream HTTP/1.1\r\nhost: x\r\nx-user: user-${index}\r\n\r\n`);
  await isReady.promise;
}

async function measure(engine: Engine, at: string): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [engine, at], {
    // A small young generation: memory is to show what streams hold, and not what has become garbage.
    execArgv: [...process.execArgv, "--expose-gc", "--max-semi-space-size=1"],
    env: { ...process.env, SIZING_SERVER: "true" },
  });
  const [port]: unknown[] = await once(child, "message");
  const ages: number[] = [];
  const open = async (from: number, to: number) => {
    for (let index = from; index < to; index += 1) await openFeed(Number(port), index, (ageMs) => ages.push(ageMs));
  };
  // What only the first requests need is no matter of streams.
  await open(0, PEOPLE / 2);
  const before = await request(child, "memory");
  await open(PEOPLE / 2, PEOPLE);
  const after = await request(child, "memory");
  const idle = await request(child, "idle");
  const busy = await request(child, "busy");
  await wait(500);
  const events = ages.sort((a, b) => a - b);
  const short = await request(child, "short");
  child.kill();
  const percent = (micros: number) => `${(micros / SECONDS / 10_000).toFixed(1)} %`;
  const ageAt = (share: number) => events[Math.floor((events.length - 1) * share)] ?? Number.NaN;
  const columns = [
    engine.padEnd(8),
    `a stream ${((after - before) / (PEOPLE / 2) / 1_024).toFixed(1)} KiB`,
    `${PEOPLE} idle streams ${percent(idle)} of a core`,
    `${Math.round(events.length / SECONDS)} events/s ${percent(busy)} of a core`,
    `${((busy - idle) / events.length).toFixed(0)} us an event`,
    `age p50 ${ageAt(0.5)} ms, p99 ${ageAt(0.99)} ms`,
    `${Math.round(short)} short syncs/s`,
  ];
  process.stdout.write(`${columns.join("   ")}\n`);
}

const [, , ...given] = process.argv;
const isWanted = (engine: Engine) => given.length === 0 || given.includes(engine);
if (process.env["SIZING_SERVER"] === "true") {
  const [engine = "memory", at = ""] = given;
  await runServer(engine === "memory" ? "memory" : engineOf(engine), at);
} else {
  process.stdout.write(`${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}\n`);
  if (isWanted("memory")) await measure("memory", "");
  if (isWanted("sqlite")) {
    const folder = mkdtempSync(join(tmpdir(), "sync-sizing-"));
    await measure("sqlite", join(folder, "syncs.db"));
    rmSync(folder, { recursive: true, force: true });
  }
  if (isWanted("redis")) {
    const redis = await startRedis();
    await measure("redis", redis.url);
    await redis.remove();
  }
  if (isWanted("postgres")) {
    const postgres = await startPostgres();
    await measure("postgres", await postgres.createDatabase("sizing"));
    await postgres.remove();
  }
  process.exit(0);
}
