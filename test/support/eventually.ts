import { vi } from "vitest";

/** Repeats an assertion until it holds; for a machine that has much else to do, too. */
export function eventually<T>(assertion: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertion, { timeout: 15_000, interval: 10 });
}
