import type { RedisDriver } from "./redis-driver.js";

/** What the store uses of a client that `createClient()` of node-redis returns. */
export interface NodeRedisClient {
  duplicate(overrides: { readonly pingInterval: number }): NodeRedisSubscriber;
  sendCommand(args: readonly string[], options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

/** What the store uses of a cluster that `createCluster()` of node-redis returns. */
export interface NodeRedisCluster {
  /** Only a cluster has one. */
  readonly slots: readonly unknown[];
  duplicate(): NodeRedisSubscriber;
  sendCommand(
    firstKey: string,
    isReadonly: boolean,
    args: string[],
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<unknown>;
}

/** What the store uses of the duplicate on which it subscribes. */
export interface NodeRedisSubscriber {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  destroy(): void;
  on(event: string, listener: () => void): unknown;
  sSubscribe(channel: string, listener: (message: string) => void): Promise<void>;
  sUnsubscribe(channel: string, listener: (message: string) => void): Promise<void>;
}

/** Keeps a connection without messages from being closed by what is between it and Redis. */
const PING_MS = 10_000;

/**
 * Drives a client or a cluster of node-redis 6. It sends commands on the given one, which has to be connected,
 * and opens a duplicate for messages when the first scope is watched.
 */
export function nodeRedisDriver(client: NodeRedisClient | NodeRedisCluster): RedisDriver {
  let current: NodeRedisSubscriber | null = null;
  let subscriber: Promise<NodeRedisSubscriber> | null = null;
  let onReconnect = () => {};

  async function open(): Promise<NodeRedisSubscriber> {
    const opened = isCluster(client) ? client.duplicate() : client.duplicate({ pingInterval: PING_MS });
    current = opened;
    // Commands fail, too, while Redis is away, and those are reported; without a listener this would end the process.
    opened.on("error", () => {});
    let isFirst = true;
    opened.on("ready", () => {
      if (!isFirst) onReconnect();
      isFirst = false;
    });
    // A node of a cluster. Those that are connected for the first time have nothing to miss; reading again does no harm.
    opened.on("node-ready", () => onReconnect());
    await opened.connect();
    return opened;
  }

  function subscriberOf(): Promise<NodeRedisSubscriber> {
    const opening = subscriber ?? open();
    subscriber = opening;
    opening.catch(() => {
      if (subscriber === opening) subscriber = null;
    });
    return opening;
  }

  return {
    command(key, args, signal) {
      const options = signal === undefined ? {} : { abortSignal: signal };
      return isCluster(client) ? client.sendCommand(key, false, [...args], options) : client.sendCommand(args, options);
    },

    async subscribe(channel, listener) {
      const on = await subscriberOf();
      await on.sSubscribe(channel, listener);
      // Without a connection there is nothing to end.
      return () => void on.sUnsubscribe(channel, listener).catch(() => {});
    },

    onReconnect(listener) {
      onReconnect = listener;
    },

    async close() {
      // One that still connects, too.
      if (current?.isOpen === true) current.destroy();
      current = null;
      subscriber = null;
    },
  };
}

function isCluster(client: NodeRedisClient | NodeRedisCluster): client is NodeRedisCluster {
  return "slots" in client;
}
