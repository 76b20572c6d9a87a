import { setBackgroundTimeout } from "../long-timeout.js";

/** How long after one another the parts are called, in ms. */
const STEP_MS = 50;

/** Calls back for each member, evenly spread over `ms`. Resolves when it was called for all. */
export async function forEachSpread<Member>(
  members: readonly Member[],
  ms: number,
  call: (member: Member) => void,
): Promise<void> {
  const startedAt = performance.now();
  let done = 0;
  while (done < members.length) {
    const share = Math.min(1, (performance.now() - startedAt + STEP_MS) / ms);
    // In the middle of its part: a single one has its turn after half of the time.
    const due = Math.round(members.length * share);
    for (const member of members.slice(done, due)) call(member);
    done = Math.max(done, due);
    if (done < members.length) await new Promise((resolve) => setBackgroundTimeout(() => resolve(undefined), STEP_MS));
  }
}
