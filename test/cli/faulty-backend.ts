import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGzip } from "node:zlib";

/** A state of the sync, as it goes on the wire if nothing is wrong with it. */
export type WireState = Record<string, unknown> & { status: string; seq: number; processed_items: number };

/** What this backend does. The default does everything right; a test changes one thing. */
export interface Plan {
  /** Items of a sync, one every `stepMs`, with a silence of `quietMs` in the middle. */
  readonly items: number;
  readonly stepMs: number;
  readonly quietMs: number;
  readonly heartbeat: (beat: number) => string;
  readonly retry: string;
  readonly streamHeaders: Readonly<Record<string, string>>;
  readonly snapshotHeaders: Readonly<Record<string, string>>;
  readonly corsHeaders: (origin: string) => Readonly<Record<string, string>>;
  readonly preflightStatus: number;
  readonly toWire: (state: WireState) => unknown;
  /** The text of an event. `index` counts the events of this stream. */
  readonly toFrame: (event: { name: string; id: string; data: string; index: number }) => string;
  readonly sendsStateAtOnce: boolean;
  /** Keeps what is written: until the end, until there are four events, or in a compressor. */
  readonly holds: "nothing" | "all" | "groups of 4" | "in gzip";
  readonly closesAtEnd: boolean;
  /** Ends a stream that is silent for as long; `null` for never. */
  readonly idleTimeoutMs: number | null;
  readonly unknownSnapshot: number;
  readonly unknownStream: number;
  readonly onResume: "state" | "nothing" | "error" | "old state";
  readonly isReadableBy: (user: string, route: "snapshot" | "stream" | "list") => boolean;
  readonly servesBesideStreams: boolean;
  /** ms after which a cookie expires; `null` for never. */
  readonly sessionMs: number | null;
  readonly snapshotStatus: number;
  readonly streamStatus: number;
  readonly toStart: (syncId: string) => { status: number; body: unknown; headers?: Record<string, string> };
  readonly list: "right" | "absent" | "empty" | "broken";
  readonly feed: "right" | "absent" | "empty" | "never ready" | "broken";
  /** Responds in place of all other routes. */
  readonly instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
}

const RIGHT: Plan = {
  items: 8,
  stepMs: 60,
  quietMs: 0,
  heartbeat: () => 'event: heartbeat\ndata: {"interval_ms":150}\n\n',
  retry: "retry: 2000\n\n",
  streamHeaders: {},
  snapshotHeaders: {},
  corsHeaders: (origin) => ({ "access-control-allow-origin": origin, "access-control-allow-credentials": "true" }),
  preflightStatus: 204,
  toWire: (state) => state,
  toFrame: ({ name, id, data }) => `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`,
  sendsStateAtOnce: true,
  holds: "nothing",
  closesAtEnd: true,
  idleTimeoutMs: null,
  unknownSnapshot: 404,
  unknownStream: 404,
  onResume: "state",
  isReadableBy: (user) => user === "ada",
  servesBesideStreams: true,
  sessionMs: null,
  snapshotStatus: 200,
  streamStatus: 200,
  toStart: (syncId) => ({ status: 202, body: { success: true, sync_id: syncId } }),
  list: "right",
  feed: "right",
  instead: null,
};

const HEARTBEAT_MS = 150;
const STREAM_HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};
const TERMINAL = ["complete", "error", "cancelled"];

/** A backend that breaks as its plan says, with one sync at a time. */
export class FaultyBackend {
  readonly server: Server;
  readonly #plan: Plan;
  readonly #syncId = randomUUID();
  readonly #changed = new Set<() => void>();
  readonly #startedAt = Date.now();
  #state: WireState | null = null;
  #first: WireState | null = null;
  #openStreams = 0;
  #isClosed = false;

