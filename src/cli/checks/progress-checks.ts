import { isTerminalStatus } from "../../protocol/status.js";
import type { State } from "../evidence/stream-states.js";
import { anyServer } from "./changes.js";
import { type Check, type Finding, fault, hint, ofStates, ok } from "./check.js";

/** Whether the numbers are true and go forwards. */
export const progressChecks: readonly Check[] = [
  {
    id: "percent",
    subject: "percent_complete: 0 to 100, and 100 only when complete",
    step: "stream",
    judge: ofStates(judgePercent),
  },
  {
    id: "counts",
    subject: "counts that can be: whole, not negative, not above the total",
    step: "stream",
    judge: ofStates(judgeCounts),
  },
  {
    id: "order",
    subject: "seq, percent and counts that never go back, and nothing after the end",
    step: "stream",
    judge: ofStates(judgeOrder),
  },
];

function judgePercent(states: readonly State[]): Finding {
  const values = states.flatMap((state) => {
    const value = state.json.percent_complete;
    return value === undefined || value === null ? [] : [{ value, state }];
  });
  if (values.length === 0) {
    return hint({
      seen: "There is no percent_complete.",
      why: "The bar follows the counts, and the phases if they are declared.",
      change: [anyServer("Send percent_complete if your server knows better than the counts do.")],
    });
  }
  const problem = percentProblem(values);
  if (problem === null) {
    const numbers = values.map(({ value }) => Number(value));
    return ok(`${Math.min(...numbers)} to ${Math.max(...numbers)}`);
  }
  const { seen, why, at } = problem;
  return fault({
    seen,
    evidence: [`"status": "${at.state.snapshot.status}", "percent_complete": ${JSON.stringify(at.value)}`],
    why,
    change: [
      anyServer("Send a number from 0 to 99 while it runs, 100 with status complete, null while you cannot say."),
    ],
  });
}

/** A percentage as it was sent, with its state. */
interface SentPercent {
  readonly value: unknown;
  readonly state: State;
}

function percentProblem(values: readonly SentPercent[]) {
  const outside = values.find(({ value }) => typeof value !== "number" || !(value >= 0 && value <= 100));
  if (outside !== undefined) {
    const why = "The page ignores it, or shows a wrong bar.";
    return { seen: "percent_complete is no number from 0 to 100.", why, at: outside };
  }
  const last = values.find(({ value, state }) => value === 1 && state.snapshot.status === "complete");
  if (last !== undefined && values.every(({ value }) => Number(value) <= 1)) {
    return { seen: "percent_complete is a fraction from 0 to 1.", why: "The bar stays empty until the end.", at: last };
  }
  const early = values.find(({ value, state }) => value === 100 && state.snapshot.status !== "complete");
  if (early === undefined) return null;
  const why = "The person reads that it is done while it runs, or fails after that; our client shows 99 instead.";
  return { seen: "percent_complete is 100 before the sync is complete.", why, at: early };
}

function judgeCounts(states: readonly State[]): Finding {
  for (const { json } of states) {
    const { total_items: total, processed_items: processed, failed_items: failed } = json;
    const shown = `"total_items": ${JSON.stringify(total)}, "processed_items": ${JSON.stringify(processed)}, "failed_items": ${JSON.stringify(failed)}`;
    const wrong = [total, processed, failed].find((value) => value !== undefined && value !== null && !isCount(value));
    const done = Number(processed ?? 0) + Number(failed ?? 0);
    const isOver = typeof total === "number" && total > 0 && done > total;
    if (wrong === undefined && !isOver) continue;
    return fault({
      seen:
        isOver && wrong === undefined
          ? "More items are done than there are."
          : "A count is no whole number of at least 0.",
      evidence: [shown],
      why: isOver
        ? `The person reads "${done} of ${String(total)} items".`
        : "The page takes it for 0, or for a total that is missing.",
      change: [
        anyServer(
          "processed_items counts what is done without what has failed; both together are never more than total_items, which may grow.",
        ),
      ],
    });
  }
  const last = states.at(-1)?.snapshot;
  return ok(`${last?.processedItems} done, ${last?.failedItems} failed, ${last?.totalItems ?? "unknown"} in all`);
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function judgeOrder(states: readonly State[]): Finding {
  for (const [index, state] of states.entries()) {
    const previous = states[index - 1];
    const problem = previous === undefined ? null : orderProblem(previous, state);
    if (previous === undefined || problem === null) continue;
    return fault({
      seen: problem.seen,
      evidence: [summary(previous), summary(state)],
      why: problem.why,
      change: [
        anyServer(
          "Let one process own a sync, keep its latest state where all processes read it, and send states in the order in which they were made.",
        ),
      ],
    });
  }
  return ok("forwards only");
}

function orderProblem(
  { snapshot: a }: State,
  { snapshot: b }: State,
): { readonly seen: string; readonly why: string } | null {
  if (isTerminalStatus(a.status)) {
    return b.status === a.status
      ? null
      : {
          seen: `After the end (${a.status}) came ${b.status}.`,
          why: "A client that believes it runs a sync again that has ended; ours ignores it.",
        };
  }
  if (a.seq !== null && b.seq !== null && b.seq < a.seq) {
    return {
      seen: "seq goes back.",
      why: "The page ignores these states, since they are older than what it shows: the bar stands still.",
    };
  }
  const isSamePart = a.phase === b.phase && a.status === b.status && a.totalItems === b.totalItems;
  if (!isSamePart) return null;
  if (b.processedItems + b.failedItems < a.processedItems + a.failedItems) {
    return {
      seen: "The counts go back.",
      why: "The person sees numbers that fall, or a bar that stands still until they are caught up.",
    };
  }
  if (a.percentComplete !== null && b.percentComplete !== null && b.percentComplete < a.percentComplete) {
    return {
      seen: "percent_complete goes back.",
      why: "The client holds the bar until it is caught up: it stands still.",
    };
  }
  return null;
}

function summary({ snapshot }: State): string {
  const { status, seq, processedItems, failedItems, totalItems, percentComplete } = snapshot;
  return `status ${status}, seq ${seq ?? "none"}, ${processedItems} + ${failedItems} of ${totalItems ?? "?"}, ${percentComplete ?? "?"} %`;
}
