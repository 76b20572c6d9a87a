import { isSameScope, type Scope } from "../scope.js";
import type { NodeResponse } from "./node-response.js";
import { ResponseSink, type SinkListener } from "./response-sink.js";
import type { SharedInterval } from "./shared-interval.js";
import { type Authenticate, signIn } from "./sign-in.js";
import type { ChannelMember, SnapshotChannels } from "./snapshot-channels.js";
import type { SnapshotFrame } from "./snapshot-frame.js";

/** Who reads what. */
export interface StreamReader {
  readonly scope: Scope;
  readonly syncId: string;
  readonly request: Request;
  /** The response of the host, if that is Node. */
  readonly node: NodeResponse | null;
}

/** What the streams of a server share. */
export interface StreamTools {
  readonly channels: SnapshotChannels;
  /** Calls `beat` of every open stream. */
  readonly beats: SharedInterval<StreamSession>;
  /** Counts a stream of a person. Returns whether they may have it. */
  enter(scope: Scope): boolean;
  leave(scope: Scope): void;
  readonly authenticate: Authenticate;
  readonly beatsBetweenChecks: number;
  /** ms after which a reader that takes nothing is disconnected. */
  readonly stallTimeoutMs: number;
  /** A frame that advises when to reconnect. */
  retryFrame(): Uint8Array;
  readonly heartbeat: Uint8Array;
  readonly onError: (error: unknown) => void;
}

/**
 * One reader of a sync: `current_state` first, then the newest frame whenever the reader can take one, and the end after a
 * terminal one. What a slow reader has not taken is replaced and never queued, so that the memory of a reader is constant and
 * the terminal event is always the one that remains.
 */
export class StreamSession implements SinkListener, ChannelMember {
  readonly #reader: StreamReader;
  readonly #tools: StreamTools;
  readonly #sink: ResponseSink;
  #latest: SnapshotFrame | null = null;
  #waiting: SnapshotFrame | null = null;
  #hasState = false;
  /** Nothing more is needed of the sync. */
  #isSettled = false;
  #isEntered = false;
  #isChecking = false;
  #beats = 0;
  /** Since when the reader takes nothing; monotonic clock. */
  #blockedAt: number | null = null;

  constructor(reader: StreamReader, tools: StreamTools) {
    this.#reader = reader;
    this.#tools = tools;
    this.#sink = new ResponseSink(reader.node, this);
  }

  /** The body of a `Response`, to be made once. Nothing is subscribed to, and no timer runs, until it is read. */
  createBody(): ReadableStream<Uint8Array> {
    return this.#sink.createBody();
  }

  onOpen(): void {
    this.#isEntered = this.#tools.enter(this.#reader.scope);
    if (!this.#isEntered) {
      this.end();
      return;
    }
    this.#tools.beats.add(this);
    this.#sink.write(this.#tools.retryFrame());
    void this.#join();
  }

  onDrain(): void {
    this.#blockedAt = null;
    if (this.#waiting !== null) this.#send(this.#waiting);
  }

  onClose(): void {
    this.#waiting = null;
    this.#settle();
    this.#tools.beats.delete(this);
    if (this.#isEntered) this.#tools.leave(this.#reader.scope);
  }

  take(frame: SnapshotFrame): void {
    if (this.#isSettled || frame === this.#latest) return;
    this.#latest = frame;
    // Also if it has to wait: nothing follows.
    if (frame.isTerminal) this.#settle();
    if (this.#sink.canTake) this.#send(frame);
    else this.#waiting = frame;
  }

  onDeleted(): void {
    this.end();
  }

  /** Ends the stream. Its reader comes back, and learns why. */
  end(): void {
    this.#waiting = null;
    this.#settle();
    this.#sink.end();
  }

  /** Sends a heartbeat, or disconnects a reader that has taken nothing for too long. `now`: monotonic clock, ms. */
  beat(now: number): void {
    const { heartbeat, stallTimeoutMs, beatsBetweenChecks } = this.#tools;
    if (this.#sink.canTake) {
      this.#blockedAt = null;
      // The first event of a stream is a state.
      if (this.#hasState) this.#sink.write(heartbeat);
    } else {
      this.#blockedAt ??= now;
      if (now - this.#blockedAt >= stallTimeoutMs) {
        this.#sink.cut();
        return;
      }
    }
    this.#beats += 1;
    if (this.#beats % beatsBetweenChecks === 0 && !this.#isSettled) void this.#checkSignIn();
  }

  async #join(): Promise<void> {
    const { scope, syncId } = this.#reader;
    try {
      if (!(await this.#tools.channels.join(scope, syncId, this))) this.end();
    } catch (error) {
      this.#tools.onError(error);
      this.end();
    }
  }

  async #checkSignIn(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      const scope = await signIn(this.#tools.authenticate, this.#reader.request);
      if (scope === null || !isSameScope(scope, this.#reader.scope)) this.end();
    } catch (error) {
      // Whether the person is signed in cannot be learned at present: no reason to disconnect everybody.
      this.#tools.onError(error);
    }
    this.#isChecking = false;
  }

  #send(frame: SnapshotFrame): void {
    this.#waiting = null;
    try {
      this.#sink.write(this.#hasState ? frame.asNext : frame.asFirst);
      this.#hasState = true;
      if (frame.isTerminal) this.#sink.end();
    } catch (error) {
      // Called by events of the host, which would end the process.
      this.#tools.onError(error);
      this.end();
    }
  }

  #settle(): void {
    this.#isSettled = true;
    this.#tools.channels.leave(this.#reader.scope, this.#reader.syncId, this);
  }
}
