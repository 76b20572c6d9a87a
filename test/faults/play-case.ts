import type { ConnectionStatus } from "../../src/client/sync-view.js";
import type { FaultCase, FaultTransport, Seen } from "./fault-case.js";
import type { FaultStats } from "./fault-script.js";

/** A host's view of a sync on a fault server. */
export interface Watched {
  /** Everything that was seen, in order. */
  readonly history: readonly Seen[];
  /** Ends the watch. */
  stop(): void;
}

export interface FaultHost {
  /** Starts the case's server and watches its sync. */
  watch(url: string, transport?: FaultTransport): Watched;
  stats(): Promise<FaultStats>;
}

const TIMEOUT_MS = 8_000;

/** On a busy machine an opening may take longer than the fast client waits: that costs a question and another stream. */
const LOAD_ALLOWANCE = 2;

/** Plays a case in a host, and throws with what was seen if that is not what must be. */
export async function playCase(one: FaultCase, url: string, host: FaultHost): Promise<void> {
  const watched = host.watch(url, one.transport);
  const { history } = watched;
  try {
    await until(
      () => findInOrder(history, one.seen) === one.seen.length,
      () => explain(one, history),
    );
    const { stream, snapshot, socket } = await host.stats();
    if (stream + snapshot + socket > one.maxRequests + LOAD_ALLOWANCE) {
      throw new Error(
        `${stream} streams, ${socket} sockets and ${snapshot} snapshots were requested, at most ${one.maxRequests} in all may be\n${explain(one, history)}`,
      );
    }
    checkInvariants(one, history);
  } finally {
    watched.stop();
  }
  let open = -1;
  await until(
    async () => {
      open = (await host.stats()).openSockets;
      return open === 0;
    },
    () => `${open} sockets are still open`,
  );
}

function checkInvariants(one: FaultCase, history: readonly Seen[]): void {
  let percent = 0;
  let hasEnded = false;
  for (const seen of history) {
    if ((seen.percent ?? percent) < percent) throw new Error(`the percentage fell\n${explain(one, history)}`);
    percent = seen.percent ?? percent;
    if ((percent === 100) !== (seen.status === "complete"))
      throw new Error(`100 is not complete\n${explain(one, history)}`);
    if (hasEnded && seen.status !== "complete" && seen.status !== "error")
      throw new Error(`the end did not stay\n${explain(one, history)}`);
    hasEnded ||= seen.status === "complete" || seen.status === "error";
  }
  const connections = history.map((seen) => seen.connection);
  if (one.connections !== undefined && !isSubsequence(one.connections, connections)) {
    throw new Error(
      `the connection was ${distinct(connections).join(", ")}, and must be ${one.connections.join(", ")}`,
    );
  }
  for (const words of one.reads ?? []) {
    if (!history.some((seen) => seen.words.includes(words)))
      throw new Error(`nobody could read "${words}"\n${explain(one, history)}`);
  }
}

/** How many of the wanted states were seen, each after the one before it (or in the same moment). */
function findInOrder(history: readonly Seen[], wanted: readonly Partial<Seen>[]): number {
  let found = 0;
  for (const seen of history) {
    for (let next = wanted[found]; next !== undefined && matches(seen, next); next = wanted[found]) found += 1;
  }
  return found;
}

function matches(seen: Seen, wanted: Partial<Seen>): boolean {
  return Object.entries(wanted).every(([key, value]) => seen[key as keyof Seen] === value);
}

function isSubsequence(wanted: readonly ConnectionStatus[], all: readonly ConnectionStatus[]): boolean {
  let found = 0;
  for (const one of all) if (one === wanted[found]) found += 1;
  return found === wanted.length;
}

function distinct<Item>(list: readonly Item[]): Item[] {
  return list.filter((item, index) => item !== list[index - 1]);
}

function explain(one: FaultCase, history: readonly Seen[]): string {
  const lines = history
    .slice(-25)
    .map(({ words, ...seen }) => JSON.stringify({ ...seen, stage: seen.stage.slice(0, 30), words }));
  const wanted = one.seen[findInOrder(history, one.seen)];
  return `still to be seen: ${JSON.stringify(wanted)}\nseen (the last 25 of ${history.length}):\n${lines.join("\n")}`;
}

async function until(isDone: () => boolean | Promise<boolean>, explainFailure: () => string): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(explainFailure());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
