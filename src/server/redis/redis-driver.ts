/**
 * What `createRedisStore` needs of a Redis client. `nodeRedisDriver` makes one of a client or a cluster of node-redis;
 * any other client fits with some lines (docs/server.md).
 */
export interface RedisDriver {
  /** Sends a command; `key` is one of its keys and decides which node of a cluster gets it. Rejects when Redis refuses. */
  command(key: string, args: readonly string[], signal?: AbortSignal): Promise<unknown>;
  /**
   * Subscribes to a sharded channel (SSUBSCRIBE), once a channel. Resolves when Redis has confirmed it, and subscribes
   * again after every loss of the connection, until the returned function is called.
   */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => void>;
  /** Registers the listener for losses that are over: the subscriptions are there again, and messages may be missing. */
  onReconnect(listener: () => void): void;
  /**
   * Closes what the driver has opened itself, also if it does not respond; the client that it was given stays open. What is
   * subscribed to afterwards opens it again.
   */
  close(): Promise<void>;
}
