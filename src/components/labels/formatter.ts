/** Writes numbers and times in one locale. */
export interface Formatter {
  /** BCP 47, such as `"en-GB"`. */
  readonly locale: string;
  /** `1204` as `"1,204"`. */
  number(value: number): string;
  /** `45` as `"45%"`; whole percents, rounded down, so that 100 means all. */
  percent(value: number): string;
  /** The plural form that the locale uses for a number. */
  plural(value: number): Intl.LDMLPluralRule;
  /** Names in a row: `"Gmail, Slack and Notion"`. */
  list(names: readonly string[]): string;
  /** ms as `"2 min 5 s"`, in the locale's short units. */
  duration(ms: number): string;
  /** A time (ms since the epoch) as `"24 Nov 2026, 14:05"`, in the time zone of the page. */
  dateTime(time: number): string;
  /** A time (ms since the epoch) as seen from another: `"5 minutes ago"`; less than a second is the locale's "now". */
  timeAgo(time: number, now: number): string;
}

/** Plural forms of a phrase; `other` stands in for those that the language does not have. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

type DurationUnit = "second" | "minute" | "hour";

const SYMBOLS: Readonly<Record<DurationUnit, string>> = { second: "# s", minute: "# min", hour: "# h" };

/**
 * By language, if the platform's short units do not suit a sentence: "sec" beside "Closes in 3 s", "Sek." whose full
 * stop would be doubled at the end, a space before a Japanese counter.
 */
const OWN_UNITS = new Map<string, Readonly<Record<DurationUnit, string>>>([
  ["en", SYMBOLS],
  ["de", SYMBOLS],
  ["ja", { second: "#秒", minute: "#分", hour: "#時間" }],
]);

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const AGES = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["week", 7 * DAY],
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", SECOND],
] as const;
const JUST_NOW = 5 * SECOND;

/** Kept, because making the platform's formats takes longer than using them; a page speaks few languages. */
const formatters = new Map<string, Formatter>();

/** The formatter for a locale; one the platform does not know falls back to English. */
export function createFormatter(locale: string): Formatter {
  const [supported = "en"] = supportedLocales(locale);
  const formatter = formatters.get(supported) ?? formatterOf(supported);
  formatters.set(supported, formatter);
  return formatter;
}

function formatterOf(supported: string): Formatter {
  const numbers = new Intl.NumberFormat(supported);
  const percents = new Intl.NumberFormat(supported, { style: "percent", maximumFractionDigits: 0 });
  const plurals = new Intl.PluralRules(supported);
  const dates = new Intl.DateTimeFormat(supported, { dateStyle: "medium", timeStyle: "short" });
  const lists = new Intl.ListFormat(supported);
  const nowWord = new Intl.RelativeTimeFormat(supported, { numeric: "auto" }).format(0, "second");
  // Always in numbers: what is 40 hours old need not be of "yesterday", nor 13 days of "last week".
  const relative = new Intl.RelativeTimeFormat(supported, { numeric: "always" });
  const { language } = new Intl.Locale(supported);
  const ownUnits = OWN_UNITS.get(language);
  const units = new Map<DurationUnit, Intl.NumberFormat>();
  const unit = (name: DurationUnit, value: number) => {
    if (ownUnits !== undefined) return ownUnits[name].replace("#", numbers.format(value));
    const format =
      units.get(name) ?? new Intl.NumberFormat(supported, { style: "unit", unit: name, unitDisplay: "short" });
    units.set(name, format);
    return format.format(value);
  };
  const joined = (large: string, rest: number, small: string) =>
    rest === 0 ? large : `${large}${language === "ja" ? "" : " "}${small}`;

  return {
    locale: supported,
    number: (value) => numbers.format(value),
    percent: (value) => percents.format(Math.floor(value) / 100),
    plural: (value) => plurals.select(value),
    list: (names) => lists.format(names),
    duration(ms) {
      const seconds = Math.max(0, Math.round(ms / SECOND));
      if (seconds < 60) return unit("second", seconds);
      const minutes = Math.floor(seconds / 60);
      if (minutes < 60) return joined(unit("minute", minutes), seconds % 60, unit("second", seconds % 60));
      return joined(unit("hour", Math.floor(minutes / 60)), minutes % 60, unit("minute", minutes % 60));
    },
    dateTime: (time) => dates.format(time),
    timeAgo(time, now) {
      const age = now - time;
      const [unit, size] = AGES.find(([, least]) => age >= least) ?? [];
      if (unit === undefined || size === undefined) return nowWord;
      const words = relative.format(-Math.floor(age / size), unit);
      return language === "ja" ? words.replace(/\s/g, "") : words;
    },
  };
}

/** Whether so little time has gone by that words say it better than a number that is gone when it is read. */
export function isJustNow(time: number, now: number): boolean {
  return now - time < JUST_NOW;
}

/** A time left in half hours, `null` if minutes are better: 90 minutes are not "about 2 hours". */
export function hoursLeft(minutes: number): number | null {
  return minutes <= 90 ? null : Math.round(minutes / 30) / 2;
}

/** Picks the form for a number and puts the number in the place of `#`. */
export function pluralize(format: Formatter, value: number, forms: PluralForms): string {
  const form = forms[format.plural(value)] ?? forms.other;
  return form.replace("#", format.number(value));
}

/** A few names in a row; of more, how many. */
export function some(names: readonly string[], format: Formatter): string {
  return names.length <= 3 ? format.list(names) : format.number(names.length);
}

/** Counts with their words, such as `"3 running, 1 failed"`; those that are 0 are left out. */
export function joined(format: Formatter, counts: readonly (readonly [count: number, words: string])[]): string {
  return counts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${format.number(count)} ${words}`)
    .join(", ");
}

function supportedLocales(locale: string): readonly string[] {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale);
  } catch {
    return [];
  }
}
