import type { CreateEventSource } from "../../src/client/event-source.js";
import { httpTransport } from "../../src/client/http-transport.js";
import type { MapSnapshot } from "../../src/client/map-snapshot.js";
import { pollingTransport } from "../../src/client/polling-transport.js";
import { SyncClient } from "../../src/client/sync-client.js";
import type { SyncTransport } from "../../src/client/sync-transport.js";
import { webSocketTransport } from "../../src/client/web-socket-transport.js";
import { FAST_CLIENT, type FaultTransport } from "./fault-case.js";

/** A client with short times, for a fault server at `url`. */
export function aFaultClient(
  url: string,
  transport: FaultTransport,
  createEventSource?: CreateEventSource,
): SyncClient {
  return new SyncClient({
    ...FAST_CLIENT,
    // A handshake takes several turns of a busy machine, and an attempt that was given up uses up its treatment.
    ...(transport === "socket" ? { openTimeoutMs: 600, stallTimeoutMs: 600 } : {}),
    transport: transportOf(url, transport, createEventSource),
  });
}

function transportOf(url: string, transport: FaultTransport, createEventSource?: CreateEventSource): SyncTransport {
  const { requestTimeoutMs, pollIntervalMs } = FAST_CLIENT;
  const http = () => httpTransport({ baseUrl: url, requestTimeoutMs, createEventSource });
  const socket = () =>
    webSocketTransport({
      url: (syncId) => `${url.replace("http", "ws")}/sync-progress/${syncId}/socket`,
      mapSnapshot: fromForeignJson,
    });
  switch (transport) {
    case "http":
      return http();
    case "polling":
      return pollingTransport({
        getStatus: (syncId, signal) => fetch(`${url}/sync-progress/${syncId}`, { signal }),
        intervalMs: pollIntervalMs,
      });
    case "socket":
      return socket();
    case "socket-and-http":
      return { ...http(), ...socket() };
    default:
      transport satisfies never;
      return http();
  }
}

interface ForeignJob {
  readonly type?: string;
  readonly job?: string;
  readonly state: string;
  readonly label?: string;
  readonly version?: number;
  readonly progress: { readonly done: number; readonly total: number };
}

/** The JSON that the fault server sends over sockets is not ours: other names, other words, nested progress. */
const fromForeignJson: MapSnapshot = (value) => {
  const message = value as ForeignJob;
  if (message.type === "ping") return null;
  return {
    syncId: message.job,
    status: message.state === "finished" ? "complete" : message.state === "working" ? "syncing" : message.state,
    stage: message.label,
    totalItems: message.progress.total,
    processedItems: message.progress.done,
    seq: message.version,
  };
};