  constructor(change: Partial<Plan> = {}) {
    this.#plan = { ...RIGHT, ...change };
    this.server = createServer((request, response) => void this.#respond(request, response));
  }

  /** Listens on a free port of the loopback interface. Resolves with the base of the API. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/api`;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get status(): string | null {
    return this.#state?.status ?? null;
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const plan = this.#plan;
    if (plan.instead?.(request, response)) return;
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    const [, base, room, id = "", action] = pathname.split("/");
    if (base !== "api") {
      response.writeHead(404, { "content-type": "text/html" }).end("<!doctype html>");
      return;
    }
    const origin = request.headers.origin;
    if (origin !== undefined) {
      for (const [name, value] of Object.entries(plan.corsHeaders(origin))) response.setHeader(name, value);
    }
    if (request.method === "OPTIONS") {
      response.setHeader("access-control-allow-headers", "content-type");
      response.writeHead(plan.preflightStatus).end();
      return;
    }
    const user = /user=(\w+)/.exec(request.headers.cookie ?? "")?.[1] ?? "nobody";
    const hasExpired = plan.sessionMs !== null && this.#state !== null && Date.now() - this.#startedAt > plan.sessionMs;
    if ((user === "nobody" && !plan.isReadableBy("nobody", "snapshot")) || hasExpired) {
      return this.#json(response, 401, { success: false, error: "Sign in." });
    }
    if (!plan.servesBesideStreams && this.#openStreams > 0) return;
    if (room === "integrations" && action === "sync") return this.#start(response);
    if (room === "integrations") {
      this.#json(response, 200, { success: true, integrations: [{ type: "gmail" }] });
      return;
    }
    if (id === "") return this.#list(user, response);
    if (id === "stream") return this.#feed(response);
    if (action === "cancel") return this.#cancel(response);
    const isStream = action === "stream";
    const isThere = id === this.#syncId && plan.isReadableBy(user, isStream ? "stream" : "snapshot");
    if (isStream) return isThere ? this.#stream(request, response) : this.#unknownStream(response);
    if (!isThere)
      return this.#json(response, plan.unknownSnapshot, { success: false, error: "There is no such sync." });
    this.#json(
      response,
      plan.snapshotStatus,
      plan.snapshotStatus === 200 ? { success: true, progress: this.#wire() } : { success: false },
      plan.snapshotHeaders,
    );
  }

  #json(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
    response.end(JSON.stringify(body));
  }

  #wire(): unknown {
    return this.#state === null ? null : this.#plan.toWire(this.#state);
  }

  #start(response: ServerResponse): void {
    this.#update({
      sync_id: this.#syncId,
      connector_type: "gmail",
      status: "syncing",
      stage: "Fetching...",
      total_items: this.#plan.items,
      processed_items: 0,
      failed_items: 0,
      percent_complete: 0,
      capabilities: ["cancel"],
    });
    this.#first = this.#state;
    void this.#run();
    const { status, body, headers } = this.#plan.toStart(this.#syncId);
    this.#json(response, status, body, headers);
  }

  async #run(): Promise<void> {
    const { items, stepMs, quietMs } = this.#plan;
    const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    for (let done = 1; done <= items; done += 1) {
      await wait(stepMs + (done === Math.ceil(items / 2) ? quietMs : 0));
      if (this.#isClosed || this.#state?.status !== "syncing") return;
      this.#update({ processed_items: done, percent_complete: Math.min(99, Math.floor((100 * done) / items)) });
    }
    await wait(stepMs);
    this.#update({ status: "complete", percent_complete: 100 });
  }

  #update(change: Record<string, unknown>): void {
    const before = this.#state ?? { status: "syncing", seq: 0, processed_items: 0 };
    this.#state = { ...before, ...change, seq: before.seq + 1, updated_at: new Date().toISOString() };
    for (const notify of [...this.#changed]) notify();
  }

  #cancel(response: ServerResponse): void {
    if (TERMINAL.includes(this.#state?.status ?? "")) {
      this.#json(response, 409, { success: false });
      return;
    }
    this.#update({ status: "cancelled" });
    this.#json(response, 200, this.#wire());
  }

  #list(user: string, response: ServerResponse): void {
    const { list, feed, isReadableBy } = this.#plan;
    if (list === "absent") {
      this.#json(response, 404, { success: false });
      return;
    }
    if (list === "broken") {
      this.#json(response, 500, { success: false });
      return;
    }
    const isRunning = this.#state !== null && !TERMINAL.includes(this.#state.status);
    const syncs = isRunning && list === "right" && isReadableBy(user, "list") ? [this.#wire()] : [];
    this.#json(response, 200, { success: true, syncs, next_cursor: null, feed: feed !== "absent", viewer: user });
  }

  #feed(response: ServerResponse): void {
    const { feed } = this.#plan;
    if (feed === "broken") {
      this.#json(response, 500, { success: false });
      return;
    }
    response.writeHead(200, STREAM_HEADERS);
    response.write(this.#plan.retry);
    if (feed !== "empty") response.write(`event: current_state\ndata: ${JSON.stringify(this.#wire())}\n\n`);
    if (feed !== "never ready") response.write('event: ready\ndata: {"reset":true,"omitted":0,"viewer":"ada"}\n\n');
  }

  #unknownStream(response: ServerResponse): void {
    const { unknownStream } = this.#plan;
    if (unknownStream !== 200) {
      this.#json(response, unknownStream, { success: false });
      return;
    }
    response.writeHead(200, STREAM_HEADERS);
    response.write(": keep-alive\n\n");
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    const plan = this.#plan;
    if (plan.streamStatus !== 200) {
      this.#json(response, plan.streamStatus, { success: false });
      return;
    }
    const isBack = request.headers["last-event-id"] !== undefined;
    if (isBack && plan.onResume === "error") {
      this.#json(response, 500, { success: false });
      return;
    }
    const isGzip = plan.holds === "in gzip";
    response.writeHead(200, {
      ...STREAM_HEADERS,
      ...plan.streamHeaders,
      ...(isGzip ? { "content-encoding": "gzip" } : {}),
    });
    response.flushHeaders();
    const gzip = createGzip();
    gzip.on("data", (chunk) => response.write(chunk));
    gzip.on("end", () => response.end());

    let held = "";
    let idle: NodeJS.Timeout | undefined;
    const write = (text: string) => {
      if (text === "") return;
      clearTimeout(idle);
      if (plan.idleTimeoutMs !== null) idle = setTimeout(() => response.destroy(), plan.idleTimeoutMs);
      if (isGzip) gzip.write(text);
      else if (plan.holds !== "nothing") held += text;
      else response.write(text);
    };
    let index = 0;
    let sent = 0;
    const send = () => {
      const state = isBack && plan.onResume === "old state" ? this.#first : this.#state;
      if (state === null || state.seq === sent || (isBack && plan.onResume === "nothing")) return;
      sent = state.seq;
      const isEnd = TERMINAL.includes(state.status);
      const name = index === 0 ? "current_state" : isEnd ? state.status : "progress";
      const data = JSON.stringify(plan.toWire(state));
      write(plan.toFrame({ name, id: String(state.seq), data, index }));
      if (plan.holds === "groups of 4" && index % 4 === 0) {
        response.write(held);
        held = "";
      }
      index += 1;
      if (!isEnd || !plan.closesAtEnd) return;
      if (isGzip) gzip.end();
      else response.end(held);
    };
    let beats = 0;
    const beat = setInterval(() => write(plan.heartbeat(beats++)), HEARTBEAT_MS);
    this.#openStreams += 1;
    this.#changed.add(send);
    response.on("close", () => {
      this.#openStreams -= 1;
      clearInterval(beat);
      clearTimeout(idle);
      this.#changed.delete(send);
    });
    write(plan.retry);
    if (plan.sendsStateAtOnce) send();
    else sent = this.#state?.seq ?? 0;
  }
}
