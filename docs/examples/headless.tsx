"use client";

import { useSyncProgress } from "react-sync-progress/headless";

export function SyncStatus({ syncId }: { readonly syncId: string }) {
  const progress = useSyncProgress(syncId, {
    onComplete: ({ initial }) => {
      if (!initial) document.title = "All done";
    },
  });
  const { status, stage, percent, connection, error, capabilities, command } = progress;
  // Other errors are for the developer, such as a server that cannot be reached.
  if (error?.kind === "sync-failed") return <p role="alert">{error.message}</p>;
  if (error !== null) return <p role="alert">Progress cannot be shown right now.</p>;
  if (status === "complete") return <p>Done.</p>;
  return (
    <p>
      {stage} <progress max={100} value={percent ?? undefined} aria-label="Sync" />
      {connection === "reconnecting" && " Reconnecting..."}
      {capabilities.includes("cancel") && (
        <button
          type="button"
          disabled={command?.status === "pending"}
          onClick={() => progress.cancel().catch(() => {})}
        >
          Cancel
        </button>
      )}
      {command?.status === "failed" && <span role="alert"> That did not work. Please try again.</span>}
    </p>
  );
}
