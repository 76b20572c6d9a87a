import type { SyncSnapshot } from "../protocol/snapshot.js";
import { canPauseStatus, isTerminalStatus } from "../protocol/status.js";
import type { Scope } from "./scope.js";
import type { ScopeHub } from "./scope-hub.js";
import { type StoreCalls, within } from "./store-calls.js";
import type { SyncEnder } from "./sync-ender.js";
import { CANCELLED } from "./sync-outcome.js";
import type { LocalSync, SyncRunner } from "./sync-runner.js";
import { readRecord, type SyncCommand, type SyncRecord, type SyncStore } from "./sync-store.js";
import { openSubscription } from "./sync-subscription.js";

/** What a command to a sync led to. `null`: the scope has no such sync. */
export type CommandResult = { readonly isDone: boolean; readonly snapshot: SyncSnapshot } | null;

export interface SyncCommandsOptions {
  readonly store: SyncStore;
  readonly calls: StoreCalls;
  readonly hub: ScopeHub;
  readonly ender: SyncEnder;
  readonly runner: SyncRunner;
  readonly commandTimeoutMs: number;
}

/** Which states a command is for, and which one shows that it was carried out. */
const COMMANDS = {
  cancel: { isFor: () => true, isDone: ({ status }: SyncSnapshot) => status === "cancelled" },
  pause: {
    isFor: ({ status }: SyncSnapshot) => canPauseStatus(status),
    isDone: ({ status }: SyncSnapshot) => status === "paused",
  },
  resume: {
    isFor: ({ status }: SyncSnapshot) => status === "paused",
    isDone: ({ status }: SyncSnapshot) => status !== "paused" && !isTerminalStatus(status),
  },
} as const;

/** Carries out a command to a sync, wherever that runs. `null` if the scope has no such sync. */
export async function sendCommand(
  options: SyncCommandsOptions,
  scope: Scope,
  syncId: string,
  command: SyncCommand,
): Promise<CommandResult> {
  const { store, calls, runner } = options;
  const record = await calls.once((signal) => readRecord(store, scope, syncId, signal));
  if (record === null) return null;
  const { snapshot } = record;
  const local = runner.find(scope, syncId);
  if (isTerminalStatus(snapshot.status)) return { isDone: false, snapshot };
  if (local !== undefined) {
    const result = await commandHere(local, command, options.commandTimeoutMs);
    const isMissed = command === "cancel" && !isTerminalStatus(result.snapshot.status) && !result.isDone;
    // Its attempt was over in that moment, and it waits for the next one.
    if (!isMissed) return result;
  }
  if (!COMMANDS[command].isFor(snapshot)) return { isDone: false, snapshot };
  return commandElsewhere(options, record, command);
}

/** Does not wait for a store that is away: the job is stopped or held already, and the stream will say so. */
async function commandHere(
  local: LocalSync,
  command: SyncCommand,
  timeoutMs: number,
): Promise<NonNullable<CommandResult>> {
  if (command === "cancel") {
    const last = await within(timeoutMs, local.end(CANCELLED));
    return last === null
      ? { isDone: true, snapshot: local.written }
      : { isDone: COMMANDS.cancel.isDone(last), snapshot: last };
  }
  const isDone = await within(timeoutMs, local.hold(command));
  return { isDone: isDone ?? true, snapshot: local.written };
}

/** Sends the command to the process that runs the sync, and waits for its effect. */
async function commandElsewhere(
  options: SyncCommandsOptions,
  record: SyncRecord,
  command: SyncCommand,
): Promise<CommandResult> {
  const { store, calls, hub, ender, commandTimeoutMs } = options;
  const { scope, snapshot } = record;
  const { syncId } = snapshot;
  const { isDone } = COMMANDS[command];
  let check = () => {};
  const subscription = await openSubscription({
    store,
    calls,
    hub,
    scope,
    subject: { syncId },
    listener: () => check(),
  });
  if (subscription === null) return null;
  const latest = () => subscription.latest[0] ?? snapshot;
  try {
    // What waits in a queue is run by nobody.
    if (record.claim !== null && !(command === "cancel" && snapshot.status === "queued")) {
      const effect = new Promise<void>((resolve) => {
        check = () => {
          if (isDone(latest()) || isTerminalStatus(latest().status)) resolve();
        };
        check();
      });
      await calls.once((signal) => store.command(scope, syncId, command, signal));
      await within(commandTimeoutMs, effect);
    }
    if (command !== "cancel" || isTerminalStatus(latest().status))
      return { isDone: isDone(latest()), snapshot: latest() };
    // Nobody obeys: the process is gone, or does nothing else than its work.
    const end = await within(commandTimeoutMs, ender.endRecord({ ...record, snapshot: latest() }, CANCELLED, null));
    if (end === null) return { isDone: true, snapshot: latest() };
    if (end.isWritten) return { isDone: true, snapshot: end.snapshot };
    const ended = await calls.once((signal) => store.get(scope, syncId, signal));
    return ended === null ? null : { isDone: isDone(ended.snapshot), snapshot: ended.snapshot };
  } finally {
    subscription.unsubscribe();
  }
}
