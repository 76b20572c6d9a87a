import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { createSyncRoutes, createSyncService } from "react-sync-progress/server";

/**
 * How the server streams to many readers: one sync with 1,000 readers, and 1,000 syncs with one each. The readers are a
 * process of their own that counts whole events and how old they are. `npm run bench`; take ratios, not absolute times.
 */

const READERS = 1_000;
const SECONDS = 5;
const UPDATES_A_SECOND = 10;

interface Result {
  readonly events: number;
  readonly p50: number;
  readonly p99: number;
}

/** The readers' process: opens a socket for each path and reports when it is told to. */
function read(port: number, paths: readonly string[]): void {
  const ages: number[] = [];
  let open = 0;
  for (const path of paths) {
    const socket = connect(port, "127.0.0.1", () => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`));
    let rest = "";
    socket.on("data", (data) => {
      if (rest === "") {
        open += 1;
        if (open === paths.length) process.send?.("open");
      }
      rest += data.toString("latin1");
      const events = rest.split("\n\n");
      rest = events.pop() || " ";
      for (const event of events) {
        const sentAt = /"stage":"(\d+)"/.exec(event)?.[1];
        if (sentAt !== undefined) ages.push(Date.now() - Number(sentAt));
      }
    });
    socket.on("error", () => {});
  }
  process.on("message", () => {
    ages.sort((a, b) => a - b);
    const at = (share: number) => ages[Math.floor((ages.length - 1) * share)] ?? Number.NaN;
    process.send?.({ events: ages.length, p50: at(0.5), p99: at(0.99) } satisfies Result, () => process.exit(0));
  });
}

async function measure(syncs: number, readersEach: number): Promise<void> {
  const service = createSyncService({ throttleMs: 1 });
  const scope = { tenantId: "bench", userId: "bench" };
  const app = createSyncRoutes({ service, authenticate: () => scope, integrations: [] });
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  const isOver = Promise.withResolvers<void>();
  const runs: ((stage: string) => void)[] = [];
  const ids: string[] = [];
  for (let index = 0; index < syncs; index += 1) {
    const { syncId } = await service.run(
      scope,
      async (run) => {
        runs.push((stage) => run.update({ status: "syncing", stage }));
        await isOver.promise;
      },
      { connectorType: `type-${index}` },
    );
    ids.push(syncId);
  }
  const paths = ids.flatMap((id) => Array<string>(readersEach).fill(`/api/sync-progress/${id}/stream`));
  const child = fork(fileURLToPath(import.meta.url), [], {
    env: { ...process.env, READ: JSON.stringify({ port, paths }) },
  });
  await once(child, "message");

  const cpuBefore = process.cpuUsage();
  const beat = setInterval(() => {
    for (const update of runs) update(String(Date.now()));
  }, 1_000 / UPDATES_A_SECOND);
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
  clearInterval(beat);
  const { user, system } = process.cpuUsage(cpuBefore);
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.send("report");
  const [result]: Result[] = await once(child, "message");
  isOver.resolve();
  await service.close();
  server.close();
  if ("closeAllConnections" in server) server.closeAllConnections();
  if (result === undefined) throw new Error("the readers did not report");
  const perSecond = Math.round(result.events / SECONDS);
  const cpu = ((user + system) / result.events).toFixed(1);
  process.stdout.write(
    `${syncs} x ${readersEach}: ${perSecond} events/s of ${syncs * readersEach * UPDATES_A_SECOND}, p50 ${result.p50} ms, p99 ${result.p99} ms, ${cpu} us CPU an event\n`,
  );
}

const task = process.env["READ"];
if (task === undefined) {
  await measure(1, READERS);
  await measure(READERS, 1);
  process.exit(0);
} else {
  const { port, paths }: { port: number; paths: string[] } = JSON.parse(task);
  read(port, paths);
}
