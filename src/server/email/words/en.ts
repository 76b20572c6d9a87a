import type { EmailNumbers } from "../email-numbers.js";
import type { EmailWords } from "../email-words.js";

const items = (numbers: EmailNumbers, count: number) => numbers.count(count, { one: "# item", other: "# items" });

/** English. */
export const emailWordsEn: EmailWords = {
  language: "en",
  direction: "ltr",
  complete: (name) => `${name} is up to date`,
  partlyFailed: (name, failed, numbers) =>
    `${name} synced with ${numbers.count(failed, { one: "# problem", other: "# problems" })}`,
  failed: (name) => `${name} could not be synced`,
  timedOut: (name) => `${name} took too long`,
  interrupted: (name) => `${name} was interrupted`,
  unnamed: "Your data",
  synced: (count, numbers) => `${items(numbers, count)} synced.`,
  nothingNew: "Nothing new to sync.",
  syncedOf: (synced, total, numbers) => `${numbers.number(synced)} of ${items(numbers, total)} synced.`,
  failedReason: "Something went wrong.",
  timedOutReason: "The sync took too long, so it was stopped.",
  interruptedReason: "The server restarted while syncing.",
  kept: (count, numbers) => numbers.count(count, { one: "# item was kept.", other: "# items were kept." }),
  whatNext: "You can start the sync again.",
  open: "Show the sync",
  why: "You get this email because one of your syncs has ended.",
};
