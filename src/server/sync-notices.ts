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

/** Which mails are sent. */
export interface EmailNotices {
  /** Whether a mail is requested for every new sync; people can change that for each. Default `false`. */
  readonly isRequestedByDefault?: boolean;
  /** For which ends a mail is sent even though nobody has requested one, such as failures. Default none. */
  readonly isAlwaysSent?: (ended: SyncSnapshot) => boolean;
}

/** The notices of a sync that ends. */
export type NoticesOf = (scope: Scope, last: SyncSnapshot) => readonly NewNotice[];

/**
 * What the service puts into the outbox. The payload is JSON of whose sync it is and of its last snapshot, as on the wire:
 * `{"scope":{"tenantId","userId"},"snapshot":{...}}`.
 */
export function createNoticesOf({ email }: SyncNotices, onError: (error: unknown, syncId: string) => void): NoticesOf {
  if (email === undefined) return () => [];
  const isAlwaysSent = (last: SyncSnapshot) => {
    try {
      return email.isAlwaysSent?.(last) === true;
    } catch (error) {
      onError(error, last.syncId);
      return false;
    }
  };
  return ({ tenantId, userId }, last) => {
    if (last.status === "cancelled") return [];
    const payload = JSON.stringify({ scope: { tenantId, userId }, snapshot: encodeSnapshot(last) });
    return [{ kind: EMAIL_KIND, payload, isOnRequest: !isAlwaysSent(last) }];
  };
}
