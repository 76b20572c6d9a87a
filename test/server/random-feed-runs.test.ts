import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSeededRandom } from "../../src/msw/seeded-random.js";
import { encodeSnapshot } from "../../src/protocol/snapshot.js";
import { isTerminalStatus } from "../../src/protocol/status.js";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { FeedChannels } from "../../src/server/http/feed-channels.js";
import { FeedContent } from "../../src/server/http/feed-content.js";
import { createFrameEncoder } from "../../src/server/http/snapshot-frame.js";
import { StreamTraffic } from "../../src/server/http/stream-traffic.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import type { SyncStore } from "../../src/server/sync-store.js";
import { FeedModel } from "../support/feed-model.js";
import { createFaultyStore, type Fault } from "./faulty-store.js";

const RUNS = Number(process.env["FEED_RUNS"] ?? 300);
const FIRST_SEED = Number(process.env["FEED_SEED"] ?? 1);
const SCOPES = [
  { tenantId: "acme", userId: "ada" },
  { tenantId: "globex", userId: "ada" },
];
const TYPES = Array.from({ length: 8 }, (_, index) => `type-${index}`);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Somebody who reads a feed over a connection that is slow, breaks, and comes back to either process. */
class RandomReader {
  readonly model = new FeedModel();
  readonly #random: () => number;
  #content: FeedContent | null = null;

  constructor(random: () => number) {
    this.#random = random;
  }

  connect(processes: readonly FeedChannels[], scope: (typeof SCOPES)[number]): void {
    const channels = processes[Math.floor(this.#random() * processes.length)];
    if (this.#content !== null || channels === undefined) return;
    const { "last-event-id": lastEventId = null } = this.model.connect();
    const content = new FeedContent(
      { scope, lastEventId, viewer: null },
      channels,
      createFrameEncoder(),
      new StreamTraffic({}),
    );
    this.#content = content;
    // One whose store cannot be read is gone, as a stream that ends.
    content.open({ onContent: () => {}, onGone: () => {} }).catch(() => this.leave());
  }

  /** Takes some of what waits. */
  read(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const bytes = this.#content?.next() ?? null;
      if (bytes === null) return;
      this.model.feed(new TextDecoder().decode(bytes));
    }
  }

  leave(): void {
    this.#content?.close();
    this.#content = null;
  }
}

/** Two processes on one store whose watch has gaps, syncs of two people, and readers of either that come and go. */
async function play(seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const pick = <T>(all: readonly T[]): T => {
    const chosen = all[Math.floor(random() * all.length)];
    if (chosen === undefined) throw new Error("nothing to pick from");
    return chosen;
  };
  const memory = createMemoryStore({ maxEnded: 5 });
  const gaps = new Set<() => void>();
  let isDeaf = false;
  let isFaulty = random() < 0.3;
  const watched: SyncStore = {
    ...memory,
    async watch(scope, watcher) {
      const gap = () => watcher.gap();
      gaps.add(gap);
      const stop = await memory.watch(scope, { gap, change: (change) => isDeaf || watcher.change(change) });
      return () => {
        gaps.delete(gap);
        stop();
      };
    },
  };
  const chooseFault = (): Fault =>
    isFaulty && random() < 0.2 ? pick<Fault>(["fail", "hang", { lateMs: 50 }]) : "none";
  const store = createFaultyStore(watched, chooseFault);
  const services = [0, 1].map(() =>
    createSyncService({ store, throttleMs: 5, storeTimeoutMs: 100, onError: () => {} }),
  );
  const tools = { encode: createFrameEncoder(), toWire: encodeSnapshot };
  const processes = services.map((service) => new FeedChannels({ service, tools, resumeMs: 200, onError: () => {} }));
  const readers = SCOPES.flatMap((scope) =>
    Array.from({ length: 3 }, () => ({ scope, reader: new RandomReader(random) })),
  );
  const owned = SCOPES.map(() => new Set<string>());

  async function job(run: SyncRun): Promise<void> {
    for (let left = Math.floor(random() * 12); left > 0; left -= 1) {
      await run.checkpoint();
      run.advance();
      await new Promise((resolve) => setTimeout(resolve, random() * 40));
    }
    if (random() < 0.3) throw new Error("the job");
  }
  const hear = () => {
    isDeaf = false;
    for (const gap of gaps) gap();
  };
  const steps: (() => unknown)[] = [
    async () => {
      const index = Math.floor(random() * SCOPES.length);
      const scope = SCOPES[index] ?? pick(SCOPES);
      const { syncId } = await pick(services).run(scope, job, { connectorType: pick(TYPES) });
      owned[index]?.add(syncId);
    },
    () => memory.deleteEndedBefore(Date.now(), 2),
    () => {
      const { reader, scope } = pick(readers);
      reader.connect(processes, scope);
    },
    () => pick(readers).reader.read(Math.floor(random() * 6)),
    () => pick(readers).reader.read(100),
    () => random() < 0.4 && pick(readers).reader.leave(),
    () => {
      if (isDeaf) hear();
      else isDeaf = random() < 0.2;
    },
  ];
  for (let time = 0; time < 1_500; time += 5) {
    Promise.resolve(pick(steps)()).catch(() => {});
    await vi.advanceTimersByTimeAsync(random() < 0.5 ? 0 : 10);
  }

  // Peace: every reader comes back and reads to the end.
  isFaulty = false;
  hear();
  await vi.advanceTimersByTimeAsync(40_000);
  for (const { reader, scope } of readers) reader.connect(processes, scope);
  await vi.advanceTimersByTimeAsync(1_000);
  for (const { reader } of readers) reader.read(10_000);

  for (const [index, scope] of SCOPES.entries()) {
    const { records } = await memory.list(scope, {}, { limit: 1_000 });
    const stored = new Map(records.map(({ snapshot }) => [snapshot.syncId, encodeSnapshot(snapshot)]));
    for (const { reader } of readers.filter((one) => one.scope === scope)) {
      const { syncs, ready } = reader.model;
      expect(ready.length, "every reader is ready").toBeGreaterThan(0);
      expect(Object.fromEntries(syncs), "and has every sync as it is stored").toEqual(Object.fromEntries(stored));
      for (const event of reader.model.events.filter((text) => text !== "ready")) {
        expect(owned[index]?.has(event.split(" ")[1] ?? ""), "nothing of another person").toBe(true);
      }
    }
    expect(records.every(({ snapshot }) => isTerminalStatus(snapshot.status))).toBe(true);
  }
  for (const { reader } of readers) reader.leave();
  await vi.advanceTimersByTimeAsync(300);
  expect(
    services.map((service) => service.stats().subscribers),
    "nothing is left behind",
  ).toEqual([0, 0]);
  await Promise.all(services.map((service) => service.close({ graceMs: 1 })));
}

describe("random runs of the feed", () => {
  // In parts, so that a seed that fails is named, and none takes too long for its test.
  const PART = 50;
  it.each(Array.from({ length: Math.ceil(RUNS / PART) }, (_, part) => FIRST_SEED + part * PART))(
    "end with every reader in the state of the store, from seed %i on",
    async (first) => {
      for (let seed = first; seed < Math.min(first + PART, FIRST_SEED + RUNS); seed += 1) {
        await play(seed).catch((error: unknown) => {
          throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        });
      }
    },
    60_000,
  );
});
