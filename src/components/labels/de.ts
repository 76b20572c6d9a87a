import { type Formatter, hoursLeft, isJustNow, joined, pluralize, some } from "./formatter.js";
import type { SyncLabels } from "./sync-labels.js";

const items = (format: Formatter, count: number) => pluralize(format, count, { one: "# Element", other: "# Elemente" });
const dative = (format: Formatter, count: number) =>
  pluralize(format, count, { one: "# Element", other: "# Elementen" });
const stay = (format: Formatter, count: number) => (format.plural(count) === "one" ? "bleibt" : "bleiben");
const ago = (format: Formatter, time: number, now: number) =>
  isJustNow(time, now) ? "gerade eben" : format.timeAgo(time, now);

const about = (phase: string, text: string) => `${phase}: ${text}`;
const inPhase = (phase: string | null) => (phase === null ? "" : ` (${phase})`);

/** German. */
export const labelsDe: SyncLabels = {
  language: "de",

  syncing: (name) => `${name} wird synchronisiert`,
  waiting: (name) => `${name} wartet`,
  paused: (name) => `${name} ist angehalten`,
  complete: (name) => `${name} ist auf dem neuesten Stand`,
  completeWithFailures: (name, failed, format) =>
    `${name} mit ${pluralize(format, failed, { one: "# Problem", other: "# Problemen" })} synchronisiert`,
  failed: (name) => `${name} konnte nicht synchronisiert werden`,
  timedOut: (name) => `${name} hat zu lange gebraucht`,
  interrupted: (name) => `${name} wurde unterbrochen`,
  cancelled: (name) => `${name}: Synchronisierung abgebrochen`,
  signedOut: "Sie wurden abgemeldet",
  notFound: "Diese Synchronisierung gibt es nicht mehr",
  unreachable: "Der Fortschritt kann gerade nicht angezeigt werden",
  // Singular and neuter, so that it fits every sentence below as it is.
  unnamed: "Ihr Konto",

  stages: {
    queued: "In der Warteschlange …",
    retrying: "Ein neuer Versuch folgt …",
    connecting: "Verbindung wird hergestellt …",
    syncing: "Elemente werden abgerufen …",
    parsing: "Elemente werden gelesen …",
    embedding: "Index wird aufgebaut …",
    running: "In Arbeit …",
  },
  pausedAt: (processed, total, format, phase) =>
    total === null
      ? `Angehalten nach ${dative(format, processed)}${inPhase(phase)}.`
      : `Angehalten bei ${format.number(processed)} von ${format.number(total)}${inPhase(phase)}.`,
  completeBody: (count, durationMs, format) =>
    `${items(format, count)}${durationMs === null ? "" : ` in ${format.duration(durationMs)}`} synchronisiert.`,
  nothingNew: "Es gab nichts Neues.",
  completeWithFailuresBody: (synced, total, format) =>
    `${format.number(synced)} von ${dative(format, total)} synchronisiert.`,
  timedOutBody: "Es gab zu lange keinen Fortschritt, deshalb wurde die Synchronisierung beendet.",
  interruptedBody: "Der Server wurde während der Synchronisierung neu gestartet.",
  failedBody: "Der Server hat keinen Grund genannt.",
  notResponding: "Der Server antwortet nicht.",
  cancelledBody: (kept, total, format) =>
    total === null
      ? `${items(format, kept)} ${stay(format, kept)} erhalten.`
      : `${format.number(kept)} von ${dative(format, total)} ${stay(format, kept)} erhalten.`,
  itemsKept: (count, format) => `${items(format, count)} ${stay(format, count)} erhalten.`,
  signedOutBody: "Melden Sie sich wieder an, um den Fortschritt zu sehen. Die Synchronisierung läuft weiter.",
  notFoundBody: "Sie ist möglicherweise abgelaufen oder gehört zu einem anderen Konto.",
  unreachableBody: (retryInMs, format) =>
    retryInMs === null
      ? "Der Server antwortet nicht. Neuer Versuch läuft …"
      : `Der Server antwortet nicht. Neuer Versuch in ${format.duration(retryInMs)}.`,
  whatNext: "Sie können es jetzt noch einmal versuchen.",

  stalled: (lastUpdateAt, now, format) =>
    `Die Synchronisierung läuft noch. Letzte Meldung ${ago(format, lastUpdateAt, now)}.`,
  reconnecting: "Die Verbindung ist unterbrochen und wird wiederhergestellt … Die Synchronisierung läuft weiter.",
  reconnectingPaused: "Die Verbindung ist unterbrochen und wird wiederhergestellt …",
  offline:
    "Sie sind offline. Die Synchronisierung läuft weiter; die Anzeige holt auf, sobald Sie wieder verbunden sind.",
  offlinePaused: "Sie sind offline. Die Anzeige holt auf, sobald Sie wieder verbunden sind.",

  phases: "Phasen",
  phaseProgress: { done: "erledigt", current: "läuft", stopped: "angehalten", pending: "steht noch aus" },
  about,

  progressValue: (percent, processed, total, format, phase) => {
    const share = `${format.number(Math.floor(percent))} Prozent`;
    if (total === null) return share;
    const counts = `${format.number(processed)} von ${dative(format, total)}`;
    return `${share}, ${phase === null ? counts : about(phase, counts)}`;
  },
  items: "Elemente",
  itemsOf: (processed, total, format) => `${format.number(processed)} von ${format.number(total)}`,
  itemsSoFar: (processed, format) => `bisher ${items(format, processed)}`,
  failedItems: "Fehlgeschlagen",
  currentItem: "Jetzt",
  timeLeft: (minutes, format) => {
    if (minutes === 0) return "noch weniger als eine Minute";
    const hours = hoursLeft(minutes);
    return hours === null
      ? `noch etwa ${pluralize(format, minutes, { one: "# Minute", other: "# Minuten" })}`
      : `noch etwa ${pluralize(format, hours, { one: "# Stunde", other: "# Stunden" })}`;
  },
  failuresTitle: (failed, format) =>
    pluralize(format, failed, { one: "# fehlgeschlagenes Element", other: "# fehlgeschlagene Elemente" }),
  failuresLoading: "Fehlgeschlagene Elemente werden geladen …",
  failuresError: "Die fehlgeschlagenen Elemente konnten nicht geladen werden.",
  showMore: "Mehr anzeigen",

  runInBackground: "Im Hintergrund fortsetzen",
  pause: "Anhalten",
  resume: "Fortsetzen",
  cancelSync: "Sync abbrechen",
  cancelQuestion: (name) => `${name}: Synchronisierung beenden? Was schon synchronisiert ist, bleibt erhalten.`,
  stop: "Beenden",
  keepSyncing: "Weiter synchronisieren",
  tryNow: "Jetzt versuchen",
  tryAgain: "Erneut versuchen",
  retryFailed: "Fehlgeschlagene wiederholen",
  syncAgain: "Erneut synchronisieren",
  signIn: "Anmelden",
  done: "Fertig",
  close: "Schließen",
  closesIn: (remainingMs, format) => `Schließt in ${format.number(Math.ceil(remainingMs / 1_000))} s`,
  closePaused: "Bleibt offen, solange Sie hier sind",
  keepOpen: "Offen lassen",
  commandPending: {
    cancel: "Wird abgebrochen …",
    pause: "Wird angehalten …",
    resume: "Wird fortgesetzt …",
    retry: "Wird neu gestartet …",
    retry_failed: "Wird neu gestartet …",
  },
  commandFailures: {
    forbidden: "Dazu fehlt Ihnen die Berechtigung.",
    conflict: "Das ist im Moment nicht möglich.",
    unreachable: "Der Server antwortet nicht; es wurde nichts geändert.",
  },
  commandFailed: "Das hat nicht funktioniert. Bitte versuchen Sie es noch einmal.",
  notifyEmail: "E-Mail an mich, wenn es fertig ist",
  notifyEmailFailed: "Ihre Wahl konnte nicht gespeichert werden.",

  announceStart: (name) => `${name} wird jetzt synchronisiert.`,
  announceState: (headline, body) => `${headline}. ${body}`,
  announcePercent: (name, percent, format) => `${name}: ${format.percent(percent)}.`,
  announceResumed: (name) => `${name} wird weiter synchronisiert.`,
  announceFound: (name) => `${name}: wieder verbunden.`,
  announceClosing: (remainingMs, format) =>
    `Schließt in ${pluralize(format, Math.ceil(remainingMs / 1_000), { one: "# Sekunde", other: "# Sekunden" })}.`,

  syncs: "Synchronisierungen",
  syncCounts: ({ running, paused, failed, withProblems, finished }, format) =>
    joined(format, [
      [running, pluralize(format, running, { one: "läuft", other: "laufen" })],
      [paused, "angehalten"],
      [failed, "fehlgeschlagen"],
      [withProblems, "mit Problemen"],
      [finished, "beendet"],
    ]),
  syncsFinished: (finished, total, format) => `${format.number(finished)} von ${format.number(total)} beendet.`,
  moreSyncs: (count, format) => `und ${format.number(count)} weitere`,
  offlineShort: "Offline",
  connectionLost: "Verbindung verloren",
  dismiss: "Ausblenden",
  dismissFinished: "Beendete ausblenden",
  notifyMe: "Benachrichtigen",
  titlePrefix: (hasFailed) => (hasFailed ? "(fehlgeschlagen) " : "(fertig) "),

  cardStatus: {
    not_connected: "Nicht verbunden",
    connecting: "Verbindung wird hergestellt …",
    connected: "Verbunden",
    syncing: "Wird synchronisiert",
    needs_reauth: "Zugang abgelaufen",
    error: "Letzte Synchronisierung fehlgeschlagen",
    paused: "Angehalten",
  },
  connect: "Verbinden",
  reauthorize: "Neu verbinden",
  syncNow: "Jetzt synchronisieren",
  showProgress: "Fortschritt anzeigen",
  syncEverything: "Alles neu synchronisieren",
  lastSynced: (time, now, count, format) =>
    `${isJustNow(time, now) ? "Gerade eben" : `Zuletzt ${format.timeAgo(time, now)}`} synchronisiert, ${items(format, count)}`,
  neverSynced: "Noch nicht synchronisiert",
  moreActions: (name) => `Weitere Aktionen für ${name}`,

  allSources: "Alle Quellen",
  syncAll: "Alle synchronisieren",
  cancelAll: "Alle abbrechen",
  cancelAllQuestion: "Alle Synchronisierungen beenden? Was schon synchronisiert ist, bleibt erhalten.",
  sourcesConnected: (count, format) =>
    pluralize(format, count, { one: "# Quelle verbunden", other: "# Quellen verbunden" }),
  allSummary: ({ total, upToDate, running, waiting, cancelled, failed, withProblems }, format) => {
    const current = "auf dem neuesten Stand";
    if (upToDate === total) return total === 1 ? "Auf dem neuesten Stand" : `Alle ${format.number(total)} ${current}`;
    const parts = [`${format.number(upToDate)} von ${format.number(total)} ${current}`];
    if (failed.length > 0) parts.push(`${some(failed, format)} fehlgeschlagen`);
    if (withProblems.length > 0) parts.push(`${some(withProblems, format)} mit Problemen`);
    if (cancelled > 0) parts.push(`${format.number(cancelled)} abgebrochen`);
    if (running > 0) parts.push(pluralize(format, running, { one: "# läuft", other: "# laufen" }));
    if (waiting > 0) parts.push(pluralize(format, waiting, { one: "# wartet", other: "# warten" }));
    return parts.join(", ");
  },
  announceAllStart: (count, format) =>
    pluralize(format, count, { one: "# Quelle wird synchronisiert.", other: "# Quellen werden synchronisiert." }),
  noSources: "Noch ist keine Quelle verbunden.",
  sourcesLoading: "Quellen werden geladen …",
  sourcesError: "Die Quellen konnten nicht geladen werden.",
  notStarted: "Nicht begonnen",
  results: {
    complete: "Vollständig",
    partly_failed: "Mit Problemen",
    failed: "Fehlgeschlagen",
    cancelled: "Abgebrochen",
  },

  history: "Verlauf der Synchronisierungen",
  historyLoading: "Synchronisierungen werden geladen …",
  historyError: "Die Synchronisierungen konnten nicht geladen werden.",
  historyEmpty: "Es wurde noch nichts synchronisiert.",
  historyNoMatch: "Keine Synchronisierung passt zu den Filtern.",
  historyFound: (count, hasMore, format) =>
    `${pluralize(format, count, { one: "# Synchronisierung", other: "# Synchronisierungen" })}${hasMore ? " und mehr" : ""} gefunden.`,
  historyUnsupported: "Dieser Server führt keine Liste vergangener Synchronisierungen.",
  filterSource: "Quelle",
  filterResult: "Ergebnis",
  filterAll: "Alle",
  duration: "Dauer",
  startedBy: "Gestartet von",
  details: "Details",
  searchFailures: "Fehlgeschlagene Elemente durchsuchen",
  noFailureMatches: "Kein fehlgeschlagenes Element enthält das.",
  copy: "Kopieren",
  copied: (count, format) => `${items(format, count)} kopiert.`,
  copyFailed: "Der Browser hat das Kopieren nicht erlaubt.",
  log: "Protokoll",
  download: (kind) => `${kind} herunterladen`,
  downloadCut: "Die Datei ist nicht vollständig: Mehr bewahrt der Server nicht auf.",
  downloadFailed: "Die Datei konnte nicht heruntergeladen werden.",
};
