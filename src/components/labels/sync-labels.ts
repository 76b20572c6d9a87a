import type { IntegrationStatus } from "../../protocol/integration.js";
import type { RunningStatus } from "../../protocol/status.js";
import type { SyncResult } from "../../protocol/sync-result.js";
import type { Formatter } from "./formatter.js";

/** How all sources stand together, to be put into a sentence. Names are those of integrations. */
export interface AllSourcesCount {
  readonly total: number;
  readonly upToDate: number;
  readonly running: number;
  readonly waiting: number;
  readonly cancelled: number;
  readonly failed: readonly string[];
  /** Synced, but for some items. */
  readonly withProblems: readonly string[];
}

/** How many syncs stand how, to be put into words. */
export interface SyncCounts {
  readonly running: number;
  readonly paused: number;
  readonly failed: number;
  /** Complete, but for some items. */
  readonly withProblems: number;
  /** Complete or cancelled. */
  readonly finished: number;
}

/** All words of the components. Each entry is a text, or a function of its subject and the locale's formats. */
export interface SyncLabels {
  /** BCP 47 language of these words, such as `"en"`; name it when you bring words of another language. */
  readonly language: string;

  /* Headlines; `name` is the integration's display name. */
  readonly syncing: (name: string) => string;
  readonly waiting: (name: string) => string;
  readonly paused: (name: string) => string;
  readonly complete: (name: string) => string;
  readonly completeWithFailures: (name: string, failed: number, format: Formatter) => string;
  readonly failed: (name: string) => string;
  readonly timedOut: (name: string) => string;
  readonly interrupted: (name: string) => string;
  readonly cancelled: (name: string) => string;
  readonly signedOut: string;
  readonly notFound: string;
  readonly unreachable: string;
  /** Stands for an integration without a name. */
  readonly unnamed: string;

  /* The line below the headline. */
  /** What is done in a status, if the server sends no sentence. */
  readonly stages: Readonly<
    Record<
      | Exclude<RunningStatus, "paused">
      /** What it waits for after a failure, in the queue. */
      | "retrying",
      string
    >
  >;
  /** `phase` is the one that the counts belong to; `null` for a sync without phases. */
  readonly pausedAt: (processed: number, total: number | null, format: Formatter, phase: string | null) => string;
  readonly completeBody: (items: number, durationMs: number | null, format: Formatter) => string;
  readonly nothingNew: string;
  readonly completeWithFailuresBody: (synced: number, total: number, format: Formatter) => string;
  readonly timedOutBody: string;
  readonly interruptedBody: string;
  readonly failedBody: string;
  /** Why a sync could not be started when no response came. */
  readonly notResponding: string;
  readonly cancelledBody: (kept: number, total: number | null, format: Formatter) => string;
  readonly itemsKept: (items: number, format: Formatter) => string;
  readonly signedOutBody: string;
  readonly notFoundBody: string;
  /** `retryInMs` is `null` while a try is under way. */
  readonly unreachableBody: (retryInMs: number | null, format: Formatter) => string;
  /** What to do after a failure. */
  readonly whatNext: string;

  /* The notice about the connection. */
  readonly stalled: (lastUpdateAt: number, now: number, format: Formatter) => string;
  readonly reconnecting: string;
  /** The same for a paused sync, which does not continue meanwhile. */
  readonly reconnectingPaused: string;
  readonly offline: string;
  readonly offlinePaused: string;

  /* Phases. */
  /** Names the list of phases. */
  readonly phases: string;
  /** The progress of a phase, after its name. */
  readonly phaseProgress: Readonly<Record<"done" | "current" | "stopped" | "pending", string>>;
  /** A text about one of several: a phase of a sync, a sync among others. */
  readonly about: (subject: string, text: string) => string;

  /* Numbers. */
  /** `phase` as in `pausedAt`. */
  readonly progressValue: (
    percent: number,
    processed: number,
    total: number | null,
    format: Formatter,
    phase: string | null,
  ) => string;
  readonly items: string;
  readonly itemsOf: (processed: number, total: number, format: Formatter) => string;
  readonly itemsSoFar: (processed: number, format: Formatter) => string;
  readonly failedItems: string;
  readonly currentItem: string;
  /** `minutes` 0 means less than a minute. */
  readonly timeLeft: (minutes: number, format: Formatter) => string;
  readonly failuresTitle: (failed: number, format: Formatter) => string;
  readonly failuresLoading: string;
  readonly failuresError: string;
  readonly showMore: string;

