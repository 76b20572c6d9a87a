import type { Exchange } from "../http/exchange.js";

/** A status line with headers, as evidence. */
export function showResponse(
  { method, url, head, failure }: Exchange,
  ...headers: readonly string[]
): readonly string[] {
  const request = `${method} ${new URL(url).pathname}`;
  if (head === null) return [`${request} -> ${failure?.words ?? "no response"}`];
  const status = `${request} -> ${head.status} ${head.statusText}`.trim();
  return [status, ...headers.map((name) => `${name}: ${head.headers[name] ?? "(none)"}`)];
}

/** The beginning of a text, on one line. */
export function cut(text: string, length = 160): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, length)}...` : line;
}

/** A duration for people. */
export function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1).replace(/\.0$/, "")} s`;
}

/** A number of things: `1 event`, `2 events`. */
export function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? "" : "s"}`;
}
