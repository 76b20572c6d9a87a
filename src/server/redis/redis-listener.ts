import { setBackgroundInterval, setBackgroundTimeout } from "../long-timeout.js";
import { pause } from "../store-calls.js";
import type { RedisDriver } from "./redis-driver.js";

export interface RedisListenerOptions {
  readonly driver: RedisDriver;
  /** A connection was lost, and there is a new one: messages may be missing. */
  readonly onReconnect: () => void;
}

interface Subscription {
  receive: (message: string) => void;
  /** Resolves when Redis has confirmed it, with what ends it. */
  confirmed: Promise<() => void>;
  /** A message to ourselves has come since it was sent. */
  isHeard: boolean;
}

/** ms between two looks whether messages arrive. */
const BEAT_MS = 5_000;
/** How long a message to ourselves may take, in ms. */
const PROBE_MS = 3_000;
/** How many channels are looked at each time, the others the next times: in a cluster each may be on another node. */
const PROBED_CHANNELS = 8;
const RETRY_MS = 500;
/** What a message begins with that a process sends to itself; no change does. */
const PROBE = "p:";

/**
 * Receives the messages of this process. Each 5 s it sends itself some: a connection that has died without a word looks
 * as one on which nothing happens, and takes minutes until TCP notices. Then it subscribes anew.
 */
export class RedisListener {
  readonly #options: RedisListenerOptions;
  readonly #id = crypto.randomUUID();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #closed = new AbortController();
  #stopBeat: (() => void) | null = null;
  #isBusy = false;

  constructor(options: RedisListenerOptions) {
    this.#options = options;
    options.driver.onReconnect(options.onReconnect);
  }

  /** Receives what is sent to a channel from the moment it resolves, until the returned function is called. */
  async subscribe(channel: string, receive: (message: string) => void): Promise<() => void> {
    const subscription = this.#subscriptions.get(channel) ?? this.#open(channel);
    // Whoever subscribed before is about to leave.
    subscription.receive = receive;
    const stop = () => {
      if (subscription.receive !== receive || this.#subscriptions.get(channel) !== subscription) return;
      this.#subscriptions.delete(channel);
      subscription.confirmed.then((end) => end()).catch(() => {});
    };
    try {
      await subscription.confirmed;
    } catch (error) {
      stop();
      throw error;
    }
    this.#stopBeat ??= setBackgroundInterval(() => void this.#beat(), BEAT_MS);
    return stop;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#stopBeat?.();
    this.#subscriptions.clear();
    await this.#options.driver.close();
  }

  #open(channel: string): Subscription {
    const subscription: Subscription = { receive: () => {}, confirmed: Promise.resolve(() => {}), isHeard: false };
    this.#subscriptions.set(channel, subscription);
    this.#confirm(channel, subscription);
    return subscription;
  }

  #confirm(channel: string, subscription: Subscription): void {
    subscription.confirmed = this.#options.driver.subscribe(channel, (message) => {
      if (message.startsWith(PROBE)) subscription.isHeard ||= message === PROBE + this.#id;
      else subscription.receive(message);
    });
    subscription.confirmed.catch(() => {});
  }

  async #beat(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const isHeard = await this.#probe();
    if (!isHeard) await this.#reconnect();
    this.#isBusy = false;
  }

  /** Whether messages to ourselves arrive; also if they cannot be sent now, which proves nothing. */
  async #probe(): Promise<boolean> {
    const probed = [...this.#subscriptions].slice(0, PROBED_CHANNELS);
    const results = await Promise.all(
      probed.map(async ([channel, subscription]) => {
        // To the end, so that the others are looked at the next time.
        this.#subscriptions.delete(channel);
        this.#subscriptions.set(channel, subscription);
        subscription.isHeard = false;
        const late = new AbortController();
        const stopTimer = setBackgroundTimeout(() => late.abort(), PROBE_MS);
        try {
          await this.#options.driver.command(channel, ["SPUBLISH", channel, PROBE + this.#id], late.signal);
        } catch {
          return true;
        } finally {
          stopTimer();
        }
        if (!subscription.isHeard) await pause(PROBE_MS, this.#closed.signal);
        // What has arrived while this process was busy is read before this resolves.
        if (!subscription.isHeard) await pause(0, this.#closed.signal);
        return subscription.isHeard || this.#subscriptions.get(channel) !== subscription;
      }),
    );
    return this.#closed.signal.aborted || !results.includes(false);
  }

  /** Opens a new connection with the same subscriptions; until that succeeds. */
  async #reconnect(): Promise<void> {
    const { driver, onReconnect } = this.#options;
    while (!this.#closed.signal.aborted) {
      try {
        await driver.close();
        for (const [channel, subscription] of this.#subscriptions) this.#confirm(channel, subscription);
        await Promise.all([...this.#subscriptions.values()].map(({ confirmed }) => confirmed));
        onReconnect();
        return;
      } catch {
        await pause(RETRY_MS, this.#closed.signal);
      }
    }
  }
}