  /* Actions. */
  readonly runInBackground: string;
  readonly pause: string;
  readonly resume: string;
  readonly cancelSync: string;
  readonly cancelQuestion: (name: string) => string;
  readonly stop: string;
  readonly keepSyncing: string;
  readonly tryNow: string;
  readonly tryAgain: string;
  readonly retryFailed: string;
  readonly syncAgain: string;
  readonly signIn: string;
  readonly done: string;
  readonly close: string;
  readonly closesIn: (remainingMs: number, format: Formatter) => string;
  readonly closePaused: string;
  readonly keepOpen: string;
  /** Stands in place of the button's own words, and of the line below the headline, until the server has responded. */
  readonly commandPending: Readonly<Record<"cancel" | "pause" | "resume" | "retry" | "retry_failed", string>>;
  /** Why an action was not carried out: not allowed, overtaken by another one, no response. */
  readonly commandFailures: Readonly<Record<"forbidden" | "conflict" | "unreachable", string>>;
  /** The same for any other reason. */
  readonly commandFailed: string;

  /** The checkbox for a mail when the sync has ended. */
  readonly notifyEmail: string;
  readonly notifyEmailFailed: string;

  /* Announcements to screen readers. */
  readonly announceStart: (name: string) => string;
  /** A headline and the line below it, one after the other. */
  readonly announceState: (headline: string, body: string) => string;
  readonly announcePercent: (name: string, percent: number, format: Formatter) => string;
  readonly announceResumed: (name: string) => string;
  /** The connection to a sync is back. */
  readonly announceFound: (name: string) => string;
  /** Follows the announcement of a complete sync if the display closes by itself. */
  readonly announceClosing: (remainingMs: number, format: Formatter) => string;

  /* The indicator of all syncs. */
  /** Names it. */
  readonly syncs: string;
  /** A few words for a small place; a number that is 0 is left out. */
  readonly syncCounts: (counts: SyncCounts, format: Formatter) => string;
  /** How many of several have ended: a sentence that follows how the last one of them ended. */
  readonly syncsFinished: (finished: number, total: number, format: Formatter) => string;
  /** Stands below a list that leaves out some. */
  readonly moreSyncs: (count: number, format: Formatter) => string;
  /** The state of the connection, for a small place. */
  readonly offlineShort: string;
  readonly connectionLost: string;
  /** Takes a sync that has ended off the list. */
  readonly dismiss: string;
  readonly dismissFinished: string;
  /** The button that lets the browser notify the person when a sync has ended. */
  readonly notifyMe: string;
  /** Stands before the page's title when syncs have ended in a hidden tab; `hasFailed`: one of them failed. */
  readonly titlePrefix: (hasFailed: boolean) => string;

  /* The integration card. */
  readonly cardStatus: Readonly<Record<IntegrationStatus, string>>;
  readonly connect: string;
  /** Renews the access to the source. */
  readonly reauthorize: string;
  readonly syncNow: string;
  readonly showProgress: string;
  readonly syncEverything: string;
  readonly lastSynced: (time: number, now: number, items: number, format: Formatter) => string;
  readonly neverSynced: string;
  readonly moreActions: (name: string) => string;

  /* All integrations in one go. */
  /** Names them. */
  readonly allSources: string;
  readonly syncAll: string;
  readonly cancelAll: string;
  readonly cancelAllQuestion: string;
  /** Before anything is started. */
  readonly sourcesConnected: (count: number, format: Formatter) => string;
  readonly allSummary: (count: AllSourcesCount, format: Formatter) => string;
  readonly announceAllStart: (count: number, format: Formatter) => string;
  readonly noSources: string;
  readonly sourcesLoading: string;
  readonly sourcesError: string;
  /** An integration whose turn never came. */
  readonly notStarted: string;
  readonly results: Readonly<Record<SyncResult, string>>;

  /* The history. */
  /** Names it. */
  readonly history: string;
  readonly historyLoading: string;
  readonly historyError: string;
  readonly historyEmpty: string;
  readonly historyNoMatch: string;
  /** What a filter has found; more than that if there are further pages. */
  readonly historyFound: (count: number, hasMore: boolean, format: Formatter) => string;
  /** The backend has no list of syncs. */
  readonly historyUnsupported: string;
  readonly filterSource: string;
  readonly filterResult: string;
  readonly filterAll: string;
  readonly duration: string;
  readonly startedBy: string;
  readonly details: string;
  readonly searchFailures: string;
  readonly noFailureMatches: string;
  readonly copy: string;
  readonly copied: (items: number, format: Formatter) => string;
  readonly copyFailed: string;
  readonly log: string;
  /** `kind` is `"CSV"` or `"NDJSON"`. */
  readonly download: (kind: string) => string;
  /** The file lacks entries. */
  readonly downloadCut: string;
  readonly downloadFailed: string;
}
