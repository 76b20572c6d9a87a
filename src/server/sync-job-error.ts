/** Options of {@link SyncJobError}. */
export interface SyncJobErrorOptions {
  /** A word for programs; becomes `error_code`. */
  readonly code?: string;
  readonly cause?: unknown;
  /** Whether another attempt would fail as well: a job engine does not try again then. Default `false`. */
  readonly isFinal?: boolean;
}

/**
 * A failure whose message may be shown to the person. Any other error that a job throws is shown as a general
 * sentence, because its message may hold what is not theirs to see.
 *
 * @example
 * throw new SyncJobError("The mailbox is locked by another program.", { code: "mailbox_locked" });
 */
export class SyncJobError extends Error {
  override readonly name = "SyncJobError";
  /** A word for programs; becomes `error_code`. */
  readonly code: string | null;
  /** Whether another attempt would fail as well: a job engine does not try again. */
  readonly isFinal: boolean;

  constructor(message: string, { code, cause, isFinal = false }: SyncJobErrorOptions = {}) {
    super(message, { cause });
    this.code = code ?? null;
    this.isFinal = isFinal;
  }
}

/** Why a running job was stopped: the reason of its abort signal. */
export class SyncStoppedError extends Error {
  override readonly name = "SyncStoppedError";
  readonly why: "cancelled" | "timed_out" | "interrupted" | "superseded" | "ended";

  constructor(why: SyncStoppedError["why"], message: string) {
    super(message);
    this.why = why;
  }
}
