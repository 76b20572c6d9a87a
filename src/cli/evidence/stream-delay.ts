import { doneItems, type SyncSnapshot } from "../../protocol/snapshot.js";
import { isTerminalStatus } from "../../protocol/status.js";
import type { Exchange } from "../http/exchange.js";
import type { StreamRecord } from "../http/read-stream.js";
import type { StreamEvidence } from "./evidence.js";
import { type State, stateOfResponse, statesOf } from "./stream-states.js";

/** What arrives within this time has come together, in ms. */
const TOGETHER_MS = 50;

/** How far a stream was behind. */
export interface StreamDelay {
  /** `held-back`: no byte came in this time, so something keeps them. `silent`: bytes came, but not the state. */
  readonly kind: "held-back" | "silent";
  readonly delayMs: number;
  /** What shows it, in a sentence. */
  readonly seen: string;
}

/**
 * The longest delay of a stream of at least `lagMs`; `null` if it was in time. `polled`: the responses of the snapshot
 * endpoint that it is compared with, by default all.
 */
export function findDelay(
  { record, before, polls }: StreamEvidence,
  lagMs: number,
  polled: readonly Exchange[] = [before, ...polls],
): StreamDelay | null {
  const found = [...delaysByPolls(record, polled), ...bursts(statesOf(record.items))];
  const longest = found.sort((a, b) => b.delayMs - a.delayMs)[0];
  return longest !== undefined && longest.delayMs >= lagMs ? longest : null;
}

/** States that the snapshot endpoint had before the stream brought them. The end is judged elsewhere. */
function delaysByPolls(record: StreamRecord, responses: readonly Exchange[]): readonly StreamDelay[] {
  const states = statesOf(record.items);
  return responses.flatMap((response): readonly StreamDelay[] => {
    const polled = stateOfResponse(response);
    if (polled === null || isTerminalStatus(polled.snapshot.status)) return [];
    const knownAtMs = Math.max(polled.atMs, record.exchange.sentAtMs);
    const shownAtMs = states.find((state) => covers(state.snapshot, polled.snapshot))?.atMs;
    if (shownAtMs === undefined && record.endedBy !== "doctor") return [];
    const delayMs = (shownAtMs ?? record.endedAtMs) - knownAtMs;
    const cameBetween = record.items.some(({ atMs }) => atMs > knownAtMs && atMs < (shownAtMs ?? record.endedAtMs));
    const when =
      shownAtMs === undefined ? "not while the stream was read" : `${Math.round(delayMs)} ms later on the stream`;
    const what = `${polled.snapshot.status}, ${doneItems(polled.snapshot)} of ${polled.snapshot.totalItems ?? "?"} items`;
    const seen = `The snapshot endpoint had "${what}", which came ${when}.`;
    return [{ kind: cameBetween ? "silent" : "held-back", delayMs, seen }];
  });
}

/** States that were made far apart by the server's own clock, and arrived together. */
function bursts(states: readonly State[]): readonly StreamDelay[] {
  // The first one is as old as the last change.
  const dated = states.slice(1).flatMap(({ atMs, snapshot }) => {
    return snapshot.updatedAt === null ? [] : [{ atMs, updatedAt: snapshot.updatedAt }];
  });
  return dated.flatMap((last, index): readonly StreamDelay[] => {
    const together = dated.slice(0, index + 1).filter(({ atMs }) => last.atMs - atMs <= TOGETHER_MS);
    const delayMs = last.updatedAt - Math.min(...together.map(({ updatedAt }) => updatedAt));
    const seen = `${together.length} events arrived at once that the server made within ${delayMs} ms.`;
    return [{ kind: "held-back", delayMs, seen }];
  });
}

/** States that arrive in groups, time after time: something collects them, though not for long. */
export interface Bursts {
  readonly count: number;
  /** The longest time in which the states of a group were made, by the server's clock, in ms. */
  readonly longestMs: number;
}

/** From so many states on, made within so long, a group is one that was collected; ours are made 100 ms apart. */
const BURST = { states: 3, spanMs: 300, times: 3 } as const;

/** The groups in which most states arrived; `null` if they came one by one. */
export function findBursts({ items }: StreamRecord): Bursts | null {
  const groups: State[][] = [];
  const states = statesOf(items).slice(1);
  for (const state of states) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    if (group === undefined || previous === undefined || state.atMs - previous.atMs > TOGETHER_MS / 2)
      groups.push([state]);
    else group.push(state);
  }
  const spanOf = (group: readonly State[]) =>
    (group.at(-1)?.snapshot.updatedAt ?? 0) - (group[0]?.snapshot.updatedAt ?? 0);
  const collected = groups.filter((group) => group.length >= BURST.states && spanOf(group) >= BURST.spanMs);
  const isMost = collected.flat().length * 2 > states.length;
  if (collected.length < BURST.times || !isMost) return null;
  return { count: collected.length, longestMs: Math.max(...collected.map(spanOf)) };
}

/** Whether a state shows at least what another does. */
function covers(state: SyncSnapshot, other: SyncSnapshot): boolean {
  if (state.seq !== null && other.seq !== null) return state.seq >= other.seq;
  if (state.updatedAt !== null && other.updatedAt !== null) return state.updatedAt >= other.updatedAt;
  return isTerminalStatus(state.status) || state.status !== other.status || doneItems(state) >= doneItems(other);
}

/** The longest time without a byte while a stream was open, in ms, with the time to its end. */
export function longestSilence({ exchange, items, endedAtMs }: StreamRecord): number {
  const times = [exchange.sentAtMs + exchange.durationMs, ...items.map(({ atMs }) => atMs), endedAtMs];
  return times.reduce((longest, time, index) => Math.max(longest, time - (times[index - 1] ?? time)), 0);
}

/** How long after its opening a stream brought its first state, in ms; `null` if it brought none. */
export function firstStateDelay({ exchange, items }: StreamRecord): number | null {
  const [first] = statesOf(items);
  return first === undefined ? null : first.atMs - (exchange.sentAtMs + exchange.durationMs);
}
