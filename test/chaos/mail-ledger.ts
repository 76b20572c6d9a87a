import type { ReceivedMail } from "../server/engines/mail-server.js";
import type { Kill } from "./server-pool.js";

/** A mail, with when the mail server has taken it over. */
export interface DatedMail extends Pick<ReceivedMail, "isSecure" | "recipients"> {
  readonly messageId: string;
  /** The process that has sent it. */
  readonly sender: string;
  readonly at: number;
}

export interface MailCount {
  readonly expected: number;
  readonly received: number;
  /** Message-IDs that have come. */
  readonly different: number;
  /** Mails that came again because the process was killed between the 250 of the mail server and its mark. */
  readonly repeatedByKill: number;
  /** How long before its end such a process had sent the mail, in ms, at most. */
  readonly longestGapMs: number;
  /** What must not be. */
  readonly faults: readonly string[];
}

/** How long a process may take to mark what it has sent, on a machine with much else to do. */
const MARK_MS = 3_000;

/** Counts mails by their Message-ID. `wanted`: the expected ids, with the address of the person of each. */
export function countMails(
  mails: readonly DatedMail[],
  wanted: ReadonlyMap<string, string>,
  kills: readonly Kill[],
): MailCount {
  const killedAt = new Map(kills.map(({ name, at }) => [name, at]));
  const received = Map.groupBy(mails, ({ messageId }) => messageId);
  const faults: string[] = [];
  let repeatedByKill = 0;
  let longestGapMs = 0;
  for (const [messageId, address] of wanted) {
    const copies = received.get(messageId) ?? [];
    if (copies.length === 0) faults.push(`no mail ${messageId}`);
    for (const { recipients, isSecure } of copies) {
      if (recipients.join() !== address || !isSecure) faults.push(`${messageId} was sent to ${recipients.join()}`);
    }
    for (const { sender, at } of copies.slice(0, -1)) {
      const gapMs = (killedAt.get(sender) ?? Number.POSITIVE_INFINITY) - at;
      if (gapMs > MARK_MS) faults.push(`${messageId} came again, although ${sender} had time to mark it`);
      else {
        repeatedByKill += 1;
        longestGapMs = Math.max(longestGapMs, gapMs);
      }
    }
  }
  for (const messageId of received.keys()) if (!wanted.has(messageId)) faults.push(`nobody requested ${messageId}`);
  return {
    expected: wanted.size,
    received: mails.length,
    different: received.size,
    repeatedByKill,
    longestGapMs,
    faults,
  };
}
