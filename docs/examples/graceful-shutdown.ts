import type { Server } from "node:http";
import type { SyncService, SyncStore } from "react-sync-progress/server";
import type { EmailNotifier } from "react-sync-progress/server/email";

/** Ends the process at SIGTERM when its syncs have finished, and after half a minute in any case. */
export function endGracefully(parts: {
  readonly server: Server;
  readonly service: SyncService;
  readonly store: SyncStore;
  readonly notifier?: EmailNotifier;
}) {
  const { server, service, store, notifier } = parts;
  let isEnding = false;
  async function end() {
    // A second signal: whoever sends it does not want to wait.
    if (isEnding) return service.close();
    isEnding = true;
    // The server listens on meanwhile: readers may come back to this process, and syncs can be cancelled.
    await service.drain({ deadlineMs: 20_000 });
    await notifier?.flush();
    await notifier?.close();
    await store.close();
    server.close(() => process.exit(0));
    // Connections that somebody keeps open without a request, or does not read from.
    setTimeout(() => server.closeAllConnections(), 1_000).unref();
  }
  process.on("SIGTERM", () => void end());
  process.on("SIGINT", () => void end());
}
