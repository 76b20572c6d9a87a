import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type Chunk, type FaultScript, type FaultStats, SYNC_ID, type Treatment } from "./fault-script.ts";

/** A loopback server that breaks HTTP as its script says, byte by byte. */
export interface FaultServer {
  readonly url: string;
  stats(): FaultStats;
  close(): Promise<void>;
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  204: "No Content",
  301: "Moved Permanently",
  404: "Not Found",
};

/** What stands at any other address: a page. */
const ELSEWHERE: Treatment = { headers: { "content-type": "text/html" }, chunks: [{ text: "<!doctype html>" }] };

const ENDPOINTS = [
  { name: "stream", suffix: `${SYNC_ID}/stream` },
  { name: "socket", suffix: `${SYNC_ID}/socket` },
  { name: "snapshot", suffix: SYNC_ID },
] as const;

const CLOSE_FRAME = Buffer.from([0x88, 0x02, 0x03, 0xe8]);

/** Starts a server on a free port of the loopback interface that treats requests by the script. */
export async function startFaultServer(script: FaultScript): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const counts = { stream: 0, snapshot: 0, socket: 0 };
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let server: Server;
  let port = 0;
  let isAway = false;

  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };
  const pause = (ms: number) => (ms === 0 ? Promise.resolve() : new Promise<void>((resolve) => later(ms, resolve)));

  function scheduleAbsence(): void {
    const { away } = script;
    if (away === undefined || counts.stream + counts.snapshot + counts.socket !== 1) return;
    later(away.fromMs, () => {
      isAway = true;
      server.close();
      for (const socket of sockets) socket.resetAndDestroy();
    });
    later(away.toMs, () => {
      isAway = false;
      void listen();
    });
  }

  /** Switches to the WebSocket protocol (RFC 6455) and sends each chunk as one message. */
  async function treatWebSocket(socket: Socket, treatment: Treatment, key: string): Promise<void> {
    const { chunks = [], ending = "end" } = treatment;
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    for (const chunk of chunks) {
      if (chunk.afterMs !== undefined) await pause(chunk.afterMs);
      if (socket.destroyed) return;
      // Bytes go out as they are: they may be half a frame.
      socket.write(chunk.bytes === undefined ? webSocketFrame(bytesOf(chunk)) : bytesOf(chunk));
    }
    if (ending === "reset") socket.resetAndDestroy();
    if (ending === "end") {
      socket.write(CLOSE_FRAME);
      // The client's close frame ends the connection; a client that does not send one is not waited for.
      later(100, () => socket.destroy());
    }
  }

  async function treat(socket: Socket, treatment: Treatment, webSocketKey: string | null = null): Promise<void> {
    if (treatment.delayMs !== undefined) await pause(treatment.delayMs);
    if (treatment.refuse) return void socket.resetAndDestroy();
    if (treatment.ignore) return;
    if (webSocketKey !== null && treatment.status === undefined) return treatWebSocket(socket, treatment, webSocketKey);
    const { status = 200, headers = {}, chunks = [], ending = "end" } = treatment;
    const isStream = headers["content-type"]?.startsWith("text/event-stream") === true;
    const head = [
      `HTTP/1.1 ${status} ${REASONS[status] ?? "Status"}`,
      "access-control-allow-origin: *",
      "access-control-expose-headers: retry-after",
      "connection: close",
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    // Without a length, the end of the connection is the end of the body.
    if (!isStream && status !== 204)
      head.push(`content-length: ${chunks.reduce((sum, chunk) => sum + bytesOf(chunk).length, 0)}`);
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    for (const chunk of chunks) {
      if (chunk.afterMs !== undefined) await pause(chunk.afterMs);
      if (socket.destroyed) return;
      socket.write(bytesOf(chunk));
      // One segment a chunk, so that what is split arrives split.
      if (chunk.afterMs === undefined) await new Promise((resolve) => setImmediate(resolve));
    }
    if (ending === "end") socket.end();
    if (ending === "reset") socket.resetAndDestroy();
  }

  function onSocket(socket: Socket): void {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let received = "";
    let isWebSocket = false;
    socket.on("data", (data) => {
      if (isWebSocket) {
        // The client closes: nothing else that it sends matters here.
        if (data.length > 0 && ((data[0] ?? 0) & 0x0f) === 8) socket.end();
        return;
      }
      received += data.toString("latin1");
      if (!received.includes("\r\n\r\n")) return;
      const [method = "", path = ""] = received.split(" ", 2);
      const webSocketKey = /^sec-websocket-key: *(\S+)/im.exec(received)?.[1] ?? null;
      isWebSocket = webSocketKey !== null;
      received = "";
      if (method === "OPTIONS") {
        const allow =
          "access-control-allow-origin: *\r\naccess-control-allow-headers: *\r\naccess-control-allow-methods: *";
        socket.end(`HTTP/1.1 204 No Content\r\n${allow}\r\nconnection: close\r\n\r\n`);
        return;
      }
      const endpoint = ENDPOINTS.find(({ suffix }) => path.endsWith(suffix))?.name;
      if (endpoint === undefined) return void treat(socket, ELSEWHERE);
      const treatments = script[endpoint] ?? [];
      const treatment = treatments[Math.min(counts[endpoint], treatments.length - 1)];
      counts[endpoint] += 1;
      scheduleAbsence();
      if (treatment !== undefined) void treat(socket, treatment, webSocketKey);
    });
  }

  async function listen(): Promise<void> {
    server = createServer(onSocket).listen(port, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address !== null && typeof address !== "string") port = address.port;
  }

  await listen();
  return {
    url: `http://127.0.0.1:${port}`,
    stats: () => ({
      ...counts,
      // A browser keeps spare sockets on which it never sent a request.
      openSockets: [...sockets].filter(({ bytesRead }) => bytesRead > 0).length,
    }),
    async close() {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      if (isAway) return;
      server.close();
      await once(server, "close");
    },
  };
}

function bytesOf({ text = "", bytes, times = 1 }: Chunk): Buffer {
  return bytes === undefined ? Buffer.from(text.repeat(times)) : Buffer.from(bytes);
}

/** One text message, unmasked as a server sends it (RFC 6455, 5.2). */
function webSocketFrame(payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x81, length]), payload]);
  if (length < 65_536) return Buffer.concat([Buffer.from([0x81, 126, length >> 8, length & 0xff]), payload]);
  const head = Buffer.alloc(10);
  head[0] = 0x81;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}
