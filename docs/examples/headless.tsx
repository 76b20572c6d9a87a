"use client";

import { useSyncProgress } from "react-sync-progress/headless";

export function SyncStatus({ syncId }: { readonly syncId: string }) {
  const { status, stage, percent, connection, error, cancel } = useSyncProgress(syncId, {
    onComplete: ({ initial }) => {
      if (!initial) document.title = "All done";
    },
  });
  if (error !== null) return <p role="alert">{error.message}</p>;
  if (status === "complete") return <p>Done.</p>;
  return (
    <p>
      {stage} <progress max={100} value={percent ?? undefined} aria-label="Sync" />
      {connection === "reconnecting" && " Reconnecting..."}
      <button type="button" onClick={() => void cancel()}>
        Cancel
      </button>
    </p>
  );
}
