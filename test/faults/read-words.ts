import { labelsEn } from "../../src/components/labels/en.js";
import { createFormatter } from "../../src/components/labels/formatter.js";
import { describeProgress } from "../../src/components/wording/describe-progress.js";
import type { SyncProgressState } from "../../src/react/sync-progress-state.js";

const format = createFormatter("en");

/** What a person reads of a state. */
export function readWords(state: SyncProgressState): readonly string[] {
  const { headline, notice } = describeProgress(
    { state, name: "Gmail", startError: null },
    labelsEn,
    format,
    Date.now(),
  );
  return notice === null ? [headline] : [headline, notice.text];
}
