import { useCallback, useRef, useState } from "react";
import type { StartSyncOptions } from "../client/sync-api.js";
import type { SyncClient } from "../client/sync-client.js";
import { SyncRequestError } from "../client/sync-request.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";

/** What {@link useStartSync} answers. */
export interface StartSync {
  /** Starts a sync and answers its id; while a start is under way, answers that one's. Rejects where it is refused. */
  start(options?: StartSyncOptions): Promise<string>;
  /** The sync started last here; `null` until one is, and again as soon as another start begins. */
  readonly syncId: string | null;
  readonly isStarting: boolean;
  /** Why the last start failed. */
  readonly error: SyncRequestError | null;
}

/** What a start is about. */
interface StartSubject {
  readonly client: SyncClient;
  readonly integrationType: string;
}

type StartState = StartSubject & Omit<StartSync, "start">;

/**
 * Starts syncs of an integration.
 *
 * @example
 * const { start, syncId, isStarting, error } = useStartSync("gmail");
 */
export function useStartSync(integrationType: string, source: SyncClientSource = {}): StartSync {
  const client = useSyncClient(source);
  const idle: StartState = { client, integrationType, syncId: null, isStarting: false, error: null };
  const [known, setKnown] = useState(idle);
  // What is known of one integration says nothing of another, nor of another account's.
  const { syncId, isStarting, error } = isSameSubject(known, idle) ? known : idle;
  const underWay = useRef<(StartSubject & { readonly started: Promise<string> }) | null>(null);

  const start = useCallback(
    (options?: StartSyncOptions) => {
      const subject: StartSubject = { client, integrationType };
      if (underWay.current !== null && isSameSubject(underWay.current, subject)) return underWay.current.started;
      const know = (state: Omit<StartSync, "start">) => {
        if (underWay.current?.started === started) underWay.current = null;
        // A start of something else that was begun since is what the hook is about now.
        setKnown((newest) => (isSameSubject(newest, subject) ? { ...subject, ...state } : newest));
      };
      setKnown({ ...subject, syncId: null, isStarting: true, error: null });
      const started = client.startSync(integrationType, options).then(
        (startedId) => {
          know({ syncId: startedId, isStarting: false, error: null });
          return startedId;
        },
        (reason: unknown) => {
          const refusal = reason instanceof SyncRequestError ? reason : new SyncRequestError(String(reason));
          know({ syncId: null, isStarting: false, error: refusal });
          throw refusal;
        },
      );
      underWay.current = { ...subject, started };
      return started;
    },
    [client, integrationType],
  );
  return { start, syncId, isStarting, error };
}

function isSameSubject(a: StartSubject, b: StartSubject): boolean {
  return a.client === b.client && a.integrationType === b.integrationType;
}
