import type { EmailNumbers } from "../email-numbers.js";
import type { EmailWords } from "../email-words.js";

const items = (numbers: EmailNumbers, count: number) => numbers.count(count, { one: "# Element", other: "# Elemente" });
const dative = (numbers: EmailNumbers, count: number) =>
  numbers.count(count, { one: "# Element", other: "# Elementen" });

/** German. */
export const emailWordsDe: EmailWords = {
  language: "de",
  direction: "ltr",
  complete: (name) => `${name} ist auf dem neuesten Stand`,
  partlyFailed: (name, failed, numbers) =>
    `${name} mit ${numbers.count(failed, { one: "# Problem", other: "# Problemen" })} synchronisiert`,
  failed: (name) => `${name} konnte nicht synchronisiert werden`,
  timedOut: (name) => `${name} hat zu lange gebraucht`,
  interrupted: (name) => `${name} wurde unterbrochen`,
  unnamed: "Ihr Konto",
  synced: (count, numbers) => `${items(numbers, count)} synchronisiert.`,
  nothingNew: "Es gab nichts Neues.",
  syncedOf: (synced, total, numbers) => `${numbers.number(synced)} von ${dative(numbers, total)} synchronisiert.`,
  failedReason: "Es ist ein Fehler aufgetreten.",
  timedOutReason: "Die Synchronisierung hat zu lange gedauert und wurde beendet.",
  interruptedReason: "Der Server wurde während der Synchronisierung neu gestartet.",
  kept: (count, numbers) =>
    numbers.count(count, { one: "# Element bleibt erhalten.", other: "# Elemente bleiben erhalten." }),
  whatNext: "Sie können die Synchronisierung erneut starten.",
  open: "Synchronisierung anzeigen",
  why: "Sie erhalten diese E-Mail, weil eine Ihrer Synchronisierungen beendet ist.",
};
