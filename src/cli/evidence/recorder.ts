import type { Endpoints } from "../../protocol/endpoints.js";
import { browserRequest } from "../http/browser-request.js";
import { onDeadline } from "../http/deadline.js";
import { type Exchange, exchange } from "../http/exchange.js";
import { readStream, type StreamFollower, type StreamRecord } from "../http/read-stream.js";
import type { Identity, Target } from "../target.js";

/** Makes the requests of an examination, each once, and records what comes of them. */
export class Recorder {
  readonly target: Target;
  readonly signal: AbortSignal;
  /** Notified of what is going on, in a few words. */
  readonly onActivity: (activity: string) => void;

  /** `signal` ends everything that is under way. */
  constructor(target: Target, signal: AbortSignal, onActivity: (activity: string) => void) {
    this.target = target;
    this.signal = signal;
    this.onActivity = onActivity;
  }

  get limits() {
    return { timeoutMs: this.target.timings.requestMs, signal: this.signal };
  }

  get(url: string, identity: Identity = this.target.identity): Promise<Exchange> {
    return exchange(browserRequest(this.target, identity, { url, kind: "read" }), this.limits);
  }

  /** Sends a command. What was begun is not interrupted: its response says what has to be undone. */
  post(url: string, json?: unknown): Promise<Exchange> {
    const page = { url, kind: "command", ...(json === undefined ? {} : { json }) } as const;
    const { signal } = new AbortController();
    return exchange(browserRequest(this.target, this.target.identity, page), { ...this.limits, signal });
  }

  cancel(endpoints: Endpoints, syncId: string): Promise<Exchange> {
    return this.post(endpoints.action(syncId, "cancel"));
  }

  /** Reads a stream until the follower stops, for `maxMs` at most. */
  async stream(url: string, maxMs: number, options: StreamOptions = {}): Promise<StreamRecord> {
    const { identity = this.target.identity, lastEventId, follower, signal = this.signal } = options;
    const page = { url, kind: "stream", ...(lastEventId === undefined ? {} : { lastEventId }) } as const;
    const stopping = new AbortController();
    const cancelDeadline = onDeadline(maxMs, () => stopping.abort());
    const limits = { timeoutMs: maxMs, signal: AbortSignal.any([signal, stopping.signal]) };
    const record = await readStream(browserRequest(this.target, identity, page), limits, follower);
    cancelDeadline();
    return record;
  }
}

/** How a stream is read. */
export interface StreamOptions {
  /** Default the identity of the target. */
  readonly identity?: Identity;
  /** Default none. */
  readonly lastEventId?: string;
  readonly follower?: StreamFollower;
  /** Ends the reading. Default the signal of the recorder. */
  readonly signal?: AbortSignal;
}
