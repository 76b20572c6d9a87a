import type { SyncCapability } from "../../protocol/capabilities.js";
import { doneItems } from "../../protocol/snapshot.js";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { Formatter } from "../labels/formatter.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import { describePendingCommand } from "./describe-command.js";
import { currentPhaseText, describePhases, type PhaseText } from "./describe-phases.js";
import { PROGRESS_KINDS, type ProgressKind } from "./progress-kind.js";
import { RECONNECTING_AFTER_MS } from "./reconnecting.js";
import { stageWords } from "./stage-words.js";

/** Something the person can do, named by what it does. */
export type ProgressAction =
  | "background"
  | "pause"
  | "resume"
  | "cancel"
  | "reconnect"
  | "retry"
  | "retry-failed"
  | "sync-again"
  | "sign-in"
  | "done"
  | "close";

/** What the connection has to say. */
export interface ProgressNotice {
  readonly kind: "stalled" | "reconnecting" | "offline";
  readonly text: string;
  /** What can be done about it. */
  readonly action: "reconnect" | null;
}

/** The state of a sync in words: what is on the screen, decided in one place. */
export interface ProgressText {
  readonly kind: ProgressKind;
  /** The dialog's title; does not change with every event. */
  readonly headline: string;
  /** The line below it. */
  readonly body: string;
  /** What a command that was given is about to lead to; shown in the place of the body. */
  readonly pending: string | null;
  /** A fact beyond the body: what was kept. */
  readonly hint: string | null;
  /** What to do next, in words. Hide it when its action is not offered. */
  readonly nextStep: { readonly text: string; readonly action: ProgressAction } | null;
  readonly notice: ProgressNotice | null;
  /** The phases of a sync that has several, until it is complete. */
  readonly phases: readonly PhaseText[];
  /** The main action first. */
  readonly actions: readonly ProgressAction[];
}

/** What a text is made from. */
export interface ProgressTextSource {
  readonly state: SyncProgressState;
  /** The integration's display name. */
  readonly name: string;
  /** Why the sync could not even be started; `null` if it was, or is being started. */
  readonly startError: string | null;
}

/** What the backend must offer for an action on a sync. */
const NEEDED: Readonly<Partial<Record<ProgressAction, SyncCapability>>> = {
  pause: "pause",
  resume: "pause",
  cancel: "cancel",
  retry: "retry",
  "sync-again": "retry",
  "retry-failed": "retry_failed",
};

/** Actions that need the server, and so are not offered offline. */
const NEEDS_SERVER: ReadonlySet<ProgressAction> = new Set(["pause", "resume", "cancel"]);

/** Whether the backend offers an action, and can be reached for it. */
function isOffered(action: ProgressAction, { syncId, capabilities, isOffline }: SyncProgressState): boolean {
  // A start that failed has no sync yet; the application starts again.
  if (syncId === null) return true;
  const needed = NEEDED[action];
  const isReachable = !isOffline || !NEEDS_SERVER.has(action);
  return isReachable && (needed === undefined || capabilities.includes(needed));
}

