import { type Formatter, hoursLeft, isJustNow, joined, pluralize, some } from "./formatter.js";
import type { SyncLabels } from "./sync-labels.js";

const items = (format: Formatter, count: number) => pluralize(format, count, { one: "# item", other: "# items" });
const were = (format: Formatter, count: number) => (format.plural(count) === "one" ? "was" : "were");
const ago = (format: Formatter, time: number, now: number) =>
  isJustNow(time, now) ? "just now" : format.timeAgo(time, now);

const about = (phase: string, text: string) => `${phase}: ${text}`;
const inPhase = (phase: string | null) => (phase === null ? "" : ` (${phase})`);

/** English, and the default. */
export const labelsEn: SyncLabels = {
  language: "en",

  syncing: (name) => `Syncing ${name}`,
  waiting: (name) => `${name} is waiting`,
  paused: (name) => `${name} is paused`,
  complete: (name) => `${name} is up to date`,
  completeWithFailures: (name, failed, format) =>
    `${name} synced with ${pluralize(format, failed, { one: "# problem", other: "# problems" })}`,
  failed: (name) => `${name} could not be synced`,
  timedOut: (name) => `${name} took too long`,
  interrupted: (name) => `${name} was interrupted`,
  cancelled: (name) => `${name} sync cancelled`,
  signedOut: "You have been signed out",
  notFound: "This sync no longer exists",
  unreachable: "Progress cannot be shown right now",
  unnamed: "Your data",

  stages: {
    queued: "Waiting for its turn...",
    retrying: "Trying again...",
    connecting: "Connecting...",
    syncing: "Fetching items...",
    parsing: "Reading items...",
    embedding: "Indexing...",
    running: "Working...",
  },
  pausedAt: (processed, total, format, phase) =>
    total === null
      ? `Paused after ${items(format, processed)}${inPhase(phase)}.`
      : `Paused at ${format.number(processed)} of ${format.number(total)}${inPhase(phase)}.`,
  completeBody: (count, durationMs, format) =>
    `${items(format, count)} synced${durationMs === null ? "" : ` in ${format.duration(durationMs)}`}.`,
  nothingNew: "Nothing new to sync.",
  completeWithFailuresBody: (synced, total, format) => `${format.number(synced)} of ${items(format, total)} synced.`,
  timedOutBody: "There was no progress for too long, so the sync was stopped.",
  interruptedBody: "The server restarted while syncing.",
  failedBody: "The server gave no reason.",
  notResponding: "The server is not responding.",
  cancelledBody: (kept, total, format) =>
    total === null
      ? `${items(format, kept)} ${were(format, kept)} kept.`
      : `${format.number(kept)} of ${items(format, total)} ${were(format, kept)} kept.`,
  itemsKept: (count, format) => `${items(format, count)} ${were(format, count)} kept.`,
  signedOutBody: "Sign in again to see the progress. The sync continues.",
  notFoundBody: "It may have expired, or it belongs to another account.",
  unreachableBody: (retryInMs, format) =>
    retryInMs === null
      ? "The server is not responding. Trying again..."
      : `The server is not responding. Trying again in ${format.duration(retryInMs)}.`,
  whatNext: "You can try again now.",

  stalled: (lastUpdateAt, now, format) => `Still working. Last update ${ago(format, lastUpdateAt, now)}.`,
  reconnecting: "Connection lost. Reconnecting... The sync continues.",
  reconnectingPaused: "Connection lost. Reconnecting...",
  offline: "You are offline. The sync continues; this view will catch up when you are back online.",
  offlinePaused: "You are offline. This view will catch up when you are back online.",

  phases: "Phases",
  phaseProgress: { done: "done", current: "in progress", stopped: "stopped", pending: "not started" },
  about,

  progressValue: (percent, processed, total, format, phase) => {
    const share = pluralize(format, Math.floor(percent), { one: "# percent", other: "# percent" });
    if (total === null) return share;
    const counts = `${format.number(processed)} of ${items(format, total)}`;
    return `${share}, ${phase === null ? counts : about(phase, counts)}`;
  },
  items: "Items",
  itemsOf: (processed, total, format) => `${format.number(processed)} of ${format.number(total)}`,
  itemsSoFar: (processed, format) => `${items(format, processed)} so far`,
  failedItems: "Failed",
  currentItem: "Now",
  timeLeft: (minutes, format) => {
    if (minutes === 0) return "less than a minute left";
    const hours = hoursLeft(minutes);
    return hours === null
      ? `about ${pluralize(format, minutes, { one: "# minute", other: "# minutes" })} left`
      : `about ${pluralize(format, hours, { one: "# hour", other: "# hours" })} left`;
  },
  failuresTitle: (failed, format) => pluralize(format, failed, { one: "# failed item", other: "# failed items" }),
  failuresLoading: "Loading the failed items...",
  failuresError: "The failed items could not be loaded.",
  showMore: "Show more",

  runInBackground: "Run in background",
  pause: "Pause",
  resume: "Resume",
  cancelSync: "Cancel sync",
  cancelQuestion: (name) => `Stop syncing ${name}? Items synced so far are kept.`,
  stop: "Stop",
  keepSyncing: "Keep syncing",
  tryNow: "Try now",
  tryAgain: "Try again",
  retryFailed: "Retry failed",
  syncAgain: "Sync again",
  signIn: "Sign in",
  done: "Done",
  close: "Close",
  closesIn: (remainingMs, format) => `Closes in ${format.number(Math.ceil(remainingMs / 1_000))} s`,
  closePaused: "Stays open while you are here",
  keepOpen: "Keep open",
  commandPending: {
    cancel: "Cancelling...",
    pause: "Pausing...",
    resume: "Resuming...",
    retry: "Starting again...",
    retry_failed: "Starting again...",
  },
  commandFailures: {
    forbidden: "You are not allowed to do that.",
    conflict: "That is not possible at the moment.",
    unreachable: "The server is not responding, so nothing was changed.",
  },
  commandFailed: "That did not work. Please try again.",
  notifyEmail: "Email me when it is done",
  notifyEmailFailed: "Your choice could not be saved.",

  announceStart: (name) => `Syncing ${name} has started.`,
  announceState: (headline, body) => `${headline}. ${body}`,
  announcePercent: (name, percent, format) => `${name}: ${format.percent(percent)}.`,
  announceResumed: (name) => `${name} sync resumed.`,
  announceFound: (name) => `${name}: reconnected.`,
  announceClosing: (remainingMs, format) =>
    `Closes in ${pluralize(format, Math.ceil(remainingMs / 1_000), { one: "# second", other: "# seconds" })}.`,

  syncs: "Syncs",
  syncCounts: ({ running, paused, failed, withProblems, finished }, format) =>
    joined(format, [
      [running, "running"],
      [paused, "paused"],
      [failed, "failed"],
      [withProblems, "with problems"],
      [finished, "finished"],
    ]),
  syncsFinished: (finished, total, format) => `${format.number(finished)} of ${format.number(total)} have finished.`,
  moreSyncs: (count, format) => `and ${format.number(count)} more`,
  offlineShort: "Offline",
  connectionLost: "Connection lost",
  dismiss: "Dismiss",
  dismissFinished: "Dismiss finished",
  notifyMe: "Notify me",
  titlePrefix: (hasFailed) => (hasFailed ? "(failed) " : "(done) "),

  cardStatus: {
    not_connected: "Not connected",
    connecting: "Connecting...",
    connected: "Connected",
    syncing: "Syncing",
    needs_reauth: "Access expired",
    error: "Last sync failed",
    paused: "Paused",
  },
  connect: "Connect",
  reauthorize: "Reconnect",
  syncNow: "Sync now",
  showProgress: "Show progress",
  syncEverything: "Sync everything again",
  lastSynced: (time, now, count, format) => `Last synced ${ago(format, time, now)}, ${items(format, count)}`,
  neverSynced: "Not synced yet",
  moreActions: (name) => `More actions for ${name}`,

  allSources: "All sources",
  syncAll: "Sync all",
  cancelAll: "Cancel all",
  cancelAllQuestion: "Stop all syncs? Items synced so far are kept.",
  sourcesConnected: (count, format) =>
    pluralize(format, count, { one: "# source connected", other: "# sources connected" }),
  allSummary: ({ total, upToDate, running, waiting, cancelled, failed, withProblems }, format) => {
    if (upToDate === total) return total === 1 ? "Up to date" : `All ${format.number(total)} up to date`;
    const parts = [`${format.number(upToDate)} of ${format.number(total)} up to date`];
    if (failed.length > 0) parts.push(`${some(failed, format)} failed`);
    if (withProblems.length > 0) parts.push(`${some(withProblems, format)} with problems`);
    if (cancelled > 0) parts.push(`${format.number(cancelled)} cancelled`);
    if (running > 0) parts.push(`${format.number(running)} syncing`);
    if (waiting > 0) parts.push(`${format.number(waiting)} waiting`);
    return parts.join(", ");
  },
  announceAllStart: (count, format) =>
    pluralize(format, count, { one: "Syncing # source.", other: "Syncing # sources." }),
  noSources: "No source is connected yet.",
  sourcesLoading: "Loading the sources...",
  sourcesError: "The sources could not be loaded.",
  notStarted: "Not started",
  results: { complete: "Complete", partly_failed: "With problems", failed: "Failed", cancelled: "Cancelled" },

  history: "Sync history",
  historyLoading: "Loading the syncs...",
  historyError: "The syncs could not be loaded.",
  historyEmpty: "Nothing has been synced yet.",
  historyNoMatch: "No sync matches the filters.",
  historyFound: (count, hasMore, format) =>
    `${pluralize(format, count, { one: "# sync", other: "# syncs" })}${hasMore ? " and more" : ""} found.`,
  historyUnsupported: "This server keeps no list of past syncs.",
  filterSource: "Source",
  filterResult: "Result",
  filterAll: "All",
  duration: "Duration",
  startedBy: "Started by",
  details: "Details",
  searchFailures: "Search the failed items",
  noFailureMatches: "No failed item contains this.",
  copy: "Copy",
  copied: (count, format) => `${items(format, count)} copied.`,
  copyFailed: "The browser did not allow copying.",
  log: "Log",
  download: (kind) => `Download ${kind}`,
  downloadCut: "The file is not complete: the server keeps no more than this.",
  downloadFailed: "The file could not be downloaded.",
};
