import { AUTO_CLOSE_OFF, type AutoCloseControl } from "../../src/react/use-auto-close.js";

/** A countdown of three seconds that stands still; name what differs. */
export function anAutoClose(given: Partial<AutoCloseControl> = {}): AutoCloseControl {
  return { ...AUTO_CLOSE_OFF, status: "counting", remainingMs: 3_000, ...given };
}
