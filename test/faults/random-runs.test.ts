import { EventSource } from "eventsource";
import { describe, expect, it } from "vitest";
import { httpTransport } from "../../src/client/http-transport.js";
import type { MapSnapshot } from "../../src/client/map-snapshot.js";
import { pollingTransport } from "../../src/client/polling-transport.js";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncTransport } from "../../src/client/sync-transport.js";
import { webSocketTransport } from "../../src/client/web-socket-transport.js";
import { createSeededRandom } from "../../src/msw/seeded-random.js";
import { decodeSnapshot } from "../../src/protocol/decode-snapshot.js";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createSyncRoutes } from "../../src/server/sync-routes.js";
import { createRandomNetwork, type RandomNetwork } from "./random-network.js";
import { createRandomSocket } from "./random-socket.js";

const SCOPE = { tenantId: "acme", userId: "ada" };
const RUNS = Number(process.env["RANDOM_RUNS"] ?? 1_000);
const FIRST_SEED = Number(process.env["RANDOM_SEED"] ?? 1);
const AT_ONCE = 50;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const BASE_URL = "http://server.test/api";
const REQUEST_TIMEOUT_MS = 200;
const POLL_INTERVAL_MS = 30;

/** Every transport over the same faulty network. */
const transports = {
  http: (network) =>
    httpTransport({
      baseUrl: BASE_URL,
      fetch: network.fetch,
      createEventSource: (url) => new EventSource(url, { fetch: network.fetch }),
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
    }),
  polling: (network) =>
    pollingTransport({
      getStatus: (syncId, signal) => network.fetch(`${BASE_URL}/sync-progress/${syncId}`, { signal }),
      intervalMs: POLL_INTERVAL_MS,
    }),
  socket: (network) => sockets(network),
  "socket and http": (network) => ({
    ...httpTransport({ baseUrl: BASE_URL, fetch: network.fetch, requestTimeoutMs: REQUEST_TIMEOUT_MS }),
    ...sockets(network),
  }),
} satisfies Record<string, (network: RandomNetwork) => SyncTransport>;

function sockets(network: RandomNetwork): SyncTransport {
  return webSocketTransport({
    url: (syncId) => `${BASE_URL}/sync-progress/${syncId}/stream`,
    createWebSocket: (url) => createRandomSocket(String(url), network.fetch),
    mapSnapshot: fromWire,
  });
}

const fromWire: MapSnapshot = (value) => {
  const decoded = decodeSnapshot(value);
  return decoded.ok ? decoded.value : null;
};

/** Plays one sync with the faults of a seed, and throws if the client does not end in the truth. */
async function playRun(transport: keyof typeof transports, seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const service = createSyncService({ throttleMs: 2 });
  const routes = createSyncRoutes({
    service,
    authenticate: () => SCOPE,
    retryMs: 20,
    heartbeatMs: 40,
    limits: { resumeMs: 1 },
    integrations: [
      {
        type: "gmail",
        name: "Gmail",
        async sync(run) {
          const total = 5 + Math.floor(random() * 40);
          const isDoomed = random() < 0.2;
          for (const status of ["syncing", "parsing", "embedding"] as const) {
            run.update({ status, totalItems: total });
            for (let index = 0; index < total; index += 1) {
              await pause(random() * 6);
              run.advance({ item: `Item ${index}` });
              if (isDoomed && index === 3) throw new Error("doomed");
            }
          }
        },
      },
    ],
  });
  const network = createRandomNetwork(routes.fetch, random);
  const client = new SyncClient({
    transport: transports[transport](network),
    openTimeoutMs: 120,
    heartbeatTimeoutMs: 120,
    stallTimeoutMs: 150,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    pollIntervalMs: POLL_INTERVAL_MS,
    retry: { baseMs: 20, maxMs: 80 },
    keepAliveMs: 1,
  });
  const started = await routes.fetch(new Request("http://server.test/api/integrations/gmail/sync", { method: "POST" }));
  const { sync_id: syncId }: { sync_id: string } = await started.json();

  let percent = 0;
  let fell: string | null = null;
  const ended = Promise.withResolvers<void>();
  client.subscribe(syncId, () => {
    const view = client.getView(syncId);
    if ((view?.percent ?? percent) < percent) fell = `from ${percent} to ${view?.percent}`;
    percent = view?.percent ?? percent;
    if (view?.isTerminal) ended.resolve();
  });
  const restarts = setInterval(() => random() < 0.2 && network.restart(), 50);
  const startedAt = Date.now();
  const isInTime = await Promise.race([ended.promise.then(() => true), pause(20_000).then(() => false)]);
  clearInterval(restarts);
  const view = client.getView(syncId);
  expect(isInTime, `the end is shown; seen last: ${JSON.stringify(view)}`).toBe(true);
  // The routes add what they offer themselves.
  const { capabilities: _, ...serverEnd } = (await service.get(SCOPE, syncId))?.snapshot ?? {};
  expect(view?.snapshot, "the end that is shown is that of the server").toMatchObject(serverEnd);
  expect(fell, "the percentage fell").toBeNull();
  const seconds = (Date.now() - startedAt) / 1_000;
  expect(network.stats().requests, `requests in ${seconds} s`).toBeLessThan(30 + 60 * seconds);
  client.close();
  await expect
    .poll(() => [network.stats().openStreams, service.stats().subscribers], { timeout: 5_000 })
    .toEqual([0, 0]);
}

const names = (Object.keys(transports) as (keyof typeof transports)[]).filter(
  (name) => (process.env["RANDOM_TRANSPORT"] ?? name) === name,
);

describe.each(names)("syncs by %s over a network that goes wrong by chance", (transport) => {
  it(`end in the state that the server says, ${RUNS} times`, { timeout: 170_000 }, async () => {
    const seeds = Array.from({ length: RUNS }, (_, index) => FIRST_SEED + index);
    const failures: string[] = [];
    const worker = async () => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const current = seed;
        await playRun(transport, current).catch((error: unknown) => {
          failures.push(
            `RANDOM_TRANSPORT="${transport}" RANDOM_SEED=${current} RANDOM_RUNS=1 npx vitest run --project node test/faults/random-runs: ${String(error)}`,
          );
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(failures).toEqual([]);
  });
});
