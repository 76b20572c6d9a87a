"use client";

import { SyncAll } from "react-sync-progress";
import "react-sync-progress/styles.css";

export function AllSources() {
  return <SyncAll concurrency={2} onReauthorize={({ type }) => location.assign(`/connect/${type}`)} />;
}
