import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** How the gate treats the requests that come from now on. */
export interface GateRules {
  /** `"hold"` never responds; a number is a status. Default: they pass. */
  readonly streams?: "hold" | number;
  /** Status of every request to the API but sign-in. Default: they pass. */
  readonly api?: number;
}

/** A way to the demo's server that can be disturbed. */
export interface Gate {
  readonly url: string;
  /** How many streams are open now. */
  openStreams(): number;
  /** How many requests for a stream, other requests to the API, and heartbeats there were since the rules were set. */
  counts(): { readonly streams: number; readonly others: number; readonly heartbeats: number };
  setRules(rules: GateRules): void;
  /** Resets the connections of the streams that are open. */
  dropStreams(): void;
  /** Passes nothing on to the streams that are open, and does not close them. */
  silenceStreams(): void;
  close(): Promise<void>;
}

const isStream = (url: string) => /\/stream(\?|$)/.test(url);

/** Starts a gate in front of a port. */
export async function startGate(target: number): Promise<Gate> {
  const streams = new Map<Socket, IncomingMessage | null>();
  let rules: GateRules = {};
  let counts = { streams: 0, others: 0, heartbeats: 0 };

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url, headers } = incoming;
    const onward = request({ port: target, host: "127.0.0.1", method, path: url, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      if (isStream(url ?? "")) streams.set(incoming.socket, response);
      response.on("data", (chunk: Buffer) => {
        if (chunk.includes("event: heartbeat")) counts.heartbeats += 1;
      });
      response.pipe(outgoing);
      response.on("error", () => outgoing.destroy());
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }

  const server = createServer((incoming, outgoing) => {
    const { url = "", socket } = incoming;
    if (!url.startsWith("/api/") || url.startsWith("/api/demo/")) return pass(incoming, outgoing);
    if (isStream(url)) {
      counts.streams += 1;
      streams.set(socket, null);
      outgoing.once("close", () => streams.delete(socket));
    } else counts.others += 1;
    const status = rules.api ?? (isStream(url) ? rules.streams : undefined);
    if (status === "hold") return;
    if (status === undefined) return pass(incoming, outgoing);
    outgoing.writeHead(status, { "content-type": "application/json" }).end('{"success":false,"error":"Refused."}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://localhost:${port}`,
    openStreams: () => streams.size,
    counts: () => counts,
    setRules(next) {
      rules = next;
      counts = { streams: 0, others: 0, heartbeats: 0 };
    },
    dropStreams() {
      for (const socket of streams.keys()) socket.resetAndDestroy();
    },
    silenceStreams() {
      for (const response of streams.values()) response?.unpipe().resume();
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
