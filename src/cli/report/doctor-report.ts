import type { Finding, Level } from "../checks/check.js";

/** A check and what it found. */
export interface CheckResult {
  /** Stable, for programs. */
  readonly id: string;
  /** What it looks at. */
  readonly subject: string;
  /** The worst level of its findings. */
  readonly level: Level;
  readonly findings: readonly Finding[];
}

/** The result of an examination, as `--json` prints it. Fields are added in later versions, never removed. */
export interface DoctorReport {
  readonly version: 1;
  /** As it was given. */
  readonly url: string;
  /** Where the API was found; `null` if nowhere. */
  readonly baseUrl: string | null;
  /** The sync that was looked at; `null` if there was none. */
  readonly syncId: string | null;
  /** Ended by SIGINT: only what had been judged until then is in it. */
  readonly isInterrupted: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** How many checks have each level. */
  readonly counts: Readonly<Record<Level, number>>;
  readonly checks: readonly CheckResult[];
}
