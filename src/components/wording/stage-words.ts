import { RETRY_STAGE } from "../../protocol/retry-stage.js";
import type { SyncLabels } from "../labels/sync-labels.js";

/** The server's sentence about what is done; in our own words if it is the one that every server of ours sends. */
export function stageWords(stage: string, labels: SyncLabels): string {
  return stage === RETRY_STAGE ? labels.stages.retrying : stage;
}
