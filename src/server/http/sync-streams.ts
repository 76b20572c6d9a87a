import type { SyncSnapshot, WireSnapshot } from "../../protocol/snapshot.js";
import { keyOf, type Scope } from "../scope.js";
import type { SyncService } from "../sync-service.js";
import { FeedChannels } from "./feed-channels.js";
import { FeedContent, type FeedReader } from "./feed-content.js";
import { forEachSpread } from "./for-each-spread.js";
import { Heartbeats } from "./heartbeats.js";
import { shuttingDown, tooMany } from "./refusal.js";
import type { SyncRouteLimits } from "./route-limits.js";
import { SharedInterval } from "./shared-interval.js";
import type { Authenticate } from "./sign-in.js";
import { SnapshotChannels } from "./snapshot-channels.js";
import { createFrameEncoder, type EncodeFrame, SnapshotFrame } from "./snapshot-frame.js";
import type { StreamContent } from "./stream-content.js";
import { type StreamReader, StreamSession, type StreamTools } from "./stream-session.js";
import { StreamTraffic } from "./stream-traffic.js";
import { SyncContent } from "./sync-content.js";

export interface SyncStreamsOptions {
  readonly service: SyncService;
  readonly toWire: (snapshot: SyncSnapshot) => WireSnapshot;
  readonly authenticate: Authenticate;
  readonly limits: Required<SyncRouteLimits>;
  /** ms between heartbeats. */
  readonly heartbeatMs: number;
  /** ms between checks whether a reader is still signed in. */
  readonly reauthenticateMs: number;
  /** ms that browsers are advised to wait before they reconnect, on average. */
  readonly retryMs: number;
  readonly onError: (error: unknown) => void;
}

/** Readers of a lost server are advised different times, so that they do not all come back in the same moment. */
const RETRY_SPREAD = 0.4;

/**
 * What a reader is advised to wait before it goes to another process, in ms: short, because that is there, so that nobody sees
 * that the connection was gone.
 */
const MOVE_MS = { least: 200, most: 1_200 };

/** What a person with too many streams is advised to wait, in ms: one of them may end any time. */
const TOO_MANY_STREAMS_RETRY_MS = 10_000;

/** The streams of a server. */
export class SyncStreams {
  readonly #service: SyncService;
  readonly #streamsPerUser: number;
  readonly #tools: StreamTools;
  readonly #channels: SnapshotChannels;
  readonly #feeds: FeedChannels;
  readonly #encode: EncodeFrame;
  readonly #counts = new Map<string, number>();
  readonly #sessions = new Set<StreamSession>();
  readonly #traffic: StreamTraffic;

  constructor({ service, toWire, limits, heartbeatMs, reauthenticateMs, retryMs, ...given }: SyncStreamsOptions) {
    this.#service = service;
    this.#streamsPerUser = limits.streamsPerUser;
    this.#traffic = new StreamTraffic(service.observer);
    const encode = createFrameEncoder();
    const { onError } = given;
    const heartbeats = new Heartbeats({ service, encode, heartbeatMs });
    this.#encode = encode;
    this.#channels = new SnapshotChannels({
      service,
      toFrame: (snapshot) => new SnapshotFrame(snapshot, toWire, encode),
      onError,
    });
    this.#feeds = new FeedChannels({ service, tools: { encode, toWire }, resumeMs: limits.resumeMs, onError });
    this.#tools = {
      ...given,
      traffic: this.#traffic,
      observer: service.observer,
      beats: new SharedInterval(heartbeatMs, (session: StreamSession) => this.#beat(session, performance.now())),
      enter: (session) => this.#enter(session),
      leave: (session) => this.#leave(session),
      beatsBetweenChecks: Math.max(1, Math.round(reauthenticateMs / heartbeatMs)),
      stallTimeoutMs: limits.stallTimeoutMs,
      retryFrame: () => encode({ retry: retryMs * (1 + (Math.random() * 2 - 1) * RETRY_SPREAD) }),
      heartbeat: () => heartbeats.next(),
    };
  }

  /** Whether the scope has such a sync. */
  async has(scope: Scope, syncId: string): Promise<boolean> {
    return this.#channels.has(scope, syncId) || (await this.#service.get(scope, syncId)) !== null;
  }

  /**
   * The body of the stream of a sync.
   *
   * @throws Refusal when the person has too many streams.
   */
  open(reader: StreamReader & { readonly syncId: string }): ReadableStream<Uint8Array> {
    return this.#start(reader, new SyncContent(reader.scope, reader.syncId, this.#channels, this.#traffic));
  }

  /**
   * The body of the stream of all syncs of a person.
   *
   * @throws Refusal when the person has too many streams.
   */
  openFeed(reader: StreamReader & FeedReader): ReadableStream<Uint8Array> {
    return this.#start(reader, new FeedContent(reader, this.#feeds, this.#encode, this.#traffic));
  }

  /**
   * Sends the readers of the streams that are open now to another process, spread over `ms`. Those who come back to this one,
   * because it is the only one, may stay.
   */
  async drain(ms: number): Promise<void> {
    if (ms === Number.POSITIVE_INFINITY) return;
    const { least, most } = MOVE_MS;
    await forEachSpread([...this.#sessions], ms, (session) =>
      session.dismiss(this.#encode({ retry: least + Math.random() * (most - least) })),
    );
  }

  /** Ends all streams: nothing follows. */
  close(): void {
    for (const session of [...this.#sessions]) session.dismiss(this.#tools.retryFrame());
  }

  #start(reader: StreamReader, content: StreamContent): ReadableStream<Uint8Array> {
    if (this.#service.state === "closed") throw shuttingDown();
    if (this.#countOf(keyOf(reader.scope)) >= this.#streamsPerUser) {
      throw tooMany("You have too many streams open. Try again later.", TOO_MANY_STREAMS_RETRY_MS);
    }
    return new StreamSession(reader, content, this.#tools).createBody();
  }

  #beat(session: StreamSession, now: number): void {
    session.beat(now);
    this.#traffic.report(now);
  }

  #countOf(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  #enter(session: StreamSession): boolean {
    const key = keyOf(session.scope);
    if (this.#countOf(key) >= this.#streamsPerUser) return false;
    this.#counts.set(key, this.#countOf(key) + 1);
    this.#sessions.add(session);
    return true;
  }

  #leave(session: StreamSession): void {
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) this.#traffic.flush(performance.now());
    const key = keyOf(session.scope);
    const count = this.#countOf(key) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
  }
}
