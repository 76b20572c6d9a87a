import { doneItems, type SyncSnapshot } from "../../protocol/snapshot.js";
import { resultOf } from "../../protocol/sync-result.js";
import { htmlOf } from "./email-html.js";
import { createEmailNumbers, type EmailNumbers } from "./email-numbers.js";
import { type EmailWords, emailWordsFor } from "./email-words.js";

/** What a mail needs besides the sync. */
export interface EmailContext {
  /** BCP 47, such as `"de"`. */
  readonly locale: string;
  /** The integration's name for people; `null` if it has none. */
  readonly name: string | null;
  /** URL of the sync in the application; `null` for a mail without a link. */
  readonly link: string | null;
}

/** What the person reads. */
export interface EmailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/**
 * The mail about the end of a sync; `null` for one that has not ended or was cancelled. It has counts, but no names of
 * items and no error message: a mail passes through the hands of others.
 */
export function emailContentOf(ended: SyncSnapshot, { locale, name, link }: EmailContext): EmailContent | null {
  const { words, numberLocale } = emailWordsFor(locale);
  const numbers = createEmailNumbers(numberLocale);
  const message = messageOf(ended, name ?? words.unnamed, words, numbers);
  if (message === null) return null;
  const { headline, lines } = message;
  const linkLines = link === null ? [] : [`${words.open}: ${link}`];
  return {
    subject: headline,
    text: `${[headline, lines.join("\n"), ...linkLines, words.why].join("\n\n")}\n`,
    html: htmlOf({ headline, lines, link, words }),
  };
}

interface Message {
  readonly headline: string;
  readonly lines: readonly string[];
}

function messageOf(ended: SyncSnapshot, name: string, words: EmailWords, numbers: EmailNumbers): Message | null {
  const { processedItems, failedItems, totalItems } = ended;
  const result = resultOf(ended);
  switch (result) {
    case "complete": {
      const count = processedItems > 0 ? processedItems : (totalItems ?? 0);
      const line = count === 0 ? words.nothingNew : words.synced(count, numbers);
      return { headline: words.complete(name), lines: [line] };
    }
    case "partly_failed": {
      const total = Math.max(totalItems ?? 0, doneItems(ended));
      return {
        headline: words.partlyFailed(name, failedItems, numbers),
        lines: [words.syncedOf(processedItems, total, numbers)],
      };
    }
    case "failed": {
      const { headline, reason } = failureOf(ended.errorCode, name, words);
      const kept = processedItems > 0 ? [words.kept(processedItems, numbers)] : [];
      return { headline, lines: [reason, ...kept, words.whatNext] };
    }
    case "cancelled":
    case null:
      return null;
    default:
      return result satisfies never;
  }
}

function failureOf(errorCode: string | null, name: string, words: EmailWords) {
  if (errorCode === "interrupted") return { headline: words.interrupted(name), reason: words.interruptedReason };
  if (errorCode === "timed_out") return { headline: words.timedOut(name), reason: words.timedOutReason };
  return { headline: words.failed(name), reason: words.failedReason };
}
