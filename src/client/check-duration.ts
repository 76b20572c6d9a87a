/** `value`, or `fallback` if there is none. @throws TypeError when it is not a positive number of milliseconds. */
export function checkDuration(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value > 0) return value;
  throw new TypeError(`SyncProgressError: ${name} must be a positive number of milliseconds, got ${String(value)}.`);
}
