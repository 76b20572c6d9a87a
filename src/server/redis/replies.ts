/** What Redis has replied with, as the store's own scripts and commands make it. */

export function asList(reply: unknown): readonly unknown[] {
  return Array.isArray(reply) ? reply : [];
}

/** `null` for nil. */
export function asText(reply: unknown): string | null {
  return reply === null || reply === undefined ? null : String(reply);
}

export function asTexts(reply: unknown): readonly string[] {
  return asList(reply).map(String);
}

/** A flat list as rows of `size` entries. */
export function asRows(entries: readonly unknown[], size: number): readonly (readonly unknown[])[] {
  return Array.from({ length: entries.length / size }, (_, index) => entries.slice(index * size, (index + 1) * size));
}
