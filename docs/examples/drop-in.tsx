"use client";

import { useState } from "react";
import { SyncProgressModal, useStartSync } from "react-sync-progress";
import "react-sync-progress/styles.css";

export function SyncButton() {
  const { start, syncId, error } = useStartSync("gmail");
  const [open, setOpen] = useState(false);
  const sync = () => {
    setOpen(true);
    start().catch(() => {});
  };
  return (
    <>
      <button type="button" onClick={sync}>
        Sync Gmail
      </button>
      <SyncProgressModal
        name="Gmail"
        syncId={syncId}
        open={open}
        onOpenChange={setOpen}
        startError={error}
        onRestart={sync}
      />
    </>
  );
}
