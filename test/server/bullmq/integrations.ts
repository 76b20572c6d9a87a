import { setTimeout as wait } from "node:timers/promises";
import { UnrecoverableError } from "bullmq";
import type { IntegrationDefinition } from "../../../src/server/integration-definition.js";
import { SyncJobError } from "../../../src/server/sync-job-error.js";
import type { SyncRun } from "../../../src/server/sync-run.js";

export const ITEMS = 200;
export const SLOW_ITEMS = 600;
/** The item at which those fail that fail. */
export const FAILS_AT = 60;

interface Counting {
  readonly items?: number;
  /** Called before every item. */
  readonly before?: (item: number) => void;
}

/** Counts to the end, from where the attempt before has stopped; every tenth item cannot be synced. */
async function count(run: SyncRun, { items = ITEMS, before = () => {} }: Counting = {}): Promise<void> {
  const first = typeof run.resumedFrom === "number" ? run.resumedFrom : 0;
  run.update({ status: "syncing", totalItems: items });
  for (let item = first; item < items; item += 1) {
    await run.checkpoint(item);
    await wait(2, null, { signal: run.signal });
    before(item);
    if (item % 10 === 0) run.fail({ item: `item ${item}`, reason: "broken" });
    else run.advance({ item: `item ${item}` });
  }
}

const failing = (error: () => Error, isOver: (run: SyncRun) => boolean) => (run: SyncRun) =>
  count(run, {
    before(item) {
      if (item === FAILS_AT && !isOver(run)) throw error();
    },
  });

const anIntegration = (type: string, sync: (run: SyncRun) => Promise<void>): IntegrationDefinition => ({
  type,
  name: type,
  sync,
});

/** What the worker under test can sync. */
export const integrations: readonly IntegrationDefinition[] = [
  anIntegration("counting", (run) => count(run)),
  anIntegration("slow", (run) => count(run, { items: SLOW_ITEMS })),
  anIntegration("endless", (run) => count(run, { items: 1_000_000 })),
  anIntegration(
    "failing-once",
    failing(
      () => new Error("the mailbox is away"),
      (run) => run.resumedFrom !== null,
    ),
  ),
  anIntegration(
    "failing",
    failing(
      () => new SyncJobError("The mailbox is away.", { code: "mailbox_away" }),
      () => false,
    ),
  ),
  anIntegration("unrecoverable", async () => {
    throw new UnrecoverableError("no mailbox");
  }),
  anIntegration("final", async () => {
    throw new SyncJobError("There is no mailbox.", { isFinal: true });
  }),
  anIntegration("later", (run) => count(run, { items: 1 })),
];
