import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { createSyncRoutes, createSyncService } from "react-sync-progress/server";

/**
 * How the server streams to many readers: one sync with 1,000 readers, beside a bare Node server that writes one shared buffer
 * to all of them, and 1,000 syncs with one reader each. Servers and readers are processes of their own, and the variants take
 * turns. `npm run bench`; take the ratios, not the absolute figures.
 */

const READERS = 1_000;
/** Memory is that of the readers after these: what only the first requests need is no matter of connections. */
const FIRST_READERS = 3_000;
const FURTHER_READERS = 4_000;
const SECONDS = 5;
const UPDATES_A_SECOND = 10;

/** `raw`: `res.write` of one shared buffer. `node`: our routes on Node. `fetch`: our routes on a host that has only `Response`. */
type Variant = "raw" | "node" | "fetch";

interface Ages {
  readonly events: number;
  readonly p50: number;
  readonly p99: number;
}

interface Delivery extends Ages {
  readonly cpuMicrosPerEvent: number;
}

type Task =
  | { readonly role: "read"; readonly port: number; readonly paths: readonly string[] }
  | { readonly role: "serve"; readonly variant: Variant; readonly syncs: number };

const HEAD = { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" };

/** The readers' process: opens as many streams as each message says, in turn from `paths`, and reports at "report". */
async function read(port: number, paths: readonly string[]): Promise<void> {
  const ages: number[] = [];
  const open = async (path: string) => {
    const isOpen = Promise.withResolvers<void>();
    const socket = connect(port, "127.0.0.1", () => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`));
    let rest = "";
    socket.on("data", (data) => {
      isOpen.resolve();
      rest += data.toString("latin1");
      const events = rest.split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) {
        const sentAt = /"stage":"(\d+)"/.exec(event)?.[1];
        if (sentAt !== undefined) ages.push(Date.now() - Number(sentAt));
      }
    });
    socket.on("error", () => {});
    await isOpen.promise;
  };
  for (;;) {
    const [message]: unknown[] = await once(process, "message");
    if (message === "report") break;
    for (let index = 0; index < Number(message); index += 1) await open(paths[index % paths.length] ?? "/");
    process.send?.("open");
  }
  ages.sort((a, b) => a - b);
  const at = (share: number) => ages[Math.floor((ages.length - 1) * share)] ?? Number.NaN;
  process.send?.({ events: ages.length, p50: at(0.5), p99: at(0.99) } satisfies Ages, () => process.exit(0));
}

/** Starts a server of a variant. Returns its port, the paths of its streams, and a function that sends one event to each. */
async function startServer(variant: Variant, syncs: number) {
  if (variant === "raw") {
    const responses = new Set<ServerResponse>();
    const server = createServer((_, response) => {
      response.writeHead(200, HEAD);
      response.write("retry: 2000\n\n");
      responses.add(response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const update = (stage: string) => {
      const bytes = Buffer.from(`id: 1\nevent: progress\ndata: ${JSON.stringify({ ...EXAMPLE, stage })}\n\n`);
      for (const response of responses) response.write(bytes);
    };
    return { port: portOf(server), paths: ["/"], update };
  }

  const service = createSyncService({ throttleMs: 1 });
  // A person for each sync, named in the URL.
  const authenticate = (request: Request) => ({ tenantId: "bench", userId: new URL(request.url).search });
  const limits = { streamsPerUser: Number.POSITIVE_INFINITY };
  const app = createSyncRoutes({ service, authenticate, integrations: [], limits });
  const fetch = variant === "node" ? app.fetch : (request: Request) => app.fetch(request);
  const server = serve({ fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const updates: ((stage: string) => void)[] = [];
  const paths: string[] = [];
  for (let index = 0; index < syncs; index += 1) {
    const scope = { tenantId: "bench", userId: `?user=${index}` };
    const { syncId } = await service.run(scope, async (run) => {
      updates.push((stage) => run.update({ status: "syncing", stage }));
      await new Promise(() => {});
    });
    paths.push(`/api/sync-progress/${syncId}/stream${scope.userId}`);
  }
  const update = (stage: string) => {
    for (const one of updates) one(stage);
  };
  return { port: portOf(server), paths, update };
}

/** What a snapshot of ours looks like. */
const EXAMPLE = {
  sync_id: "00000000-0000-4000-8000-000000000000",
  connector_type: "type-0",
  status: "syncing",
  stage: "",
  phase: null,
  phases: [],
  total_items: null,
  processed_items: 0,
  failed_items: 0,
  current_item: null,
  percent_complete: null,
  error_message: null,
  error_code: null,
  capabilities: ["cancel", "pause", "failures"],
  seq: 1,
  started_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
  completed_at: null,
};

function portOf(server: { address(): unknown }): number {
  const address = server.address();
  return typeof address === "object" && address !== null && "port" in address ? Number(address.port) : 0;
}

/** The server's process: at "memory" reports its RSS, at "update" sends events for some seconds and reports their CPU. */
async function serveVariant(variant: Variant, syncs: number): Promise<void> {
  const { port, paths, update } = await startServer(variant, syncs);
  process.on("message", async (message) => {
    if (message === "memory") {
      for (let times = 0; times < 4; times += 1) {
        globalThis.gc?.();
        await wait(100);
      }
      process.send?.(process.memoryUsage().rss);
      return;
    }
    const before = process.cpuUsage();
    const beat = setInterval(() => update(String(Date.now())), 1_000 / UPDATES_A_SECOND);
    await wait(SECONDS * 1_000);
    clearInterval(beat);
    const { user, system } = process.cpuUsage(before);
    await wait(500);
    process.send?.(user + system);
  });
  process.send?.({ port, paths });
}

function start(task: Task): ChildProcess {
  return fork(fileURLToPath(import.meta.url), [], {
    env: { ...process.env, TASK: JSON.stringify(task) },
    // A small young generation: memory is to show what connections hold, and not what has become garbage.
    execArgv: [...process.execArgv, "--expose-gc", "--max-semi-space-size=1"],
  });
}

/** Sends a message to a process, and resolves with what that responds. */
async function request<Response>(child: ChildProcess, message?: string | number): Promise<Response> {
  if (message !== undefined) child.send(message);
  const [response]: Response[] = await once(child, "message");
  if (response === undefined) throw new Error("a process did not report");
  return response;
}

/** A server of a variant and its readers, each in a process. */
async function startBoth(variant: Variant, syncs: number) {
  const server = start({ role: "serve", variant, syncs });
  const { port, paths } = await request<{ port: number; paths: string[] }>(server);
  const readers = start({ role: "read", port, paths });
  return { server, readers };
}

async function measureDelivery(variant: Variant, syncs: number): Promise<Delivery> {
  const { server, readers } = await startBoth(variant, syncs);
  await request(readers, READERS);
  const cpuMicros = await request<number>(server, "update");
  const ages = await request<Ages>(readers, "report");
  server.kill();
  const delivery = { ...ages, cpuMicrosPerEvent: cpuMicros / ages.events };
  const rate = `${Math.round(ages.events / SECONDS)} events/s of ${READERS * UPDATES_A_SECOND}`;
  const age = `p50 ${ages.p50} ms, p99 ${ages.p99} ms`;
  const cpu = `${delivery.cpuMicrosPerEvent.toFixed(1)} us CPU an event`;
  print(`${syncs} x ${READERS / syncs}, ${variant}: ${rate}, ${age}, ${cpu}`);
  return delivery;
}

/** KiB a connection. */
async function measureMemory(variant: Variant): Promise<number> {
  const { server, readers } = await startBoth(variant, 1);
  await request(readers, FIRST_READERS);
  const before = await request<number>(server, "memory");
  await request(readers, FURTHER_READERS);
  const after = await request<number>(server, "memory");
  readers.kill();
  server.kill();
  const kib = (after - before) / FURTHER_READERS / 1_024;
  print(`1 x ${FIRST_READERS + FURTHER_READERS}, ${variant}: ${kib.toFixed(1)} KiB a connection`);
  return kib;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Lets the variants take turns, and prints how ours compare with the bare server. */
async function compare(rounds: number, what: string, measure: (variant: Variant) => Promise<number>): Promise<void> {
  const measured: Record<Variant, number[]> = { raw: [], node: [], fetch: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of ["raw", "node", "fetch"] as const) measured[variant].push(await measure(variant));
  }
  for (const variant of ["node", "fetch"] as const) {
    print(`${variant} : raw = ${(median(measured[variant]) / median(measured.raw)).toFixed(2)} ${what}`);
  }
}

const given = process.env["TASK"];
if (given === undefined) {
  await compare(5, "CPU an event", async (variant) => (await measureDelivery(variant, 1)).cpuMicrosPerEvent);
  await compare(3, "memory a connection", measureMemory);
  await measureDelivery("node", READERS);
  process.exit(0);
}
const task: Task = JSON.parse(given);
if (task.role === "read") await read(task.port, task.paths);
else await serveVariant(task.variant, task.syncs);
