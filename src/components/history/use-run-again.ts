import { useState } from "react";
import { toRequestError } from "../../client/sync-request.js";
import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { resultOf } from "../../protocol/sync-result.js";
import { startErrorText } from "../wording/start-error.js";
import { useHistoryContext } from "./history-context.js";

/** The way to run a sync again that has ended. */
export interface RunAgain {
  readonly isOffered: boolean;
  readonly label: string;
  readonly isPending: boolean;
  /** Why the last attempt failed, in words; `null` if none has. */
  readonly failure: string | null;
  readonly run: () => void;
}

/** Continues a sync that did not come to its end, and starts one that did once more. */
export function useRunAgain(sync: SyncSnapshot, name: string): RunAgain {
  const { client, labels, announce } = useHistoryContext();
  const [state, setState] = useState<Pick<RunAgain, "isPending" | "failure">>({ isPending: false, failure: null });
  const { syncId, connectorType, capabilities } = sync;
  const result = resultOf(sync);
  const isUnfinished = result === "failed" || result === "cancelled";

  const start = () =>
    isUnfinished && capabilities?.includes("retry") ? client.retry(syncId) : client.startSync(connectorType);
  const run = async () => {
    if (state.isPending) return;
    setState({ isPending: true, failure: null });
    try {
      const started = await start();
      setState({ isPending: false, failure: null });
      announce(`started:${started}`, labels.announceStart(name));
    } catch (reason) {
      const failure = startErrorText(toRequestError(reason), labels) || labels.commandFailed;
      setState({ isPending: false, failure });
      announce(`refused:${syncId}`, failure, "assertive");
    }
  };
  return {
    ...state,
    isOffered: result !== null && connectorType !== "",
    label: isUnfinished ? labels.tryAgain : labels.syncAgain,
    run: () => void run(),
  };
}
