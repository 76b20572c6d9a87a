import type { ConformanceCheck } from "./check.js";
import { feedChecks } from "./checks/feed-checks.js";
import { isolationChecks } from "./checks/isolation-checks.js";
import { requestChecks } from "./checks/request-checks.js";
import { streamChecks } from "./checks/stream-checks.js";

/** All that docs/protocol.md expects of a backend. */
export const ALL_CHECKS: readonly ConformanceCheck[] = [
  ...requestChecks,
  ...streamChecks,
  ...feedChecks,
  ...isolationChecks,
];
