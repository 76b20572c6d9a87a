import type { EmailNumbers } from "./email-numbers.js";
import { emailWordsAr } from "./words/ar.js";
import { emailWordsDe } from "./words/de.js";
import { emailWordsEn } from "./words/en.js";
import { emailWordsJa } from "./words/ja.js";

/** All words of the mails in one language. */
export interface EmailWords {
  /** BCP 47, such as `"en"`. */
  readonly language: string;
  readonly direction: "ltr" | "rtl";

  /* Subjects, which are also the headlines; `name` is the integration's name for people. */
  readonly complete: (name: string) => string;
  readonly partlyFailed: (name: string, failed: number, numbers: EmailNumbers) => string;
  readonly failed: (name: string) => string;
  readonly timedOut: (name: string) => string;
  readonly interrupted: (name: string) => string;
  /** Stands for an integration without a name. */
  readonly unnamed: string;

  /* The lines below. */
  readonly synced: (items: number, numbers: EmailNumbers) => string;
  readonly nothingNew: string;
  readonly syncedOf: (synced: number, total: number, numbers: EmailNumbers) => string;
  readonly failedReason: string;
  readonly timedOutReason: string;
  readonly interruptedReason: string;
  readonly kept: (items: number, numbers: EmailNumbers) => string;
  /** What to do after a failure. */
  readonly whatNext: string;
  /** The link to the sync. */
  readonly open: string;
  /** Why the person gets this mail. */
  readonly why: string;
}

const ALL: readonly EmailWords[] = [emailWordsEn, emailWordsDe, emailWordsAr, emailWordsJa];

/** The words for a locale, and the locale of the numbers in them: English if we do not have its language. */
export function emailWordsFor(locale: string): { readonly words: EmailWords; readonly numberLocale: string } {
  const [supported] = supportedLocales(locale);
  const language = supported === undefined ? "en" : new Intl.Locale(supported).language;
  const words = ALL.find((entry) => entry.language === language);
  if (words === undefined || supported === undefined) return { words: emailWordsEn, numberLocale: "en" };
  return { words, numberLocale: supported };
}

function supportedLocales(locale: string): readonly string[] {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale);
  } catch {
    return [];
  }
}
