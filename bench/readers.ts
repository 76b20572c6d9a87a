import { type ClientRequest, get } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { startPostgres } from "../test/server/engines/postgres-server.js";
import { startRedis } from "../test/server/engines/redis-server.js";
import type { StoreAddress } from "../test/server/processes/open-store.js";
import { startChild } from "../test/support/start-child.js";

/**
 * How long a change takes from the job to 1,000 readers of its sync, who are spread over three processes on one store:
 * `npm run bench:readers [redis postgres]`. The job changes 10 times a second; readers are raw sockets in this process.
 */

const PROCESSES = 3;
const READERS = 1_000;
const WARM_UP_MS = 3_000;
const SECONDS = 10;

const now = () => performance.timeOrigin + performance.now();

async function startServer({ engine, at }: StoreAddress) {
  const ready = Promise.withResolvers<number>();
  const env = { STORE_ENGINE: engine, STORE_AT: at };
  const child = startChild<number>(new URL("./readers/server.ts", import.meta.url), { env, onReport: ready.resolve });
  return { url: `http://127.0.0.1:${await ready.promise}/api`, stop: () => child.kill() };
}

function read(url: string, onDelay: (ms: number) => void): ClientRequest {
  return get(url, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => {
      text += chunk;
      const end = text.lastIndexOf("\n\n");
      if (end < 0) return;
      const at = now();
      for (const [, sentAt] of text.slice(0, end).matchAll(/"stage":"(\d+\.?\d*)"/g)) onDelay(at - Number(sentAt));
      text = text.slice(end + 2);
    });
  }).on("error", () => {});
}

async function measure(address: StoreAddress): Promise<string> {
  const servers = await Promise.all(Array.from({ length: PROCESSES }, () => startServer(address)));
  const urlOf = (index: number) => servers[index % PROCESSES]?.url ?? "";
  const delays: number[] = [];
  let isMeasuring = false;
  try {
    const started = await fetch(`${urlOf(0)}/integrations/gmail/sync`, { method: "POST" });
    const { sync_id: syncId } = await started.json();
    const readers = Array.from({ length: READERS }, (_, index) =>
      read(`${urlOf(index)}/sync-progress/${syncId}/stream`, (ms) => {
        if (isMeasuring) delays.push(ms);
      }),
    );
    await wait(WARM_UP_MS);
    isMeasuring = true;
    await wait(SECONDS * 1_000);
    isMeasuring = false;
    for (const reader of readers) reader.destroy();
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  delays.sort((one, other) => one - other);
  const at = (share: number) => (delays[Math.floor(delays.length * share)] ?? Number.NaN).toFixed(1);
  const rate = Math.round(delays.length / SECONDS);
  return `${address.engine}: ${rate} events/s, change to reader p50 ${at(0.5)} p95 ${at(0.95)} p99 ${at(0.99)} max ${at(0.9999)} ms`;
}

const wanted = process.argv.slice(2);
if (wanted.length === 0 || wanted.includes("redis")) {
  const redis = await startRedis();
  process.stdout.write(`${await measure({ engine: "redis", at: redis.url })}\n`);
  await redis.remove();
}
if (wanted.length === 0 || wanted.includes("postgres")) {
  const postgres = await startPostgres();
  process.stdout.write(`${await measure({ engine: "postgres", at: postgres.url })}\n`);
  await postgres.remove();
}
