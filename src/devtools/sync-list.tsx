import type { LoggedSync } from "./devtools-log.js";

interface SyncListProps {
  readonly syncs: readonly LoggedSync[];
  /** The one whose events are shown; `null` for all. */
  readonly selected: string | null;
  readonly onSelect: (syncId: string | null) => void;
  readonly onReconnect: (syncId: string) => void;
}

/** The syncs of the page, newest first; a press on one filters the events. */
export function SyncList({ syncs, selected, onSelect, onReconnect }: SyncListProps) {
  return (
    <section aria-label="Syncs" className="syncs">
      {syncs.length === 0 && <p>No component watches a sync.</p>}
      <ul>
        {[...syncs].reverse().map((sync) => {
          const { syncId } = sync.view;
          return (
            <li key={syncId} className={sync.isWatched ? "" : "unwatched"}>
              <button
                type="button"
                aria-pressed={selected === syncId}
                onClick={() => onSelect(selected === syncId ? null : syncId)}
              >
                <SyncSummary {...sync} />
              </button>
              {sync.isWatched && !sync.view.isTerminal && (
                <button type="button" aria-label={`Reconnect ${syncId}`} onClick={() => onReconnect(syncId)}>
                  Reconnect
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function SyncSummary({ view, messages, updates, isWatched }: LoggedSync) {
  const { syncId, snapshot, status, percent, connection, isOffline, isStalled, error } = view;
  const facts = [
    status ?? "no snapshot yet",
    percent === null ? "? %" : `${percent.toFixed(1)} %`,
    connection,
    ...(isOffline ? ["offline"] : []),
    ...(isStalled ? ["stalled"] : []),
    ...(error === null ? [] : [error.kind]),
    ...(isWatched ? [] : ["not watched"]),
  ];
  return (
    <>
      <strong>{snapshot?.connectorType ?? "?"}</strong> <code>{syncId.slice(0, 8)}</code>
      <br />
      {facts.join(" · ")}
      <br />
      <small>
        seq {snapshot?.seq ?? "none"} · {messages} messages, {updates} updates of its displays
      </small>
    </>
  );
}
