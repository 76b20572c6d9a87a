import { useMemo, useSyncExternalStore } from "react";
import { labelsEn } from "../labels/en.js";
import { createFormatter, type Formatter } from "../labels/formatter.js";
import type { SyncLabels } from "../labels/sync-labels.js";
import { type Direction, directionOfLanguage } from "./direction.js";

/** How the words of a component are chosen. */
export interface WordingProps {
  /** Words to use instead of the English ones; see `SyncLabels`. */
  readonly labels?: Partial<SyncLabels> | undefined;
  /**
   * BCP 47 locale of numbers, plurals and times. Default the browser's if it is of the labels' language (`"en-GB"`
   * for English), else the labels' language: a German age inside an English sentence is neither.
   */
  readonly locale?: string | undefined;
}

/** The words and formats of a component. */
export interface Wording {
  readonly labels: SyncLabels;
  readonly format: Formatter;
  /** For the `lang` attribute; `undefined` if the words are the application's own, in a language it did not name. */
  readonly lang: string | undefined;
  /** The direction of that language, for sentences that begin with a name of another one; `"auto"` if it is unknown. */
  readonly dir: Direction | "auto";
}

export function useWording({ labels: given, locale }: WordingProps): Wording {
  // A server does not know the browser's locale; the first render in the browser must be the same as there.
  const browserLocale = useSyncExternalStore(
    subscribeToLocale,
    () => navigator.language,
    () => "",
  );
  return useMemo(() => {
    const labels: SyncLabels = { ...labelsEn, ...given };
    const lang = given === undefined ? labels.language : given.language;
    return {
      labels,
      format: createFormatter(locale ?? localeFor(labels.language, browserLocale)),
      lang,
      dir: lang === undefined ? "auto" : directionOfLanguage(lang),
    };
  }, [given, locale, browserLocale]);
}

function localeFor(language: string, browserLocale: string): string {
  return languageOf(browserLocale) === languageOf(language) ? browserLocale : language;
}

function languageOf(locale: string): string | undefined {
  return locale.split("-")[0]?.toLowerCase();
}

function subscribeToLocale(listener: () => void): () => void {
  window.addEventListener("languagechange", listener);
  return () => window.removeEventListener("languagechange", listener);
}
