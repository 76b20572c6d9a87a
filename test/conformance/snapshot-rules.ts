import { decodeSnapshot } from "../../src/protocol/decode-snapshot.js";
import { isObject } from "../../src/protocol/decoding.js";
import { doneItems, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { isTerminalStatus } from "../../src/protocol/status.js";
import { problemsOf, schemaOf } from "../contract/contract.js";

/** What of the rules in docs/protocol.md the snapshots of one sync break, in the order in which they came. */
export function brokenRules(values: readonly unknown[]): readonly string[] {
  return values.flatMap((value, index) => {
    const problems = problemsOf(schemaOf("Snapshot"), value, "open");
    const snapshot = read(value);
    if (snapshot === null) return [...problems, "it is no snapshot"].map((problem) => `snapshot ${index}: ${problem}`);
    const before = read(values[index - 1]);
    return [...problems, ...ownRules(snapshot), ...(before === null ? [] : rulesAfter(before, snapshot))].map(
      (problem) => `snapshot ${index} (${snapshot.status}): ${problem}`,
    );
  });
}

function read(value: unknown): SyncSnapshot | null {
  const decoded = decodeSnapshot(value);
  return isObject(value) && decoded.ok ? decoded.value : null;
}

/** Each is `[whether it holds, the rule]`. */
type Rule = readonly [isKept: boolean, rule: string];

function ownRules(snapshot: SyncSnapshot): readonly string[] {
  const { status, percentComplete, totalItems, completedAt, errorMessage, startedAt, updatedAt } = snapshot;
  const hasEnded = isTerminalStatus(status);
  return broken([
    [
      status === "complete" || percentComplete === null || percentComplete < 100,
      "only a complete sync has 100 percent",
    ],
    [status !== "complete" || percentComplete === null || percentComplete === 100, "a complete sync has 100 percent"],
    [totalItems === null || doneItems(snapshot) <= totalItems, "not more items are done than there are"],
    [hasEnded || completedAt === null, "completed_at is null until the end"],
    [status !== "error" || errorMessage !== null, "a failed sync has an error_message"],
    [startedAt === null || updatedAt === null || startedAt <= updatedAt, "a sync is not changed before it is created"],
  ]);
}

function rulesAfter(before: SyncSnapshot, after: SyncSnapshot): readonly string[] {
  const isSamePart = before.phase === after.phase && before.status === after.status;
  return broken([
    [before.syncId === after.syncId, "all snapshots are of one sync"],
    [!isTerminalStatus(before.status), "nothing follows the end"],
    [after.seq === null || before.seq === null || after.seq > before.seq, "seq grows"],
    [
      (before.percentComplete ?? 0) <= (after.percentComplete ?? before.percentComplete ?? 0),
      "percent_complete does not fall",
    ],
    [!isSamePart || doneItems(before) <= doneItems(after), "counts do not fall"],
    [(before.updatedAt ?? 0) <= (after.updatedAt ?? before.updatedAt ?? 0), "updated_at does not go back"],
  ]);
}

function broken(rules: readonly Rule[]): readonly string[] {
  return rules.filter(([isKept]) => !isKept).map(([, rule]) => rule);
}
