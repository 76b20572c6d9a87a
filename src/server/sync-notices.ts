import { encodeSnapshot, type SyncSnapshot } from "../protocol/snapshot.js";
import type { Scope } from "./scope.js";
import type { NewNotice } from "./sync-store.js";

/** The kind of notices that are sent as mails. */
export const EMAIL_KIND = "email";

/** Which notices a service puts into the outbox of its store when syncs end. */
export interface SyncNotices {
  /**
   * Offers people a mail at the end of a sync (the capability `"notify"`). Give it only if something sends what is in the
   * outbox (`claimNotices` of the store). There is none for a sync that was cancelled.
   */
  readonly email?: EmailNotices;
}

/**
 * Which mails are sent: those that were requested, and by a policy (`isAlwaysSent`, `minDurationMs`) others, whose person has
 * not thought of it or has revoked the request. With both, a mail goes out by policy only if both allow it.
 */
export interface EmailNotices {
  /** Whether a mail is requested for every new sync; people can change that for each. Default `false`. */
  readonly isRequestedByDefault?: boolean;
  /**
   * For which ends a mail is sent even though nobody has requested one, such as failures. Default none, or with
   * `minDurationMs` all.
   */
  readonly isAlwaysSent?: (ended: SyncSnapshot) => boolean;
  /**
   * ms that a sync must have taken, from its start to its end, for a mail that nobody has requested: who started it has
   * probably stopped to look. Requested mails are sent whatever it took. Default 0 with `isAlwaysSent`, else no mail is sent
   * without a request.
   */
  readonly minDurationMs?: number;
}

/** The notices of a sync that ends. */
export type NoticesOf = (scope: Scope, last: SyncSnapshot) => readonly NewNotice[];

/**
 * What the service puts into the outbox. The payload is JSON of whose sync it is and of its last snapshot, as on the wire:
 * `{"scope":{"tenantId","userId"},"snapshot":{...}}`.
 *
 * @throws TypeError when `minDurationMs` is not valid.
 */
export function createNoticesOf({ email }: SyncNotices, onError: (error: unknown, syncId: string) => void): NoticesOf {
  if (email === undefined) return () => [];
  checkDuration(email.minDurationMs);
  const { isAlwaysSent, minDurationMs } = email;
  const isSentByPolicy = (last: SyncSnapshot) => {
    if (isAlwaysSent === undefined && minDurationMs === undefined) return false;
    if (durationOf(last) < (minDurationMs ?? 0)) return false;
    try {
      return isAlwaysSent === undefined || isAlwaysSent(last) === true;
    } catch (error) {
      onError(error, last.syncId);
      return false;
    }
  };
  return ({ tenantId, userId }, last) => {
    if (last.status === "cancelled") return [];
    const payload = JSON.stringify({ scope: { tenantId, userId }, snapshot: encodeSnapshot(last) });
    return [{ kind: EMAIL_KIND, payload, isOnRequest: !isSentByPolicy(last) }];
  };
}

function durationOf({ startedAt, completedAt }: SyncSnapshot): number {
  return startedAt === null || completedAt === null ? 0 : completedAt - startedAt;
}

function checkDuration(minDurationMs: number | undefined): void {
  if (minDurationMs === undefined || (minDurationMs >= 0 && minDurationMs < Number.POSITIVE_INFINITY)) return;
  throw new TypeError(
    `SyncProgressError: notices.email.minDurationMs must be a finite number of at least 0, got ${String(minDurationMs)}.`,
  );
}
