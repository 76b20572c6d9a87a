import { labelsEn } from "../../src/components/labels/en.js";
import { createFormatter } from "../../src/components/labels/formatter.js";
import { describeProgress } from "../../src/components/wording/describe-progress.js";
import type { SyncProgressState } from "../../src/react/sync-progress-state.js";

const format = createFormatter("en");

/** How long a loss lasts before it is shown, in ms. The times of the faults are a tenth of those in life. */
const SHOWN_AFTER_MS = 3_000;

/** What a person reads of a state that lasts. */
export function readWords(given: SyncProgressState): readonly string[] {
  const { disconnectedAt } = given;
  const state = { ...given, disconnectedAt: disconnectedAt === null ? null : disconnectedAt - SHOWN_AFTER_MS };
  const { headline, notice } = describeProgress(
    { state, name: "Gmail", startError: null },
    labelsEn,
    format,
    Date.now(),
  );
  return notice === null ? [headline] : [headline, notice.text];
}
