/** The direction of writing, as in the `dir` attribute. */
export type Direction = "ltr" | "rtl";

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;

/** Languages that are written from right to left, in their usual script. */
const RIGHT_TO_LEFT_LANGUAGES: ReadonlySet<string> = new Set([
  "ar",
  "ckb",
  "dv",
  "fa",
  "he",
  "ps",
  "sd",
  "ug",
  "ur",
  "yi",
]);

const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/** The direction of the first letter in a text; `null` without one (Unicode, UAX 9, rules P2 and P3). */
export function directionOf(text: string): Direction | null {
  for (const character of text) {
    if (LETTER.test(character)) return RIGHT_TO_LEFT.test(character) ? "rtl" : "ltr";
  }
  return null;
}

/** @param language BCP 47, such as `"ar-EG"`. */
export function directionOfLanguage(language: string): Direction {
  return RIGHT_TO_LEFT_LANGUAGES.has(language.split("-")[0]?.toLowerCase() ?? "") ? "rtl" : "ltr";
}

/**
 * A name to be put into a sentence of a direction: one of the other direction is isolated, so that it moves no word. As it
 * is if the sentence's direction is unknown: invisible characters do not belong into an application's own words.
 */
export function isolate(name: string, sentence: Direction | "auto"): string {
  const direction = directionOf(name);
  if (direction === null || direction === sentence || sentence === "auto") return name;
  return `${FIRST_STRONG_ISOLATE}${name}${POP_ISOLATE}`;
}
