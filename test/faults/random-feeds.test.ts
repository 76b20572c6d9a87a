import { EventSource } from "eventsource";
import { expect, it } from "vitest";
import { activeSyncsOf } from "../../src/client/active-syncs.js";
import { httpTransport } from "../../src/client/http-transport.js";
import { shareFeed } from "../../src/client/shared-feed.js";
import { SyncClient } from "../../src/client/sync-client.js";
import { createSeededRandom } from "../../src/msw/seeded-random.js";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { IntegrationDefinition } from "../../src/server/integration-definition.js";
import { createSyncRoutes } from "../../src/server/sync-routes.js";
import type { SyncService } from "../../src/server/sync-service.js";
import { createRandomNetwork, type RandomNetwork } from "./random-network.js";

const SCOPE = { tenantId: "acme", userId: "ada" };
const TYPES = ["gmail", "slack", "drive", "notion"];
const RUNS = Number(process.env["RANDOM_RUNS"] ?? 1_000);
const FIRST_SEED = Number(process.env["RANDOM_SEED"] ?? 1);
const AT_ONCE = 40;
/** Longer than any response takes: a start whose response is lost is given again, and may start a second sync. */
const REQUEST_TIMEOUT_MS = 5_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function anIntegration(type: string, random: () => number): IntegrationDefinition {
  return {
    type,
    name: type,
    async sync(run) {
      const total = 3 + Math.floor(random() * 20);
      const isDoomed = random() < 0.2;
      run.update({ status: "syncing", totalItems: total });
      for (let index = 0; index < total; index += 1) {
        await pause(random() * 12);
        run.advance({ item: `Item ${index}` });
        if (isDoomed && index === 2) throw new Error("doomed");
      }
    },
  };
}

/** One tab of several that share a feed by its name. */
function openTab(network: RandomNetwork, name: string) {
  const transport = httpTransport({
    baseUrl: "http://server.test/api",
    fetch: network.fetch,
    createEventSource: (url) => new EventSource(url, { fetch: network.fetch }),
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
  });
  const openFeed = transport.openFeed;
  if (openFeed === undefined) throw new Error("the transport has no feed");
  const client = new SyncClient({
    transport: { ...transport, openFeed: shareFeed(openFeed, name) },
    openTimeoutMs: 120,
    heartbeatTimeoutMs: 120,
    stallTimeoutMs: 150,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    pollIntervalMs: 30,
    retry: { baseMs: 20, maxMs: 80 },
    keepAliveMs: 1,
  });
  const fallen: string[] = [];
  const percents = new Map<string, number>();
  client.syncs.subscribe((event) => {
    if (event.type !== "updated" && event.type !== "ended") return;
    const { syncId, percent } = event.view;
    const before = percents.get(syncId) ?? 0;
    if (percent !== null && percent < before) fallen.push(`${syncId} from ${before} to ${percent}`);
    percents.set(syncId, percent ?? before);
  });
  const active = activeSyncsOf(client);
  const leave = active.subscribe(() => {});
  return { client, active, fallen, close: () => [leave(), client.close()] };
}

type Tab = ReturnType<typeof openTab>;

/** Starts a sync from a tab, as a person does who presses again when that failed. */
async function start({ client }: Tab, type: string): Promise<string> {
  for (;;) {
    try {
      return await client.startSync(type);
    } catch {
      await pause(10);
    }
  }
}

/** Plays several syncs in several tabs with the faults of a seed, and throws if a tab does not end in the truth. */
async function playRun(seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const service = createSyncService({ throttleMs: 2 });
  const integrations = TYPES.map((type) => anIntegration(type, random));
  const routes = createSyncRoutes({
    service,
    authenticate: () => SCOPE,
    retryMs: 20,
    heartbeatMs: 40,
    limits: { resumeMs: 1, startsPerMinute: 10_000 },
    integrations,
  });
  const network = createRandomNetwork(routes.fetch, random);
  const name = crypto.randomUUID();
  const tabs: Tab[] = [];
  const addTab = () => {
    const tab = openTab(network, name);
    tabs.push(tab);
    return tab;
  };
  const pick = <T>(list: readonly T[]): T => {
    const one = list[Math.floor(random() * list.length)];
    if (one === undefined) throw new Error("there is nothing to pick");
    return one;
  };
  for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) addTab();

  const started: string[] = [];
  const starting = TYPES.slice(0, 1 + Math.floor(random() * TYPES.length)).map(async (type) => {
    await pause(random() * 120);
    started.push(await start(pick(tabs), type));
  });
  const faults = setInterval(() => {
    const luck = random();
    if (luck < 0.15) network.restart();
    else if (luck < 0.3 && tabs.length > 1) tabs.shift()?.close();
    else if (luck < 0.45 && tabs.length < 4) addTab();
  }, 40);
  await Promise.all(starting);
  for (const syncId of started) for (const { client } of tabs) client.subscribe(syncId, () => {});
  await pause(100);
  clearInterval(faults);
  await expectTruth(service, tabs, started);
  for (const tab of tabs) tab.close();
  await expect
    .poll(() => [network.stats().openStreams, service.stats().subscribers], { timeout: 5_000 })
    .toEqual([0, 0]);
  await service.close();
}

async function expectTruth(service: SyncService, tabs: readonly Tab[], started: readonly string[]): Promise<void> {
  expect(new Set(started).size, "each start has a sync of its own").toBe(started.length);
  for (const syncId of started) for (const { client } of tabs) client.subscribe(syncId, () => {});
  const isShown = () => tabs.every(({ client }) => started.every((id) => client.getView(id)?.isTerminal === true));
  for (const until = Date.now() + 20_000; !isShown() && Date.now() < until; ) await pause(10);
  const { records } = await service.list(SCOPE, {}, { limit: 100 });
  expect(records.map(({ snapshot }) => snapshot.syncId).sort(), "no sync twice, none lost").toEqual(
    [...started].sort(),
  );
  for (const { client, active, fallen } of tabs) {
    for (const { snapshot } of records) {
      const { capabilities: _, ...serverEnd } = snapshot;
      const view = client.getView(snapshot.syncId);
      expect(view?.snapshot, `the end that a tab shows: ${JSON.stringify(view)}`).toMatchObject(serverEnd);
    }
    expect(
      active.getState().syncs.every(({ isTerminal }) => isTerminal),
      "nothing seems to run",
    ).toBe(true);
    expect(fallen, "the percentage fell").toEqual([]);
  }
}

it(`every tab of one person ends in the state that the server says, ${RUNS} times`, { timeout: 170_000 }, async () => {
  const seeds = Array.from({ length: RUNS }, (_, index) => FIRST_SEED + index);
  const failures: string[] = [];
  const worker = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      const current = seed;
      await playRun(current).catch((error: unknown) => {
        failures.push(
          `RANDOM_SEED=${current} RANDOM_RUNS=1 npx vitest run --project node test/faults/random-feeds: ${String(error)}`,
        );
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  expect(failures).toEqual([]);
});
