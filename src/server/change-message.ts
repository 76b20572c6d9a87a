import { snapshotFromText } from "./stored-snapshot.js";
import type { SyncChange, SyncCommand } from "./sync-store.js";

/*
 * How the processes of a store notify each other of changes. A message is `s<seq><mail>:<sync id>\n<snapshot>`,
 * `r<seq>:<sync id>` for a state that is too long for a message and has to be read, `d:<sync id>` for a deleted sync, or
 * `c<command>:<sync id>`. A snapshot as JSON has no line feed. What begins with `p:` is for the listener of Redis.
 */

/** What a message says. */
export type ChangeMessage = SyncChange | { readonly type: "changed"; readonly syncId: string };

/** Whether a mail is wanted, as stores keep it beside the snapshot: no owner may overwrite it. */
export function mailToText(isWanted: boolean | null): string {
  if (isWanted === null) return "";
  return isWanted ? "+" : "-";
}

export function mailFromText(text: string): boolean | null {
  if (text === "+") return true;
  return text === "-" ? false : null;
}

/**
 * Reads a message. `null` for one that is none of ours, and for the state of a sync that is not newer than the `seq` it
 * has in `seqs`.
 */
export function readChangeMessage(message: string, seqs: ReadonlyMap<string, number>): ChangeMessage | null {
  const colon = message.indexOf(":");
  const [kind, head, rest] = [message.charAt(0), message.slice(1, colon), message.slice(colon + 1)];
  if (kind === "d") return { type: "deleted", syncId: rest };
  if (kind === "c" && isSyncCommand(head)) return { type: "command", syncId: rest, command: head };
  const seq = Number.parseInt(head, 10);
  if (kind === "r") return (seqs.get(rest) ?? 0) >= seq ? null : { type: "changed", syncId: rest };
  const end = rest.lastIndexOf("\n");
  // Before it is decoded: what this process has written is most of what it receives.
  if (kind !== "s" || (seqs.get(rest.slice(0, end)) ?? 0) >= seq) return null;
  try {
    const given = { seq, notifyEmail: mailFromText(head.slice(-1)) };
    return { type: "snapshot", snapshot: snapshotFromText(rest.slice(end + 1), given) };
  } catch {
    return null;
  }
}

function isSyncCommand(text: string): text is SyncCommand {
  return text === "cancel" || text === "pause" || text === "resume";
}
