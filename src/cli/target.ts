/** Who sends a request: nobody, or somebody with a cookie, headers, or both. */
export interface Identity {
  /** As in a Cookie header; `null` for none. */
  readonly cookie: string | null;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export const NOBODY: Identity = { cookie: null, headers: {} };

/** Which sync is read. */
export type SyncChoice =
  | { readonly kind: "id"; readonly syncId: string }
  | { readonly kind: "start"; readonly type: string }
  /** One of the list, if there is any. */
  | { readonly kind: "any" };

/** How long the doctor waits for what. */
export interface DoctorTimings {
  /** How long the stream of a sync is read at most, in ms. */
  readonly streamMs: number;
  /** How long a silence of the stream is waited for, in ms. */
  readonly idleMs: number;
  /** How long a request may take, in ms. */
  readonly requestMs: number;
  /** How soon a stream has to send its first event, in ms. */
  readonly firstEventMs: number;
  /** By how much a stream may be behind the snapshot endpoint, in ms. */
  readonly lagMs: number;
  /** How often the snapshot endpoint is requested while a stream is read, in ms. */
  readonly pollMs: number;
  /** The shortest silence after which a page takes a stream for dead, however often heartbeats come, in ms. */
  readonly deadMs: number;
  /** How soon a server has to end a stream after the end of its sync, in ms. */
  readonly closeMs: number;
}

export const DEFAULT_TIMINGS: DoctorTimings = {
  streamMs: 30_000,
  idleMs: 20_000,
  requestMs: 10_000,
  firstEventMs: 3_000,
  lagMs: 1_500,
  pollMs: 1_000,
  deadMs: 10_000,
  closeMs: 3_000,
};

/** What is examined, and as whom. */
export interface Target {
  /** As it was given. */
  readonly url: string;
  /** The origin of the page; that of the URL if none was given. */
  readonly pageOrigin: string;
  readonly identity: Identity;
  /** Somebody of another account; `null` if none was given. */
  readonly secondIdentity: Identity | null;
  readonly sync: SyncChoice;
  readonly timings: DoctorTimings;
}

/** Whether the pages come from another origin than the API. */
export function isCrossOrigin(target: Target): boolean {
  return target.pageOrigin !== new URL(target.url).origin;
}

/** Whether browsers would send cookies to another origin. A page that signs in by a header needs none. */
export function usesCredentials({ identity }: Target): boolean {
  return identity.cookie !== null || Object.keys(identity.headers).length === 0;
}
