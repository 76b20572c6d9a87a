import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { type RunningBackend, TYPES } from "./example-backends.js";

/** A sync that says the least that the protocol requires, and those who read it. */
interface SmallSync {
  snapshot: { readonly sync_id: string; readonly status: string; readonly [name: string]: unknown };
  readonly readers: Set<ServerResponse>;
}

/** Starts the two endpoints that docs/protocol.md requires, and nothing else. */
export async function startSmallestBackend(): Promise<RunningBackend> {
  const syncs = new Map<string, SmallSync>();
  const server = createServer(({ url = "" }, response) => {
    const [, , syncId = "", part] = url.slice("/api".length).split("/");
    const sync = syncs.get(syncId);
    if (sync === undefined)
      response.writeHead(404, JSON_TYPE).end('{"success":false,"error":"There is no such sync."}');
    else if (part !== "stream") response.writeHead(200, JSON_TYPE).end(JSON.stringify(sync.snapshot));
    else {
      response.writeHead(200, { "content-type": "text/event-stream" });
      send(response, "current_state", sync);
      sync.readers.add(response);
      response.on("close", () => sync.readers.delete(response));
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const closing = new AbortController();

  async function work(sync: SmallSync, type: string): Promise<void> {
    const report = (event: string, changes: object) => {
      sync.snapshot = { ...sync.snapshot, ...changes };
      for (const reader of sync.readers) send(reader, event, sync);
    };
    for (let item = 1; item <= (type === TYPES.endless ? 1_000 : 9); item += 1) {
      await wait(60, undefined, { signal: closing.signal });
      const failed = type === TYPES.partlyFailed ? Math.floor(item / 3) : 0;
      report("progress", { processed_items: item - failed, failed_items: failed });
    }
    if (type === TYPES.failed) report("error", { status: "error", error_message: "The access has expired." });
    else report("complete", { status: "complete" });
  }

  return {
    backend: {
      baseUrl: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/api`,
      offers: new Set(),
      ada: {},
      grace: {},
      types: TYPES,
      async startSync(type) {
        const sync: SmallSync = {
          snapshot: {
            sync_id: crypto.randomUUID(),
            status: "syncing",
            total_items: type === TYPES.endless ? 1_000 : 9,
          },
          readers: new Set(),
        };
        syncs.set(sync.snapshot.sync_id, sync);
        work(sync, type).catch(() => {});
        return sync.snapshot.sync_id;
      },
    },
    async stop() {
      closing.abort();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const JSON_TYPE = { "content-type": "application/json" };

function send(response: ServerResponse, event: string, { snapshot }: SmallSync): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(snapshot)}\n\n`);
  if (snapshot.status === "complete" || snapshot.status === "error") response.end();
}
