/** What the store uses of a `Pool` of pg. */
export interface PostgresPool {
  query(text: string, values?: readonly unknown[]): Promise<PostgresResult>;
  connect(): Promise<PostgresConnection>;
}

/** What the store uses of a connection that a pool has given out. */
export interface PostgresConnection {
  query(text: string, values?: readonly unknown[]): Promise<PostgresResult>;
  on(event: "notification", listener: (message: PostgresMessage) => void): unknown;
  on(event: "error" | "end", listener: () => void): unknown;
  /** `true` closes it instead of giving it back. */
  release(isBroken: boolean): void;
}

/** What a NOTIFY has sent. */
export interface PostgresMessage {
  readonly channel: string;
  readonly payload?: string | undefined;
}

export interface PostgresResult {
  readonly rows: readonly PostgresRow[];
}

/** A row as pg returns it: texts, and numbers beyond 32 bits as texts. */
export type PostgresRow = Readonly<Record<string, unknown>>;
