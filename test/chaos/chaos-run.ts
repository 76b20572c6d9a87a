import { setTimeout as wait } from "node:timers/promises";
import { createSeededRandom } from "../../src/msw/seeded-random.js";
import { encodeSnapshot } from "../../src/protocol/snapshot.js";
import type { Scope } from "../../src/server/scope.js";
import { startMailServer } from "../server/engines/mail-server.js";
import { startPostgres } from "../server/engines/postgres-server.js";
import { startRedis } from "../server/engines/redis-server.js";
import { openStore } from "../server/processes/open-store.js";
import type { ChaosOptions } from "./chaos-options.js";
import { countMails, type DatedMail, type MailCount } from "./mail-ledger.js";
import { ReaderPool, type ReaderTotals } from "./reader-pool.js";
import { startProxy } from "./round-robin-proxy.js";
import { stateOf } from "./seen-syncs.js";
import { ServerPool } from "./server-pool.js";
import { endOf, readSyncs, wantedMails } from "./stored-syncs.js";
import { SyncDriver } from "./sync-driver.js";
import { peopleFor, SYNC_PLANS, type SyncPlan } from "./sync-plans.js";

/** What a run has shown. */
export interface ChaosResult {
  readonly kills: number;
  readonly syncs: number;
  /** How many syncs have ended how: `complete`, `partly failed`, `failed`, `interrupted`, `cancelled`. */
  readonly ends: Readonly<Record<string, number>>;
  readonly retries: number;
  readonly readers: ReaderTotals;
  readonly mails: MailCount;
  readonly serverErrors: number;
  readonly maxServerBytes: number;
  /** How long the last streams took to end after the last kill, in ms. */
  readonly drainMs: number;
  /** What servers have reported by `onError`, with how often. */
  readonly reported: ReadonlyMap<string, number>;
  /** What must not be. Empty for a run that has passed. */
  readonly faults: readonly string[];
}

/** What runs one sync of a plan after the other. */
interface Slot {
  readonly scope: Scope;
  readonly plan: SyncPlan;
  readonly driver: SyncDriver;
}

/** How long everything may take to end after the last kill: leases, retries and the leases of mails. */
const DRAIN_MS = 180_000;
const COMPARE_PAUSE_MS = 500;
const CANCEL_AFTER_STEPS = 5;
const MAIL_SHARE = 0.5;

/** Kills servers for a while and compares what everybody has seen with what is stored. */
export async function runChaos(options: ChaosOptions, log: (line: string) => void = () => {}): Promise<ChaosResult> {
  const closing: (() => unknown)[] = [];
  try {
    return await run(options, log, closing);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function startEngine(engine: ChaosOptions["engine"]) {
  if (engine === "postgres") {
    const server = await startPostgres();
    return { address: { engine, at: server.url } as const, remove: () => server.remove() };
  }
  const server = await startRedis();
  return { address: { engine, at: server.url } as const, remove: () => server.remove() };
}

async function run(
  options: ChaosOptions,
  log: (line: string) => void,
  closing: (() => unknown)[],
): Promise<ChaosResult> {
  const engine = await startEngine(options.engine);
  closing.push(() => engine.remove());
  const mails: DatedMail[] = [];
  const smtp = await startMailServer({
    onMail({ message, recipients, isSecure }) {
      const { messageId = "", from } = message;
      mails.push({ messageId, sender: from?.name ?? "", recipients, isSecure, at: Date.now() });
    },
  });
  closing.push(() => smtp.close());
  const proxy = await startProxy();
  closing.push(() => proxy.close());
  const servers = new ServerPool({ ...options, address: engine.address, smtp, onPorts: proxy.setPorts });
  closing.push(() => servers.close());
  await servers.fill();
  const readers = await ReaderPool.start(proxy.url);
  closing.push(() => readers.close());

  const people = peopleFor(options.syncs);
  const feedsPerPerson = Math.max(1, Math.round(options.streams / 2 / people.length));
  const readersPerSync = Math.max(1, Math.round(options.streams / 2 / options.syncs));
  for (const scope of people) readers.followAll(scope, feedsPerPerson);

  const slots = people
    .flatMap((scope) => SYNC_PLANS.map((plan) => ({ scope, plan, driver: new SyncDriver(proxy.url, scope) })))
    .slice(0, options.syncs);
  const random = createSeededRandom(options.seed);
  let retries = 0;
  const isOver = new AbortController();

  /** One sync after the other, until the time is over; one that was interrupted is continued. */
  async function drive({ driver, scope, plan }: Slot): Promise<void> {
    let interrupted: string | null = null;
    while (!isOver.signal.aborted) {
      const syncId: string = await driver.start(plan.type, interrupted);
      if (interrupted !== null) retries += 1;
      const ended = readers.followSync(scope, syncId, readersPerSync);
      if (random() < MAIL_SHARE) await driver.requestMail(syncId);
      if (plan.end === "cancel") {
        await wait(CANCEL_AFTER_STEPS * options.stepMs);
        await driver.cancel(syncId);
      }
      await ended;
      interrupted = (await driver.read(syncId)).error_code === "interrupted" ? syncId : null;
    }
  }

  const driving = Promise.all(slots.map(drive));
  driving.catch(() => {});
  const endAt = performance.now() + options.seconds * 1_000;
  const restarts: Promise<void>[] = [];
  for (;;) {
    const pauseMs = servers.nextPause(options.killEvery * 1_000);
    if (performance.now() + pauseMs > endAt) break;
    await wait(pauseMs);
    restarts.push(servers.killOne());
    log(`kill ${restarts.length}, ${mails.length} mails`);
  }
  await wait(Math.max(0, endAt - performance.now()));
  isOver.abort();
  const overAt = performance.now();
  await Promise.all(restarts);

  const isInTime = await Promise.race([driving.then(() => true), wait(DRAIN_MS, false, { ref: false })]);
  const store = await openStore(engine.address);
  closing.push(() => store.close());
  // What is under way takes a moment: the last mails, and the last frames.
  for (;;) {
    const stored = await Promise.all(people.map((scope) => readSyncs(store, scope)));
    const scopes = people.map((scope, index) => {
      const snapshots = (stored[index] ?? []).map(({ snapshot }) => encodeSnapshot(snapshot));
      return { scope, states: snapshots.map(stateOf) };
    });
    const totals = await readers.compare(scopes);
    const mailCount = countMails(mails, wantedMails(stored.flat()), servers.kills);
    const drainMs = performance.now() - overAt;
    const isDone = totals.open === 0 && totals.wrong.length === 0 && mailCount.faults.length === 0;
    if (!isDone && drainMs < DRAIN_MS) {
      await wait(COMPARE_PAUSE_MS);
      continue;
    }
    const ends = stored.flat().map(endOf);
    return {
      kills: servers.kills.length,
      syncs: ends.length,
      ends: countBy(ends.map(({ is }) => is)),
      retries,
      readers: totals,
      mails: mailCount,
      serverErrors: slots.reduce((sum, { driver }) => sum + driver.serverErrors, 0),
      maxServerBytes: servers.maxBytes,
      drainMs,
      reported: servers.errors,
      faults: [
        ...(isInTime ? [] : [`some syncs have not ended within ${DRAIN_MS} ms`]),
        ...(totals.open === 0 ? [] : [`${totals.open} streams have not ended`]),
        ...ends.flatMap(({ fault }) => fault ?? []),
        ...totals.wrong,
        ...totals.faults,
        ...mailCount.faults,
      ],
    };
  }
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
