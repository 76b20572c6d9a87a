import type { EventSourceMessage } from "eventsource-parser";
import { SNAPSHOT_EVENTS } from "../../src/protocol/events.js";
import { decodeReady, decodeRemoved, READY_EVENT, REMOVED_EVENT } from "../../src/protocol/feed.js";
import { isTerminalStatus } from "../../src/protocol/status.js";
import type { Scope } from "../../src/server/scope.js";
import { SeenSyncs, type SyncState } from "./seen-syncs.js";
import { readEventStream } from "./stream-reader.js";
import { headersOf, markOf } from "./sync-plans.js";

/** A process with many readers of streams. */

export type ReaderOrder =
  | { readonly do: "follow-sync"; readonly scope: Scope; readonly syncId: string; readonly readers: number }
  | { readonly do: "follow-all"; readonly scope: Scope; readonly readers: number }
  /** Reports how many streams of single syncs are open, and of how many syncs feeds show another state than this. */
  | { readonly do: "compare"; readonly scopes: readonly ScopeStates[] };

/** What is stored of a person's syncs. */
export interface ScopeStates {
  readonly scope: Scope;
  readonly states: readonly SyncState[];
}

export type ReaderReport =
  | { readonly is: "ready" }
  | { readonly is: "ended"; readonly syncId: string }
  | ({ readonly is: "compared" } & ReaderTally);

export interface ReaderTally {
  /** Streams of single syncs that have ended with a terminal event. */
  readonly ended: number;
  readonly open: number;
  readonly feeds: number;
  /** Connections that were made. */
  readonly connections: number;
  readonly snapshots: number;
  readonly otherFrames: number;
  /** Responses that were no stream, by their status. */
  readonly refused: Readonly<Record<string, number>>;
  /** Streams whose last state is not what is stored. */
  readonly wrong: readonly string[];
  /** What was wrong with a frame. */
  readonly faults: readonly string[];
}

const MAX_TEXTS = 20;
const { SERVER_URL = "" } = process.env;
const report = (message: ReaderReport) => void process.send?.(message);
const faults: string[] = [];
const refused: Record<string, number> = {};
const ends: { readonly scope: Scope; readonly state: SyncState }[] = [];
const feeds: { readonly scope: Scope; readonly seen: SeenSyncs }[] = [];
const endedSyncs = new Set<string>();
let open = 0;
let connections = 0;
let snapshots = 0;
let otherFrames = 0;

const isSnapshotEvent = (event: string | undefined) => SNAPSHOT_EVENTS.some((name) => name === event);

function follow(
  scope: Scope,
  path: string,
  onEvent: (event: EventSourceMessage) => boolean,
  onConnect: () => void = () => {},
): void {
  readEventStream({
    url: `${SERVER_URL}/api/sync-progress/${path}`,
    headers: headersOf(scope),
    onEvent,
    onRefused(status) {
      refused[status] = (refused[status] ?? 0) + 1;
    },
    onConnect() {
      connections += 1;
      onConnect();
    },
  });
}

function addFault(fault: string): void {
  if (faults.length < MAX_TEXTS) faults.push(fault);
}

function followSync(scope: Scope, syncId: string): void {
  const seen = new SeenSyncs(markOf(scope), addFault);
  open += 1;
  follow(scope, `${syncId}/stream`, ({ event, data }) => {
    if (!isSnapshotEvent(event)) {
      otherFrames += 1;
      seen.check(data);
      return false;
    }
    snapshots += 1;
    const state = seen.take(data);
    if (state.syncId !== syncId) addFault(`the stream of ${syncId} has shown ${state.syncId}`);
    if (!isTerminalStatus(state.status)) return false;
    open -= 1;
    ends.push({ scope, state });
    if (!endedSyncs.has(syncId)) report({ is: "ended", syncId });
    endedSyncs.add(syncId);
    return true;
  });
}

function followAll(scope: Scope): void {
  const seen = new SeenSyncs(markOf(scope), addFault);
  feeds.push({ scope, seen });
  /** The state that is being sent, until `ready` says whether it is a whole one. */
  let initial = new Set<string>();
  /** The key of the person, which has to be the same in every process. */
  let viewer: string | null = null;
  const onEvent = ({ event, data }: EventSourceMessage) => {
    if (isSnapshotEvent(event)) {
      snapshots += 1;
      const { syncId } = seen.take(data);
      if (event === "current_state") initial.add(syncId);
      return false;
    }
    otherFrames += 1;
    seen.check(data);
    if (event === REMOVED_EVENT) addFault(`removed: ${decodeRemoved(data)}`);
    if (event !== READY_EVENT) return false;
    const ready = decodeReady(data);
    if (ready.viewer === null || (viewer ?? ready.viewer) !== ready.viewer) addFault(`viewer ${viewer}: ${data}`);
    viewer = ready.viewer;
    if (ready.isReset) {
      for (const syncId of [...seen.states.keys()].filter((id) => !initial.has(id))) {
        addFault(`a whole state has left out ${syncId}`);
        seen.states.delete(syncId);
      }
    }
    return false;
  };
  follow(scope, "stream", onEvent, () => {
    initial = new Set();
  });
}

/** The streams whose last state is not the stored one. */
function compare(scopes: readonly ScopeStates[]): readonly string[] {
  const wrong: string[] = [];
  for (const { scope, states } of scopes) {
    const mark = markOf(scope);
    const stored = new Map(states.map((state) => [state.syncId, JSON.stringify(state)]));
    const check = (kind: string, syncId: string, state: SyncState | undefined) => {
      const shown = JSON.stringify(state);
      if (shown !== stored.get(syncId)) wrong.push(`${kind} shows ${shown}, stored is ${stored.get(syncId)}`);
    };
    for (const end of ends) if (markOf(end.scope) === mark) check("stream", end.state.syncId, end.state);
    for (const feed of feeds) {
      if (markOf(feed.scope) !== mark) continue;
      for (const { syncId } of states) check("feed", syncId, feed.seen.states.get(syncId));
      for (const [syncId, state] of feed.seen.states) if (!stored.has(syncId)) check("feed", syncId, state);
    }
  }
  return wrong;
}

process.on("disconnect", () => process.exit());
process.on("message", (order: ReaderOrder) => {
  if (order.do === "compare") {
    const wrong = compare(order.scopes);
    report({
      is: "compared",
      ended: ends.length,
      open,
      feeds: feeds.length,
      connections,
      snapshots,
      otherFrames,
      refused,
      wrong,
      faults,
    });
    return;
  }
  for (let reader = 0; reader < order.readers; reader += 1) {
    if (order.do === "follow-sync") followSync(order.scope, order.syncId);
    else followAll(order.scope);
  }
});
report({ is: "ready" });