/** The state table of the experience: for every state its headline, body, notice and actions. */
export function describeProgress(
  { state, name, startError }: ProgressTextSource,
  labels: SyncLabels,
  format: Formatter,
  now: number | null,
): ProgressText {
  const done = doneItems(state);
  const notice = noticeOf(state, labels, format, now);
  const textOf = (
    kind: ProgressKind,
    headline: string,
    body: string,
    actions: readonly ProgressAction[],
    hint: string | null = null,
  ): ProgressText => ({
    kind,
    headline,
    body,
    pending: PROGRESS_KINDS[kind].hasBar ? describePendingCommand(state, labels) : null,
    hint,
    nextStep: kind === "failed" ? { text: labels.whatNext, action: "retry" } : null,
    notice,
    phases: PROGRESS_KINDS[kind].hasPhases ? describePhases(state, labels) : [],
    actions: actions.filter((action) => isOffered(action, state)),
  });

  if (startError !== null && state.syncId === null)
    return textOf("failed", labels.failed(name), startError || labels.failedBody, ["retry", "close"]);
  if (!state.isTerminal) {
    const lost = state.error?.kind;
    if (lost === "unauthorized") {
      return textOf("unauthorized", labels.signedOut, labels.signedOutBody, ["sign-in", "close"]);
    }
    if (lost === "not-found") return textOf("not-found", labels.notFound, labels.notFoundBody, ["close"]);
    if (lost === "unreachable" || lost === "invalid-response") {
      const retryIn = state.retryAt === null || now === null ? null : Math.max(0, state.retryAt - now);
      const body = labels.unreachableBody(retryIn === null || retryIn < 500 ? null : retryIn, format);
      return { ...textOf("unreachable", labels.unreachable, body, ["reconnect", "close"]), notice: null };
    }
  }

  switch (state.status) {
    case null:
      return textOf("opening", labels.syncing(name), labels.stages.connecting, ["background"]);
    case "queued":
      return textOf("queued", labels.waiting(name), stageWords(state.stage, labels) || labels.stages.queued, [
        "background",
        "cancel",
      ]);
    case "paused": {
      const body = labels.pausedAt(done, state.totalItems, format, currentPhaseText(state, labels));
      return textOf("paused", labels.paused(name), body, ["resume", "cancel", "close"]);
    }
    case "complete":
      return describeComplete(state, name, labels, format, textOf);
    case "error":
      return describeFailure(state, name, labels, format, textOf);
    case "cancelled": {
      const body = labels.cancelledBody(state.processedItems, state.totalItems, format);
      return textOf("cancelled", labels.cancelled(name), body, ["sync-again", "close"]);
    }
    default:
      // Every status in which work is done; another one has no entry in `stages`, and does not compile.
      return textOf("running", labels.syncing(name), state.stage || labels.stages[state.status], [
        "background",
        "pause",
        "cancel",
      ]);
  }
}

type TextOf = (
  kind: ProgressKind,
  headline: string,
  body: string,
  actions: readonly ProgressAction[],
  hint?: string | null,
) => ProgressText;

function describeComplete(
  state: SyncProgressState,
  name: string,
  labels: SyncLabels,
  format: Formatter,
  textOf: TextOf,
): ProgressText {
  const { processedItems, failedItems, totalItems, durationMs } = state;
  if (failedItems > 0) {
    const total = Math.max(totalItems ?? 0, doneItems(state));
    const headline = labels.completeWithFailures(name, failedItems, format);
    const body = labels.completeWithFailuresBody(processedItems, total, format);
    const again = state.capabilities.includes("retry_failed") ? "retry-failed" : "sync-again";
    return textOf("partial", headline, body, [again, "done"]);
  }
  const count = processedItems > 0 ? processedItems : (totalItems ?? 0);
  // Less than a second is not worth a number.
  const duration = durationMs !== null && durationMs >= 1_000 ? durationMs : null;
  const body = count === 0 ? labels.nothingNew : labels.completeBody(count, duration, format);
  return textOf("complete", labels.complete(name), body, ["done"]);
}

function describeFailure(
  { error, processedItems }: SyncProgressState,
  name: string,
  labels: SyncLabels,
  format: Formatter,
  textOf: TextOf,
): ProgressText {
  const hint = processedItems > 0 ? labels.itemsKept(processedItems, format) : null;
  const message = error?.message ?? "";
  switch (error?.code) {
    case "timed_out":
      return textOf("failed", labels.timedOut(name), message || labels.timedOutBody, ["retry", "close"], hint);
    case "interrupted":
      return textOf("failed", labels.interrupted(name), labels.interruptedBody, ["retry", "close"], hint);
    default:
      return textOf("failed", labels.failed(name), message || labels.failedBody, ["retry", "close"], hint);
  }
}

function noticeOf(
  state: SyncProgressState,
  labels: SyncLabels,
  format: Formatter,
  now: number | null,
): ProgressNotice | null {
  if (state.isTerminal || state.status === null) return null;
  const isPaused = state.status === "paused";
  if (state.isOffline) return { kind: "offline", text: isPaused ? labels.offlinePaused : labels.offline, action: null };
  const lostForMs = state.disconnectedAt === null || now === null ? 0 : now - state.disconnectedAt;
  if (state.connection === "reconnecting" && lostForMs >= RECONNECTING_AFTER_MS) {
    const text = isPaused ? labels.reconnectingPaused : labels.reconnecting;
    return { kind: "reconnecting", text, action: "reconnect" };
  }
  if (state.isStalled && state.lastUpdateAt !== null && now !== null) {
    return { kind: "stalled", text: labels.stalled(state.lastUpdateAt, now, format), action: null };
  }
  return null;
}
