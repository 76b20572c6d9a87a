import { addressChecks } from "./address-checks.js";
import { type Check, STEPS } from "./check.js";
import { corsChecks } from "./cors-checks.js";
import { eventChecks } from "./event-checks.js";
import { flowChecks } from "./flow-checks.js";
import { headerChecks } from "./header-checks.js";
import { lifetimeChecks } from "./lifetime-checks.js";
import { listChecks } from "./list-checks.js";
import { outsiderChecks } from "./outsider-checks.js";
import { progressChecks } from "./progress-checks.js";
import { requestChecks } from "./request-checks.js";
import { resumeChecks } from "./resume-checks.js";
import { stateChecks } from "./state-checks.js";

/** Every check, in the order in which they are judged. */
export const ALL_CHECKS: readonly Check[] = [
  ...addressChecks,
  ...requestChecks,
  ...corsChecks,
  ...headerChecks,
  ...flowChecks,
  ...eventChecks,
  ...stateChecks,
  ...progressChecks,
  ...lifetimeChecks,
  ...listChecks,
  ...outsiderChecks,
  ...resumeChecks,
].sort((a, b) => STEPS.indexOf(a.step) - STEPS.indexOf(b.step));
