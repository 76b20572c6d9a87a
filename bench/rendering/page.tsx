import { type ReactNode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { SyncProgressModal } from "react-sync-progress";
import { SNAPSHOT_EVENTS } from "../../src/protocol/events.js";

/**
 * The page of the rendering benchmark. `?show=` says what follows the sync named by `?sync=`: `count` only counts the
 * events, `state` sets a component's state on each of them, `modal` is the open modal.
 */

const query = new URLSearchParams(location.search);
const syncId = query.get("sync") ?? "";
const SHOWN: Readonly<Record<string, () => ReactNode>> = {
  count: () => <Count />,
  state: () => <State />,
  modal: () => <SyncProgressModal name="Bench" syncId={syncId} open onOpenChange={() => {}} autoCloseMs={false} />,
};

createRoot(document.getElementById("root") ?? document.body).render(SHOWN[query.get("show") ?? ""]?.());

function listen(onSnapshot: (data: string, isEnd: boolean) => void): () => void {
  const source = new EventSource(`/api/sync-progress/${syncId}/stream`);
  for (const name of SNAPSHOT_EVENTS) {
    source.addEventListener(name, ({ data }) => {
      if (name === "complete") source.close();
      onSnapshot(data, name === "complete");
    });
  }
  return () => source.close();
}

/** The floor: what it costs to receive the events at all. */
function Count() {
  useEffect(() => {
    let count = 0;
    return listen((_, isEnd) => {
      count += 1;
      if (isEnd) document.body.dataset["status"] = `complete after ${count}`;
    });
  }, []);
  return <p>Counting</p>;
}

interface Shown {
  readonly status: string;
  readonly stage: string;
  readonly total_items: number;
  readonly processed_items: number;
  readonly current_item: string;
}

/** What one writes first: every event is parsed, and becomes state. */
function State() {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => listen((data) => setShown(JSON.parse(data))), []);
  if (shown === null) return <p>Connecting...</p>;
  const percent = Math.floor((shown.processed_items / shown.total_items) * 100);
  return (
    <div role="dialog" aria-label="Bench" data-status={shown.status}>
      <h2>Syncing Bench</h2>
      <p>{shown.stage}</p>
      <div role="progressbar" aria-label="Bench" aria-valuenow={percent}>
        <div style={{ width: `${percent}%`, height: 8, background: "blue", transition: "width 0.3s" }} />
      </div>
      <p>
        {shown.processed_items.toLocaleString()} of {shown.total_items.toLocaleString()} ({percent} %)
      </p>
      <p>{shown.current_item}</p>
    </div>
  );
}
