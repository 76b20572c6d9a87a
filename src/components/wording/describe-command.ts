import type { SyncCommandName } from "../../client/sync-view.js";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import type { ProgressAction } from "./describe-progress.js";

/** The command that an action gives to the server. */
export const ACTION_COMMANDS: Readonly<Partial<Record<ProgressAction, SyncCommandName>>> = {
  cancel: "cancel",
  pause: "pause",
  resume: "resume",
  retry: "retry",
  "sync-again": "retry",
  "retry-failed": "retry_failed",
};

type CommandSource = Pick<SyncProgressState, "command" | "status" | "isTerminal">;

/** Whether the status is the one that a command leads to. */
function isReached(command: SyncCommandName, { status, isTerminal }: CommandSource): boolean {
  switch (command) {
    case "pause":
      return status === "paused" || isTerminal;
    case "resume":
      return status !== "paused";
    case "cancel":
      return isTerminal;
    default:
      // A retry is another sync.
      return false;
  }
}

/** What a command that was given is about to lead to, in words; `null` if none is pending, or the status says it already. */
export function describePendingCommand(state: CommandSource, labels: SyncLabels): string | null {
  const { command } = state;
  if (command?.status !== "pending" || isReached(command.name, state)) return null;
  return labels.commandPending[command.name];
}

/** Why the last command was not carried out, in words; `null` if none has failed. */
export function describeFailedCommand(
  { command }: Pick<SyncProgressState, "command">,
  labels: SyncLabels,
): string | null {
  if (command?.status !== "failed") return null;
  const { kind, status } = command.error ?? {};
  if (kind === "unreachable") return labels.commandFailures.unreachable;
  if (status === 401 || status === 403) return labels.commandFailures.forbidden;
  return status === 409 ? labels.commandFailures.conflict : labels.commandFailed;
}
