import type { SyncCapability } from "../protocol/capabilities.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { ConnectionState } from "./connection-state.js";
import { etaOf } from "./estimate-eta.js";
import type { SyncTransport } from "./sync-transport.js";
import type { ConnectionStatus, SyncError, SyncView } from "./sync-view.js";
import { hasEnded } from "./tracked-sync.js";
import type { WatchState } from "./watch-state.js";

/**
 * What the outside sees of a sync: `before` itself if nothing in it changed, since most of what a connection takes note of
 * (heartbeats, polls of a sync that stands still) only changes what it waits for.
 */
export function deriveView(
  { sync, connection, command }: WatchState,
  transport: SyncTransport,
  before: SyncView | null,
): SyncView {
  const { snapshot } = sync;
  const isTerminal = hasEnded(sync);
  const view: SyncView = {
    syncId: sync.syncId,
    snapshot,
    status: snapshot?.status ?? null,
    percent: sync.percent,
    connection: connectionStatusOf(connection),
    isOffline: connection.isOffline,
    isRunning: !isTerminal && connection.problem?.kind !== "not-found",
    isTerminal,
    isStalled: sync.isStalled,
    lastUpdateAt: sync.changedAt,
    disconnectedAt: connection.disconnectedAt,
    retryAt: retryTime(connection),
    error: keepIfEqual(before?.error, errorOf(snapshot, connection)),
    eta: sync.isStalled || isTerminal ? null : keepIfEqual(before?.eta, etaOf(sync.rate)),
    capabilities: keepIfEqual(before?.capabilities, capabilitiesOf(snapshot, transport)),
    command,
  };
  return keepIfEqual(before, view);
}

/** How the connection appears outside. */
export function connectionStatusOf({ link, hasContent, disconnectedAt }: ConnectionState): ConnectionStatus {
  switch (link.kind) {
    case "idle":
      return "idle";
    case "stream":
      // Not if the server itself has said that it cannot read the current state.
      if (link.phase === "open" && link.messages > 0 && disconnectedAt === null) return "live";
      break;
    case "polling":
      return "polling";
    case "stopped":
    case "closed":
      return "closed";
    default:
  }
  return hasContent ? "reconnecting" : "connecting";
}

/** Whether two states of a connection look the same in every view. */
export function looksEqual(a: ConnectionState, b: ConnectionState): boolean {
  return (
    connectionStatusOf(a) === connectionStatusOf(b) &&
    retryTime(a) === retryTime(b) &&
    a.isOffline === b.isOffline &&
    a.problem === b.problem &&
    a.disconnectedAt === b.disconnectedAt
  );
}

function retryTime({ link }: ConnectionState): number | null {
  if (link.kind === "waiting") return link.until;
  return link.kind === "stream" && link.phase === "retrying" ? link.probeAt : null;
}

function errorOf(snapshot: SyncSnapshot | null, { problem }: ConnectionState): SyncError | null {
  if (snapshot?.status === "error") {
    return { kind: "sync-failed", message: snapshot.errorMessage ?? "", code: snapshot.errorCode };
  }
  if (problem === null) return null;
  // While a snapshot is on the screen, a server out of reach is a matter of the connection and no error.
  const isPassing = problem.kind === "unreachable" || problem.kind === "invalid-response";
  return isPassing && snapshot !== null ? null : problem;
}

/** The method of a transport that a capability takes. */
const METHODS: Readonly<Record<SyncCapability, keyof SyncTransport>> = {
  cancel: "command",
  pause: "command",
  retry: "retry",
  retry_failed: "retry",
  failures: "getFailures",
  log: "download",
  notify: "setNotify",
};

/** What the backend offers and the transport can request. Without `retry`, a new start of the same type takes its place. */
function capabilitiesOf(snapshot: SyncSnapshot | null, transport: SyncTransport): readonly SyncCapability[] {
  if (snapshot === null) return [];
  const offered = snapshot.capabilities ?? transport.capabilities ?? [];
  const canStart = transport.startSync !== undefined && snapshot.connectorType !== "";
  const requestable = offered.filter(
    (capability) => transport[METHODS[capability]] !== undefined || (capability === "retry" && canStart),
  );
  const startsAgain = snapshot.capabilities === null && canStart && !requestable.includes("retry");
  return startsAgain ? [...requestable, "retry"] : requestable;
}

/** `before` if `next` has the same in every field. */
function keepIfEqual<T extends object | null>(before: T | null | undefined, next: T): T {
  if (before === null || before === undefined || next === null) return next;
  const entries = Object.entries(next);
  const isEqual =
    entries.length === Object.keys(before).length &&
    entries.every(([key, value]) => Object.is(value, Reflect.get(before, key)));
  return isEqual ? before : next;
}
