import { setLongTimeout } from "../long-timeout.js";
import type { SyncObserver } from "../observers.js";
import { isSameScope, type Scope } from "../scope.js";
import type { StreamClosedEvent } from "../service-event.js";
import type { NodeResponse } from "./node-response.js";
import { ResponseSink, type SinkListener } from "./response-sink.js";
import type { SharedInterval } from "./shared-interval.js";
import { type Authenticate, endOfSignIn, signIn } from "./sign-in.js";
import type { ContentListener, StreamContent } from "./stream-content.js";
import type { StreamTraffic } from "./stream-traffic.js";

/** Who reads. */
export interface StreamReader {
  readonly scope: Scope;
  /** When the sign-in ends, in ms since 1970; `Infinity` for never. */
  readonly signInEndsAt: number;
  readonly request: Request;
  /** The response of the host, if that is Node. */
  readonly node: NodeResponse | null;
}

/** What the streams of a server share. */
export interface StreamTools {
  /** Calls `beat` of every open stream. */
  readonly beats: SharedInterval<StreamSession>;
  /** Adds a stream that is open. Returns whether its person may have it. */
  enter(session: StreamSession): boolean;
  leave(session: StreamSession): void;
  readonly authenticate: Authenticate;
  readonly beatsBetweenChecks: number;
  /** ms after which a reader that takes nothing is disconnected. */
  readonly stallTimeoutMs: number;
  /** A frame that advises when to reconnect. */
  retryFrame(): Uint8Array;
  heartbeat(): Uint8Array;
  readonly traffic: StreamTraffic;
  readonly observer: SyncObserver;
  readonly onError: (error: unknown) => void;
}

/** One reader of a stream: sends what the content has whenever the reader can take it, heartbeats, and the end. */
export class StreamSession implements SinkListener, ContentListener {
  readonly #reader: StreamReader;
  readonly #content: StreamContent;
  readonly #tools: StreamTools;
  readonly #sink: ResponseSink;
  #hasContent = false;
  #isEntered = false;
  #isClosed = false;
  #openedAt = 0;
  #closedBy: StreamClosedEvent["reason"] = "left";
  #isChecking = false;
  #beats = 0;
  /** Since when the reader takes nothing; monotonic clock. */
  #blockedAt: number | null = null;
  #signInEndsAt = Number.POSITIVE_INFINITY;
  #clearSignInEnd: () => void = () => {};

  constructor(reader: StreamReader, content: StreamContent, tools: StreamTools) {
    this.#reader = reader;
    this.#content = content;
    this.#tools = tools;
    this.#sink = new ResponseSink(reader.node, this);
  }

  get scope(): Scope {
    return this.#reader.scope;
  }

  /** The body of a `Response`, to be made once. Nothing is subscribed to, and no timer runs, until it is read. */
  createBody(): ReadableStream<Uint8Array> {
    return this.#sink.createBody();
  }

  onOpen(): void {
    this.#isEntered = this.#tools.enter(this);
    if (!this.#isEntered) {
      this.end();
      return;
    }
    this.#tools.beats.add(this);
    this.#endAt(this.#reader.signInEndsAt);
    this.#openedAt = performance.now();
    this.#tools.observer.onEvent?.({ level: "debug", event: "stream-opened", kind: this.#content.kind });
    this.#sink.write(this.#tools.retryFrame());
    void this.#openContent();
  }

  onDrain(): void {
    this.#blockedAt = null;
    this.onContent();
  }

  onClose(): void {
    this.#isClosed = true;
    this.#clearSignInEnd();
    this.#content.close();
    this.#tools.beats.delete(this);
    if (!this.#isEntered) return;
    this.#tools.leave(this);
    this.#tools.observer.onEvent?.({
      level: "debug",
      event: "stream-closed",
      kind: this.#content.kind,
      reason: this.#closedBy,
      durationMs: performance.now() - this.#openedAt,
    });
  }

  onContent(): void {
    try {
      while (this.#sink.canTake) {
        const bytes = this.#content.next();
        if (bytes === null) return;
        this.#hasContent = true;
        this.#sink.write(bytes);
        this.#tools.traffic.delivered += 1;
        if (this.#content.isComplete) this.end();
      }
    } catch (error) {
      // Called by events of the host, which would end the process.
      this.#tools.onError(error);
      this.end();
    }
  }

  onGone(): void {
    this.end();
  }

  /** Ends the stream. Its reader comes back, and learns why. */
  end(reason: StreamClosedEvent["reason"] = "ended"): void {
    if (this.#closedBy === "left") this.#closedBy = reason;
    this.#content.close();
    this.#sink.end();
  }

  /** Ends the stream, and advises its reader when to come back. */
  dismiss(retryFrame: Uint8Array): void {
    if (this.#sink.canTake) this.#sink.write(retryFrame);
    this.end("shutdown");
  }

  /** Sends a heartbeat, or disconnects a reader that has taken nothing for too long. `now`: monotonic clock, ms. */
  beat(now: number): void {
    const { heartbeat, stallTimeoutMs, beatsBetweenChecks } = this.#tools;
    if (this.#sink.canTake) {
      this.#blockedAt = null;
      // The first event of a stream is a state.
      if (this.#hasContent) this.#sink.write(heartbeat());
    } else {
      this.#blockedAt ??= now;
      if (now - this.#blockedAt >= stallTimeoutMs) {
        this.#closedBy = "stalled";
        this.#sink.cut();
        return;
      }
    }
    this.#beats += 1;
    if (this.#beats % beatsBetweenChecks === 0) void this.#checkSignIn();
  }

  async #openContent(): Promise<void> {
    try {
      if (!(await this.#content.open(this))) this.end();
    } catch (error) {
      this.#tools.onError(error);
      this.end();
    }
  }

  /** Ends the stream when the sign-in does, which a session may put off while the stream is open. */
  #endAt(signInEndsAt: number): void {
    if (this.#isClosed || signInEndsAt === this.#signInEndsAt) return;
    this.#clearSignInEnd();
    this.#signInEndsAt = signInEndsAt;
    this.#clearSignInEnd = setLongTimeout(() => this.end(), signInEndsAt - Date.now());
  }

  async #checkSignIn(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      const person = await signIn(this.#tools.authenticate, this.#reader.request);
      if (person === null || !isSameScope(person, this.#reader.scope)) this.end();
      else this.#endAt(endOfSignIn(person));
    } catch (error) {
      // Whether the person is signed in cannot be learned at present: no reason to disconnect everybody.
      this.#tools.onError(error);
    }
    this.#isChecking = false;
  }
}
