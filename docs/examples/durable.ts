import { createSyncService, type SyncRun } from "react-sync-progress/server";
import { createSqliteStore } from "react-sync-progress/server/sqlite";

/** A service whose syncs outlive the process; all processes of one machine may open the same file. */
export async function openService(path: string) {
  const service = createSyncService({ store: createSqliteStore({ path }) });
  // Ends, as interrupted, what a killed process has left behind, and never what another one still runs.
  await service.recover();
  return service;
}

/** A job that continues where it was interrupted: what it needs for that is the number of the next mail. */
export async function syncMails(run: SyncRun, mails: readonly string[], fetchMail: (id: string) => Promise<void>) {
  const first = typeof run.resumedFrom === "number" ? run.resumedFrom : 0;
  run.update({ status: "syncing", stage: "Fetching emails...", totalItems: mails.length });
  for (const [index, id] of mails.entries()) {
    if (index < first) continue;
    await run.checkpoint(index);
    await fetchMail(id);
    run.advance({ item: id });
  }
}
