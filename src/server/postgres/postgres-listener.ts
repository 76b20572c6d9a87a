import { setBackgroundInterval } from "../long-timeout.js";
import { abortable } from "../store-calls.js";
import type { PostgresConnection, PostgresMessage, PostgresPool } from "./postgres-pool.js";

export interface PostgresListenerOptions {
  /** Gives the connection that listens. */
  readonly listenPool: PostgresPool;
  /** Sends what the connection has to receive to prove that it listens. */
  readonly pool: PostgresPool;
  /** The connection was lost, and there is a new one: messages may be missing. */
  readonly onReconnect: () => void;
}

/** How long a message to ourselves may take, in ms. */
const PROBE_MS = 5_000;
/** ms between two of them. */
const BEAT_MS = 5_000;
const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;

/** A connection that listens, until it is lost. */
interface Session {
  /** Sends one statement after the other; rejects when the connection is lost, also if nobody on the other side says so. */
  readonly send: (sql: string) => Promise<unknown>;
  readonly end: () => void;
}

/**
 * Receives the notifications of this process, all on one connection. It sends itself a message at the start and each 5 s:
 * behind a pooler in transaction mode LISTEN succeeds and nothing ever arrives, and a dead connection looks the same.
 */
export class PostgresListener {
  readonly #options: PostgresListenerOptions;
  readonly #receivers = new Map<string, (payload: string) => void>();
  #session: Promise<Session> | null = null;
  #stopBeat: (() => void) | null = null;
  #isClosed = false;

  constructor(options: PostgresListenerOptions) {
    this.#options = options;
  }

  /** Receives what is sent to a channel from the moment it resolves, until the returned function is called. */
  async listen(channel: string, receive: (payload: string) => void): Promise<() => void> {
    this.#receivers.set(channel, receive);
    const stop = () => {
      if (this.#receivers.get(channel) !== receive) return;
      this.#receivers.delete(channel);
      this.#session?.then(({ send }) => this.#unlisten(send, channel)).catch(() => {});
    };
    try {
      const { send } = await this.#open();
      await send(`LISTEN "${channel}"`);
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  close(): void {
    this.#isClosed = true;
    this.#receivers.clear();
    this.#stopBeat?.();
    this.#session?.then(({ end }) => end()).catch(() => {});
    this.#session = null;
  }

  /** Not if it was listened to again meanwhile: the newer LISTEN is sent after this. */
  async #unlisten(send: Session["send"], channel: string): Promise<void> {
    if (!this.#receivers.has(channel)) await send(`UNLISTEN "${channel}"`);
  }

  #open(): Promise<Session> {
    const opening = this.#session ?? this.#connect();
    this.#session = opening;
    opening.catch(() => {
      if (this.#session === opening) this.#session = null;
    });
    return opening;
  }

  async #connect(): Promise<Session> {
    const connection = await this.#options.listenPool.connect();
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => {});
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      lost.reject(new Error("The connection that listens was lost."));
      connection.release(true);
    };
    const sendInTurn = oneByOne(connection);
    const send = (sql: string) => Promise.race([sendInTurn(sql), lost.promise]);
    const lose = () => {
      if (isOver) return;
      end();
      this.#reconnect();
    };
    connection.on("notification", ({ channel, payload = "" }: PostgresMessage) => {
      this.#receivers.get(channel)?.(payload);
    });
    connection.on("error", lose);
    connection.on("end", lose);
    try {
      await this.#probe(send);
    } catch (error) {
      end();
      throw error;
    }
    this.#stopBeat?.();
    this.#stopBeat = setBackgroundInterval(() => void this.#probe(send).catch(lose), BEAT_MS);
    if (this.#isClosed) end();
    return { send, end };
  }

  /** Until it succeeds, or nothing is listened to any more. */
  #reconnect(delayMs = FIRST_DELAY_MS): void {
    this.#stopBeat?.();
    this.#session = null;
    if (this.#isClosed || this.#receivers.size === 0) return;
    setTimeout(
      () => {
        if (this.#isClosed) return;
        this.#resume().catch(() => this.#reconnect(Math.min(delayMs * 2, MAX_DELAY_MS)));
      },
      delayMs * (0.5 + Math.random()),
    );
  }

  async #resume(): Promise<void> {
    const { send } = await this.#open();
    for (const channel of [...this.#receivers.keys()]) await send(`LISTEN "${channel}"`);
    this.#options.onReconnect();
  }

  /** Sends a message to this connection, and waits for it. */
  async #probe(send: Session["send"]): Promise<void> {
    const channel = `sp_probe_${crypto.randomUUID()}`;
    const arrived = Promise.withResolvers<void>();
    this.#receivers.set(channel, () => arrived.resolve());
    const exchange = async () => {
      await send(`LISTEN "${channel}"`);
      await this.#options.pool.query("SELECT pg_notify($1, '')", [channel]);
      await arrived.promise;
      await send(`UNLISTEN "${channel}"`);
    };
    const late = AbortSignal.timeout(PROBE_MS);
    try {
      await abortable(exchange(), late);
    } catch (error) {
      throw late.aborted ? new Error(NOT_HEARD) : error;
    } finally {
      this.#receivers.delete(channel);
    }
  }
}

/** A connection takes no statement while it carries out another one. */
function oneByOne(connection: PostgresConnection): Session["send"] {
  let last: Promise<unknown> = Promise.resolve();
  return (sql) => {
    const sent = last.then(() => connection.query(sql));
    last = sent.catch(() => {});
    return sent;
  };
}

const NOT_HEARD =
  "SyncProgressError: what is sent by NOTIFY does not reach this process. If the pool connects to PgBouncer or another pooler in transaction mode, give createPostgresStore a listenPool that connects to Postgres itself.";
