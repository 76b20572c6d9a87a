import type { Decoded } from "../protocol/decoding.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { transition, wantedStream } from "./connection.js";
import { hasLiveStream } from "./connection-moves.js";
import type { ConnectionPolicy } from "./connection-policy.js";
import {
  type ConnectionEvent,
  type ConnectionState,
  type Content,
  type Decision,
  initialConnection,
  type ProbeResult,
} from "./connection-state.js";
import type { SyncCommandState } from "./sync-view.js";
import {
  changeDueAt,
  checkStall,
  hasEnded,
  receive,
  type TrackedSync,
  type TrackingOptions,
  trackSync,
} from "./tracked-sync.js";

/** A connection, the sync that it brings, and the last command that was given to it. */
export interface WatchState {
  readonly connection: ConnectionState;
  readonly sync: TrackedSync;
  readonly command: SyncCommandState | null;
}

/** How a request for the snapshot ended. */
export type SnapshotResult =
  | { readonly kind: "snapshot"; readonly snapshot: SyncSnapshot }
  | Exclude<ProbeResult, { readonly kind: "content" }>;

/** What can happen to a watch: what happens to its connection, with snapshots in place of content, and commands. */
export type WatchEvent =
  | Exclude<ConnectionEvent, { readonly content: Content } | { readonly type: "response" }>
  | { readonly type: "stream-snapshot"; readonly stream: number; readonly decoded: Decoded<SyncSnapshot> }
  | { readonly type: "snapshot-result"; readonly request: number; readonly result: SnapshotResult }
  | { readonly type: "command"; readonly command: SyncCommandState | null }
  /** The response to a command brought the state it led to. */
  | { readonly type: "command-snapshot"; readonly snapshot: SyncSnapshot };

/** The moment of a transition. */
interface Moment {
  /** Local clock, ms. */
  readonly now: number;
  /** From [0, 1). */
  readonly random: number;
}

export function initialWatch(syncId: string, policy: ConnectionPolicy): WatchState {
  return { connection: initialConnection(policy), sync: trackSync(syncId), command: null };
}

/** Lets the sync take what a watch event says of it, and the connection the rest. Pure. */
export function transitionWatch(
  state: WatchState,
  event: WatchEvent,
  at: Moment,
  tracking: TrackingOptions,
): { readonly state: WatchState; readonly decisions: readonly Decision[] } {
  if (event.type === "command") return { state: { ...state, command: event.command }, decisions: [] };
  if (event.type === "stream-snapshot" && wantedStream(state.connection.link) !== event.stream) {
    return { state, decisions: [] };
  }
  if (event.type === "snapshot-result" && state.connection.request?.id !== event.request) {
    return { state, decisions: [] };
  }
  const sync = receiveFrom(state.sync, event, at.now, tracking);
  const connectionEvent = toConnectionEvent(event, state.sync, sync, tracking);
  if (connectionEvent === null) return { state, decisions: [] };
  const { state: connection, decisions } = transition(state.connection, connectionEvent, at);
  const command = isOutdated(state.command, state.sync, sync) ? null : state.command;
  const isUnchanged = connection === state.connection && sync === state.sync && command === state.command;
  const next = isUnchanged ? state : { connection, sync, command };
  return connectionEvent.type === "response" && isConfirmed(connection, connectionEvent.result, at.now)
    ? withStall(next, decisions, at.now, tracking)
    : { state: next, decisions };
}

/** The state after a snapshot that came by a connection which this sync shares. Pure. */
export function takeSnapshot(
  state: WatchState,
  snapshot: SyncSnapshot,
  now: number,
  tracking: TrackingOptions,
): WatchState {
  if (snapshot.syncId !== state.sync.syncId) return state;
  const sync = receive(state.sync, snapshot, now, tracking);
  if (sync === state.sync) return state;
  return { ...state, sync, command: isOutdated(state.command, state.sync, sync) ? null : state.command };
}

function snapshotOf(event: WatchEvent): SyncSnapshot | null {
  switch (event.type) {
    case "stream-snapshot":
      return event.decoded.ok ? event.decoded.value : null;
    case "snapshot-result":
      return event.result.kind === "snapshot" ? event.result.snapshot : null;
    case "command-snapshot":
      return event.snapshot;
    default:
      return null;
  }
}

function receiveFrom(sync: TrackedSync, event: WatchEvent, now: number, tracking: TrackingOptions): TrackedSync {
  const snapshot = snapshotOf(event);
  return snapshot === null || snapshot.syncId !== sync.syncId ? sync : receive(sync, snapshot, now, tracking);
}

/** What an event means to the connection; `null` if nothing. */
function toConnectionEvent(
  event: Exclude<WatchEvent, { readonly type: "command" }>,
  before: TrackedSync,
  sync: TrackedSync,
  tracking: TrackingOptions,
): ConnectionEvent | null {
  const content = (): Content => ({
    isNews: sync !== before,
    hasEnded: hasEnded(sync),
    changeDueAt: changeDueAt(sync, tracking),
  });
  const snapshot = snapshotOf(event);
  const message = `a snapshot of ${snapshot?.syncId} came for ${sync.syncId}`;
  const isForeign = snapshot !== null && snapshot.syncId !== sync.syncId;
  switch (event.type) {
    case "stream-snapshot": {
      const { stream, decoded } = event;
      if (!decoded.ok) return { type: "stream-unreadable", stream, message: decoded.problem.message };
      if (isForeign) return { type: "stream-foreign", stream, message };
      return { type: "stream-content", stream, content: content() };
    }
    case "snapshot-result": {
      const { request, result } = event;
      if (result.kind !== "snapshot") return { type: "response", request, result };
      if (isForeign) {
        return { type: "response", request, result: { kind: "unusable", reason: "foreign-snapshot", message } };
      }
      return { type: "response", request, result: { kind: "content", content: content() } };
    }
    case "command-snapshot":
      return isForeign ? null : { type: "command-content", content: content() };
    default:
      return event;
  }
}

/** A command that failed in a status that is over is nothing to try again. */
function isOutdated(command: SyncCommandState | null, before: TrackedSync, sync: TrackedSync): boolean {
  return command?.status === "failed" && before.snapshot?.status !== sync.snapshot?.status;
}

/** Whether the server has said by this response, or still says by its stream, that the sync stands still. */
function isConfirmed(connection: ConnectionState, result: ProbeResult, now: number): boolean {
  return result.kind === "content" || (connection.hasContent && hasLiveStream(connection, now));
}

/** The state with the sync marked as stalled, if it should move and has not for long. */
export function withStall(
  state: WatchState,
  decisions: readonly Decision[],
  now: number,
  tracking: TrackingOptions,
): { readonly state: WatchState; readonly decisions: readonly Decision[] } {
  const sync = checkStall(state.sync, now, tracking);
  if (sync === state.sync) return { state, decisions };
  const detail = `no change for ${now - (sync.changedAt ?? now)} ms`;
  return { state: { ...state, sync }, decisions: [...decisions, { reason: "sync-stalled" as const, detail }] };
}
