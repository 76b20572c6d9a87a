import { useMemo } from "react";
import type { SyncClient } from "../../client/sync-client.js";
import type { SyncView } from "../../client/sync-view.js";
import type { Integration } from "../../protocol/integration.js";
import { progressStateOf } from "../../react/progress-source.js";
import { describeProgress, type ProgressText } from "../wording/describe-progress.js";
import { isolate } from "../wording/direction.js";
import type { Wording } from "../wording/use-wording.js";

/** Puts a sync of a list into words. */
export interface DescribedSync {
  /** The display name of its integration; `undefined` if the application gave none. */
  readonly nameOf: (view: SyncView) => string | undefined;
  readonly describe: (view: SyncView) => ProgressText;
}

/** The words for any sync of a list, with the names that the application has for its integrations. */
export function useDescribedSync(
  client: SyncClient,
  integrations: readonly Integration[] | undefined,
  { labels, format, dir }: Wording,
): DescribedSync {
  return useMemo(() => {
    const names = new Map(integrations?.map(({ type, name }) => [type, name]));
    const nameOf = (view: SyncView) => names.get(view.snapshot?.connectorType ?? "");
    const describe = (view: SyncView) => {
      const state = progressStateOf(client, view);
      const name = isolate(nameOf(view) || state.connectorType || labels.unnamed, dir);
      return describeProgress({ state, name, startError: null }, labels, format, null);
    };
    return { nameOf, describe };
  }, [client, integrations, labels, format, dir]);
}
