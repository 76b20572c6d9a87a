/** What a decoder returns: the value, or a named problem. Decoders never throw on what a server sends. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: DecodeProblem };

/** Why something a server sent could not be taken. */
export interface DecodeProblem {
  readonly kind: "too-large" | "not-json" | "not-an-object" | "missing-field" | "wrong-type";
  /** A sentence for the developer: what was wrong and where. */
  readonly message: string;
}

/** Longest event or response that is parsed, in UTF-16 code units; a snapshot is some hundred. */
export const MAX_TEXT_LENGTH = 1_000_000;

/** A JSON object with unchecked members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses text that a server sent, refusing what is too long to be a snapshot. */
export function decodeJson(text: unknown): Decoded<unknown> {
  if (typeof text !== "string") return refuse("wrong-type", `expected text, got ${typeof text}`);
  if (text.length > MAX_TEXT_LENGTH) {
    return refuse("too-large", `${text.length} characters, at most ${MAX_TEXT_LENGTH} are read`);
  }
  try {
    const value: unknown = JSON.parse(text);
    return accept(value);
  } catch {
    return refuse("not-json", `not valid JSON: ${JSON.stringify(text.slice(0, 80))}`);
  }
}

export function accept<T>(value: T): Decoded<T> {
  return { ok: true, value };
}

export function refuse(kind: DecodeProblem["kind"], message: string): Decoded<never> {
  return { ok: false, problem: { kind, message } };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A whole number of at least 0, or `null` if the value is none (missing, negative, NaN, text). */
export function readCount(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0
    ? Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER)
    : null;
}

/** ms since the epoch from ISO 8601 text, or from a number of ms; `null` if it is no time. */
export function readTime(value: unknown): number | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  // Python's isoformat() of a UTC time has no zone; ECMAScript would read it as local time.
  const zoneless = typeof value === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(value);
  const time = new Date(zoneless ? `${value}Z` : value).getTime();
  return Number.isNaN(time) ? null : time;
}

/**
 * Text made safe to hold and show: at most `maxLength` code units, control characters turned into spaces, no half
 * surrogate at the cut. Anything but a string is the empty string.
 */
export function readText(value: unknown, maxLength: number): string {
  if (typeof value !== "string") return "";
  const cut = value.length > maxLength ? `${value.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, "")}…` : value;
  return cut.replace(/\p{Cc}+/gu, " ").trim();
}

/** Like {@link readText}, with `null` for nothing. */
export function readOptionalText(value: unknown, maxLength: number): string | null {
  const text = readText(value, maxLength);
  return text === "" ? null : text;
}
