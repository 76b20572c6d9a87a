/** A connection that is back by then was not worth a notice. */
export const RECONNECTING_AFTER_MS = 3_000;
