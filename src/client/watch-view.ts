import { isTerminalStatus } from "../protocol/status.js";
import { etaOf } from "./estimate-eta.js";
import type { ConnectionState, SyncError, SyncView } from "./sync-view.js";
import type { WatchState } from "./watch-state.js";

/**
 * What the outside sees of a watch: `before` itself where it sees nothing new, for most of what a watch hears (heartbeats,
 * polls of a sync that stands still) changes only what it waits for.
 */
export function watchView(state: WatchState, before: SyncView | null = null): SyncView {
  const { snapshot, problem } = state;
  const isTerminal = snapshot !== null && isTerminalStatus(snapshot.status);
  const view: SyncView = {
    syncId: state.syncId,
    snapshot,
    status: snapshot?.status ?? null,
    percent: state.percent,
    connection: connectionOf(state),
    isOffline: state.isOffline,
    isRunning: !isTerminal && problem?.kind !== "not-found",
    isTerminal,
    isStalled: state.isStalled,
    lastUpdateAt: state.receivedAt,
    disconnectedAt: state.disconnectedAt,
    retryAt: retryTime(state),
    error: kept(before?.error, errorOf(state)),
    wasTerminalAtStart: state.wasTerminalAtStart,
    eta: state.isStalled || isTerminal ? null : kept(before?.eta, etaOf(state.pace)),
  };
  return kept(before, view);
}

function connectionOf({ link, snapshot }: WatchState): ConnectionState {
  switch (link.kind) {
    case "idle":
      return "idle";
    case "stream":
      if (link.phase === "open" && link.messages > 0) return "live";
      break;
    case "polling":
      return "polling";
    case "parked":
    case "closed":
      return "closed";
    default:
  }
  return snapshot === null ? "connecting" : "reconnecting";
}

function retryTime({ link }: WatchState): number | null {
  if (link.kind === "waiting") return link.until;
  return link.kind === "stream" && link.phase === "retrying" ? link.askAt : null;
}

function errorOf({ snapshot, problem }: WatchState): SyncError | null {
  if (snapshot?.status === "error") {
    return { kind: "sync-failed", message: snapshot.errorMessage ?? "", code: snapshot.errorCode };
  }
  if (problem === null) return null;
  // While a snapshot is on the screen, a server out of reach is a matter of the connection and no error.
  const isPassing = problem.kind === "unreachable" || problem.kind === "invalid-response";
  return isPassing && snapshot !== null ? null : problem;
}

/** `before` where `next` says the same in every field. The machine itself keeps a snapshot that brings nothing new. */
function kept<T extends object | null>(before: T | null | undefined, next: T): T {
  if (before === null || before === undefined || next === null) return next;
  return Object.entries(next).every(([key, value]) => value === Reflect.get(before, key)) ? before : next;
}
