import { createRoot } from "react-dom/client";
import type { SyncClient } from "../../src/client/sync-client.js";
import { useSyncProgress } from "../../src/react/use-sync-progress.js";
import { SYNC_ID } from "./cases.js";
import type { FaultTransport, Seen } from "./fault-case.js";
import { aFaultClient } from "./fault-client.js";
import type { Watched } from "./play-case.js";
import { readWords } from "./read-words.js";

interface ProbeProps {
  readonly client: SyncClient;
  readonly onRender: (seen: Seen) => void;
}

function Probe({ client, onRender }: ProbeProps) {
  const state = useSyncProgress(SYNC_ID, { client });
  onRender({
    status: state.status,
    connection: state.connection,
    percent: state.percent,
    processedItems: state.processedItems,
    stage: state.stage,
    errorKind: state.error?.kind ?? null,
    errorMessage: state.error?.message ?? null,
    isStalled: state.isStalled,
    words: readWords(state),
  });
  return null;
}

/** Watches by the real hook over native EventSources. */
export function watchHook(url: string, transport?: FaultTransport): Watched {
  const client = aFaultClient(url, transport ?? "http");
  const history: Seen[] = [];
  const root = createRoot(document.createElement("div"));
  root.render(<Probe client={client} onRender={(seen) => history.push(seen)} />);
  return { history, stop: () => root.unmount() };
}
