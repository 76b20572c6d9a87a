/** How the syncs of a type of integration go. */
export type SyncShape =
  /** Complete within seconds, without a failed item. */
  | "complete"
  /** Complete within seconds, with at least one failed item. */
  | "partlyFailed"
  /** Failed within seconds, with a message for the person. */
  | "failed"
  /** Runs for a minute at least, with some changes a second. */
  | "endless";

/** What a backend may offer beside a snapshot and a stream. */
export type Feature =
  | "seq"
  | "heartbeat"
  | "start"
  | "list"
  | "feed"
  | "cancel"
  | "pause"
  | "retry"
  | "failures"
  | "log"
  | "signIn"
  | "cors"
  | "connections";

/** The headers by which the backend finds out who calls. */
export type Credentials = Readonly<Record<string, string>>;

/** A backend that runs, as a stranger sees it. */
export interface Backend {
  /** Where its paths begin: `http://127.0.0.1:8000/api`. */
  readonly baseUrl: string;
  readonly offers: ReadonlySet<Feature>;
  /** Two people of different tenants. */
  readonly ada: Credentials;
  readonly grace: Credentials;
  /** The type of integration of each shape. */
  readonly types: Readonly<Record<SyncShape, string>>;
  /** Starts a sync, for a backend without `start`. Default the request of the protocol. Returns its id. */
  readonly startSync?: (type: string, credentials: Credentials) => Promise<string>;
  /** The other origin that may call; with `cors`. */
  readonly origin?: string;
  /** How many connections it has open now; with `connections`. */
  readonly countConnections?: () => number;
}
