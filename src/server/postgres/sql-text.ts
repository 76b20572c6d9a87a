/** A text of others as Postgres takes it: without NUL. No id or type of ours has one, so that nothing is mixed up. */
export function toColumn(text: string): string {
  return text.replaceAll("\0", "\uFFFD");
}

/** A text as part of a statement. */
export function literalOf(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
