import { setBackgroundTimeout } from "../long-timeout.js";
import { keyOf, type Scope } from "../scope.js";
import type { SyncService } from "../sync-service.js";
import type { SyncUpdate } from "../sync-subscription.js";
import type { FeedFrame, FeedFrameTools } from "./feed-frame.js";
import { FeedLog } from "./feed-log.js";

/** Follows all syncs of a scope. */
export interface FeedMember {
  take(frame: FeedFrame): void;
}

interface Channel {
  readonly log: FeedLog;
  readonly members: Set<FeedMember>;
  /** Resolves when the log has the state. */
  readonly ready: Promise<void>;
  unsubscribe: (() => void) | null;
  /** Closes it, unless a reader comes back before. */
  stopWaiting: () => void;
}

export interface FeedChannelsOptions {
  readonly service: SyncService;
  readonly tools: FeedFrameTools;
  /** ms that a channel stays after its last member has left. */
  readonly resumeMs: number;
  readonly onError: (error: unknown) => void;
}

/** How many channels without a member are kept at most. */
const MAX_WAITING_CHANNELS = 1_000;

/** Shares one subscription to all syncs of a scope, and every frame made of it, among its readers on this server. */
export class FeedChannels {
  readonly #options: FeedChannelsOptions;
  readonly #channels = new Map<string, Channel>();
  /** Keys of those without a member; the one that waits for longest is the first. */
  readonly #waiting = new Set<string>();

  constructor(options: FeedChannelsOptions) {
    this.#options = options;
  }

  /**
   * Gives the member every frame from the moment it resolves, until it leaves. Returns the log that holds all before that.
   * Rejects when the store cannot be read.
   */
  async join(scope: Scope, member: FeedMember): Promise<FeedLog> {
    const key = keyOf(scope);
    const channel = this.#channels.get(key) ?? this.#open(key, scope);
    channel.stopWaiting();
    this.#waiting.delete(key);
    channel.members.add(member);
    await channel.ready;
    return channel.log;
  }

  leave(scope: Scope, member: FeedMember): void {
    const key = keyOf(scope);
    const channel = this.#channels.get(key);
    if (channel?.members.delete(member) !== true || channel.members.size > 0) return;
    channel.stopWaiting = setBackgroundTimeout(() => this.#close(key), this.#options.resumeMs);
    this.#waiting.add(key);
    const [oldest] = this.#waiting;
    if (this.#waiting.size > MAX_WAITING_CHANNELS && oldest !== undefined) this.#close(oldest);
  }

  #open(key: string, scope: Scope): Channel {
    const { service, tools } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const channel: Channel = {
      log: new FeedLog(tools),
      members: new Set(),
      ready: promise,
      unsubscribe: null,
      stopWaiting: () => {},
    };
    this.#channels.set(key, channel);
    service
      .subscribe(scope, "all", (update) => this.#onUpdate(channel, update))
      .then((subscription) => {
        channel.unsubscribe = () => subscription?.unsubscribe();
        for (const snapshot of [...(subscription?.latest ?? [])].reverse())
          channel.log.add({ type: "snapshot", snapshot });
        // It was closed before it was there.
        if (this.#channels.get(key) !== channel) channel.unsubscribe();
        resolve();
      })
      .catch((error: unknown) => {
        // The next reader tries again.
        if (this.#channels.get(key) === channel) this.#close(key);
        reject(error);
      });
    return channel;
  }

  #onUpdate({ log, members }: Channel, update: SyncUpdate): void {
    const frame = log.add(update);
    for (const member of members) {
      try {
        member.take(frame);
      } catch (error) {
        this.#options.onError(error);
      }
    }
  }

  #close(key: string): void {
    const channel = this.#channels.get(key);
    this.#channels.delete(key);
    this.#waiting.delete(key);
    channel?.stopWaiting();
    channel?.unsubscribe?.();
  }
}
