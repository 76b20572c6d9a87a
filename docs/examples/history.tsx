"use client";

import { useState } from "react";
import { SyncHistory, SyncProgressModal } from "react-sync-progress";
import "react-sync-progress/styles.css";

export function HistoryPage() {
  const [syncId, setSyncId] = useState<string | null>(null);
  return (
    <>
      <SyncHistory onShowProgress={setSyncId} />
      <SyncProgressModal syncId={syncId} open={syncId !== null} onOpenChange={() => setSyncId(null)} />
    </>
  );
}
