import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { createSyncRoutes, createSyncService } from "react-sync-progress/server";
import { createSqliteStore } from "react-sync-progress/server/sqlite";

/**
 * Whether a server gives everything back: 50 syncs with 20 readers each that come and go, and then 2,000 complete syncs in a
 * row, on the memory store and on SQLite. Prints handles, subscribers and memory before, between and after.
 * `npm run bench:soak`; `SOAK_SECONDS` is how long the readers come and go (default 60).
 */

const SYNCS = 50;
const READERS = 20;
const SECONDS = Number(process.env["SOAK_SECONDS"] ?? 60);
const COMPLETE_SYNCS = 2_000;
const ITEMS_A_SECOND = 50;

type Engine = "memory" | "sqlite";
type Question = "measure" | "run-complete";

interface Measures {
  readonly handles: Readonly<Record<string, number>>;
  readonly subscribers: number;
  readonly activeSyncs: number;
  readonly heapMb: number;
  readonly rssMb: number;
}

/** The server's process. */
async function runServer(engine: Engine): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sync-soak-"));
  const store = engine === "sqlite" ? createSqliteStore({ path: join(folder, "syncs.db") }) : undefined;
  const service = createSyncService(store === undefined ? {} : { store });
  const routes = createSyncRoutes({
    service,
    authenticate: (incoming) => ({ tenantId: "soak", userId: incoming.headers.get("x-user") ?? "nobody" }),
    limits: { startsPerMinute: Number.POSITIVE_INFINITY },
    integrations: [
      {
        type: "gmail",
        name: "Gmail",
        async sync(run) {
          const totalItems = SECONDS * ITEMS_A_SECOND;
          run.update({ status: "syncing", totalItems });
          for (let item = 0; item < totalItems; item += 1) {
            run.advance();
            await wait(1_000 / ITEMS_A_SECOND, undefined, { signal: run.signal });
          }
        },
      },
    ],
  });
  const server = serve({ fetch: routes.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }: AddressInfo) =>
    process.send?.({ port }),
  );
  process.on("message", async (question: Question) => {
    if (question === "run-complete") {
      for (let count = 0; count < COMPLETE_SYNCS; count += 1) {
        const started = await service.run({ tenantId: "soak", userId: "complete" }, async (run) => run.advance());
        await started.settled;
      }
      process.send?.({ done: true });
      return;
    }
    globalThis.gc?.();
    await wait(50);
    globalThis.gc?.();
    const handles: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
    const { heapUsed, rss } = process.memoryUsage();
    const { subscribers, activeSyncs } = service.stats();
    const measures: Measures = { handles, subscribers, activeSyncs, heapMb: heapUsed / 1e6, rssMb: rss / 1e6 };
    process.send?.(measures);
  });
  process.on("disconnect", async () => {
    await service.close();
    await store?.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
}

async function request<Result>(child: ChildProcess, question: Question): Promise<Result> {
  child.send(question);
  const [response] = (await once(child, "message")) as [Result];
  return response;
}

/** Reads a stream until `ms` have passed or it ends. Returns the last state, if it was the end. */
function readStream(port: number, path: string, user: string, ms: number): Promise<string | null> {
  return new Promise((resolve) => {
    let text = "";
    const reader = get({ port, host: "127.0.0.1", path, headers: { "x-user": user }, agent: false }, (response) => {
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text = (text + chunk).slice(-4_000);
      });
      response.on("close", () => resolve(/"status":"complete"/.test(text) ? text : null));
    });
    reader.on("error", () => resolve(null));
    if (Number.isFinite(ms)) setTimeout(() => reader.destroy(), ms);
  });
}

async function start(port: number, user: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/integrations/gmail/sync`, {
    method: "POST",
    headers: { "x-user": user },
  });
  const { sync_id: syncId }: { sync_id: string } = await response.json();
  return syncId;
}

const show = (title: string, { handles, subscribers, activeSyncs, heapMb, rssMb }: Measures) =>
  process.stdout.write(
    `${title.padEnd(28)} heap ${heapMb.toFixed(1).padStart(6)} MB  rss ${rssMb.toFixed(0).padStart(4)} MB  syncs ${activeSyncs}  subscribers ${subscribers}  ${JSON.stringify(handles)}\n`,
  );

async function soak(engine: Engine): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [engine], { execArgv: [...process.execArgv, "--expose-gc"] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  show(`${engine}: at the start`, await request(child, "measure"));

  const deadline = Date.now() + SECONDS * 1_000;
  let opened = 0;
  let toTheEnd = 0;
  let ends = 0;
  const readers = Array.from({ length: SYNCS }, async (_, index) => {
    const user = `user-${index}`;
    const path = `/api/sync-progress/${await start(port, user)}/stream`;
    await Promise.all(
      Array.from({ length: READERS }, async (__, reader) => {
        // Four of five come and go, the last one stays.
        while (reader % 5 !== 0 && Date.now() < deadline - 3_000) {
          opened += 1;
          await readStream(port, path, user, 100 + Math.random() * 2_900);
        }
        opened += 1;
        toTheEnd += 1;
        if ((await readStream(port, path, user, Number.POSITIVE_INFINITY)) !== null) ends += 1;
      }),
    );
  });
  await wait((SECONDS * 1_000) / 2);
  show(`${engine}: half-way`, await request(child, "measure"));
  await Promise.all(readers);
  // Sockets that were destroyed by their reader take a moment to be gone.
  await wait(2_000);
  show(`${engine}: after all have left`, await request(child, "measure"));
  process.stdout.write(`${opened} streams; ${ends} of ${toTheEnd} that stayed saw the end\n`);

  const startedAt = performance.now();
  await request(child, "run-complete");
  const seconds = (performance.now() - startedAt) / 1_000;
  show(`${engine}: after ${COMPLETE_SYNCS} syncs`, await request(child, "measure"));
  process.stdout.write(`${COMPLETE_SYNCS} complete syncs in ${seconds.toFixed(1)} s\n\n`);
  child.disconnect();
  await once(child, "exit");
}

const engine = process.argv[2];
if (engine === "memory" || engine === "sqlite") await runServer(engine);
else for (const one of ["memory", "sqlite"] as const) await soak(one);
