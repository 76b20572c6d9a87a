import type { SyncCapability } from "../protocol/capabilities.js";
import type { Decoded } from "../protocol/decoding.js";
import type { DownloadFormat, DownloadList, SyncDownload } from "../protocol/download.js";
import type { FailureQuery, SyncListQuery } from "../protocol/endpoints.js";
import type { FailurePage } from "../protocol/failure.js";
import type { Integration } from "../protocol/integration.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import type { SyncPage } from "../protocol/sync-page.js";

/** What a sync is started with. */
export interface StartSyncOptions {
  /** Sync everything again, not only what is new. */
  readonly fullSync?: boolean;
  /** Only what changed since then, ISO 8601. */
  readonly since?: string;
}

/** Of what the person wants to be notified when a sync has ended. */
export interface NotifyOptions {
  /** By a mail to the address of their account. */
  readonly email: boolean;
}

/** A command to a running sync. */
export type RunningSyncCommand = "cancel" | "pause" | "resume";

/**
 * What a {@link SyncClient} needs of a backend. Leave out what yours does not have: without `openStream` the client polls,
 * without `getSnapshot` it reopens the stream instead; one of the two must be there. Methods reject with a
 * `SyncRequestError`; any other error counts as a server that could not be reached.
 */
export interface SyncTransport {
  /**
   * Opens the stream of a sync and reports to `sink`. Returns a function that closes it; `sink` must not be called after
   * that. May throw if streams are not supported here; the client then polls.
   */
  openStream?(syncId: string, sink: StreamSink): () => void;
  /**
   * Opens the stream of all syncs of the person signed in, and reports to `sink`; otherwise like `openStream`. Called only if
   * the backend says in a list that it has one.
   */
  openFeed?(sink: FeedSink): () => void;
  /** Requests the current snapshot of a sync. */
  getSnapshot?(syncId: string, signal: AbortSignal): Promise<SyncSnapshot>;
  /** Gives a command. Resolves with the state it led to, or `null` if the response has none. */
  command?(syncId: string, command: RunningSyncCommand): Promise<SyncSnapshot | null>;
  /** Starts a sync and resolves with its id; if one of that type is running, with the id of that. */
  startSync?(integrationType: string, options: StartSyncOptions): Promise<string>;
  /** Starts a new sync in place of one that has ended and resolves with its id. */
  retry?(syncId: string, options: { readonly only?: "failed" }): Promise<string>;
  /** One page of the syncs of the person signed in, newest first. */
  listSyncs?(options: SyncListQuery, signal?: AbortSignal): Promise<SyncPage>;
  /** The integrations of the person signed in. */
  getIntegrations?(signal?: AbortSignal): Promise<readonly Integration[]>;
  /** One page of the items that failed in a sync, oldest first. */
  getFailures?(syncId: string, query: FailureQuery, signal?: AbortSignal): Promise<FailurePage>;
  /** Says whether the person wants a notice when the sync has ended. Resolves with the state, or `null` if there is none. */
  setNotify?(syncId: string, notify: NotifyOptions): Promise<SyncSnapshot | null>;
  /** The failed items or the log of a sync as a file. */
  download?(syncId: string, list: DownloadList, format: DownloadFormat, signal?: AbortSignal): Promise<SyncDownload>;
  /** Renews the credentials after a 401 or 403; resolves with whether that worked. */
  reauthorize?(): Promise<boolean>;
  /** Names the backend, for the tabs that share one feed of it. Without a name each tab has its own. */
  readonly name?: string;
  /** What the backend offers for every sync whose snapshots have no `capabilities`. Default none. */
  readonly capabilities?: readonly SyncCapability[];
  /** How many streams may be open at once; further syncs are polled. Default no limit. */
  readonly maxStreams?: number;
  /** ms between requests while a sync is polled. Default the client's `pollIntervalMs`. */
  readonly pollIntervalMs?: number;
}

/** What a stream reports to. */
export interface StreamSink {
  /** The connection is open; the first message should follow. */
  onOpen(): void;
  onSnapshot(message: StreamMessage): void;
  /**
   * Something without content came, so the stream is alive. `intervalMs`: when the next follows, if the backend says.
   * `isStale`: the backend cannot read the current state at present, so that what came last may be out of date.
   */
  onHeartbeat(intervalMs?: number | null, isStale?: boolean): void;
  /** The connection was interrupted; the stream reconnects by itself. */
  onInterrupted(): void;
  /** The stream has ended for good; the client decides what to do. */
  onClosed(): void;
  /** For developer tools: a message as it came, before {@link onSnapshot} or {@link onHeartbeat}. */
  onRaw?(name: string, data: unknown): void;
}

/** What a feed reports to. */
export interface FeedSink extends Pick<StreamSink, "onOpen" | "onInterrupted" | "onClosed"> {
  /** An event came: the name of an SSE event of the wire contract, and its `data`. */
  onEvent(name: string, data: string): void;
}

/** A message with a snapshot. It replaces every earlier one, so the client decodes only the latest, once a frame. */
export interface StreamMessage {
  /** Reads the snapshot. */
  decode(): Decoded<SyncSnapshot>;
  /** It must not wait: the sync has ended, or does something else now. */
  readonly isUrgent: boolean;
}
