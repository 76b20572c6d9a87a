import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { createParser } from "eventsource-parser";
import { createSyncRoutes, createSyncService } from "react-sync-progress/server";
import { proxies } from "./proxies.js";
import { installProxies, startProxy } from "./run-proxy.js";

/**
 * Our streams through real proxies, each of which closes what is silent for ten seconds: how late events come, whether the end
 * arrives, whether a paused sync is cut, and whether commands of the page pass. `npm run test:proxies` prints the table of
 * docs/proxies.md; it fails if a proxy cuts a stream or loses an end.
 */

const EVENTS = 60;
const EVENT_EVERY_MS = 50;
const PAUSED_MS = 25_000;

const scope = { tenantId: "acme", userId: "ada" };
const service = createSyncService();
const app = createSyncRoutes({ service, authenticate: () => scope, integrations: [] });
const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
await once(server, "listening");
const { port: upstream } = server.address() as AddressInfo;

interface Seen {
  readonly ages: readonly number[];
  readonly heartbeats: number;
  readonly last: string;
}

/** Reads a stream until it ends, in whatever way. */
async function read(port: number, syncId: string): Promise<Seen> {
  const ages: number[] = [];
  let heartbeats = 0;
  let last = "";
  const parser = createParser({
    onEvent({ event, data }) {
      if (event === "heartbeat") heartbeats += 1;
      else last = event ?? "";
      // The first state may be old.
      if (event !== "heartbeat" && event !== "current_state")
        ages.push(Date.now() - Date.parse(JSON.parse(data).updated_at));
    },
  });
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/sync-progress/${syncId}/stream`);
    const decoder = new TextDecoder();
    if (response.body !== null)
      for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
  } catch {
    // It was cut.
  }
  return { ages: ages.sort((a, b) => a - b), heartbeats, last };
}

/** A busy sync: how old its events are when they arrive. */
async function readBusySync(port: number): Promise<Seen> {
  const isRead = Promise.withResolvers<void>();
  const { syncId } = await service.run(
    scope,
    async (run) => {
      await isRead.promise;
      for (let count = 0; count < EVENTS; count += 1) {
        run.update({ status: "syncing", stage: `Fetching page ${count}...` });
        await wait(EVENT_EVERY_MS);
      }
    },
    { connectorType: `busy-${port}` },
  );
  const seen = read(port, syncId);
  await wait(300);
  isRead.resolve();
  return seen;
}

/** A paused sync: what its stream has after a while, and whether it gets the end. The command comes from the page. */
async function readPausedSync(port: number): Promise<Seen & { readonly command: number }> {
  const { syncId } = await service.run(scope, () => new Promise(() => {}), { connectorType: `paused-${port}` });
  await service.pause(scope, syncId);
  const seen = read(port, syncId);
  await wait(PAUSED_MS);
  const response = await fetch(`http://127.0.0.1:${port}/api/sync-progress/${syncId}/cancel`, {
    method: "POST",
    // A page over plain HTTP: browsers send no Sec-Fetch-Site there.
    headers: { origin: `http://127.0.0.1:${port}` },
  });
  await service.cancel(scope, syncId);
  return { ...(await seen), command: response.status };
}

const print = (...cells: readonly (string | number)[]) => process.stdout.write(`| ${cells.join(" | ")} |\n`);
const at = (ages: readonly number[], share: number) => ages[Math.floor((ages.length - 1) * share)] ?? Number.NaN;

installProxies(proxies);
const running = await Promise.all(proxies.map(async (proxy) => ({ ...proxy, ...(await startProxy(proxy, upstream)) })));
const all = [{ name: "none", port: upstream, fault: undefined }, ...running];
const failures: string[] = [];
try {
  const paused = new Map(all.map(({ port }) => [port, readPausedSync(port)]));
  print("proxy", "events p50 / p95, ms", `paused for ${PAUSED_MS / 1_000} s`, "end", "command of a page over HTTP");
  print("---", "---", "---", "---", "---");
  for (const { name, port, fault } of all) {
    const busy = await readBusySync(port);
    const idle = await paused.get(port);
    const hasEnd = busy.last === "complete" && idle?.last === "cancelled";
    const isCut = idle?.last !== "cancelled";
    if (fault === undefined && (isCut || !hasEnd)) failures.push(name);
    print(
      name,
      `${at(busy.ages, 0.5)} / ${at(busy.ages, 0.95)}`,
      isCut ? "cut" : `${idle?.heartbeats} heartbeats`,
      hasEnd ? "arrives" : "lost",
      idle?.command === 200 ? "passes" : `${idle?.command}`,
    );
  }
} finally {
  await Promise.all(running.map((proxy) => proxy.stop()));
}
if (failures.length > 0) process.stderr.write(`Streams were cut or lost their end behind: ${failures.join("; ")}\n`);
process.exit(failures.length > 0 ? 1 : 0);
