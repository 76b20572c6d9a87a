/** Joins class names, leaving out what is not there. */
export function cx(...names: readonly (string | undefined | null | false)[]): string {
  return names.filter(Boolean).join(" ");
}
