import { SyncJobError } from "../server/sync-job-error.js";
import type { SyncRun } from "../server/sync-run.js";

/** What a scripted sync works with. */
export interface ScenarioTools {
  /** The integration that is synced, such as `"gmail"`. */
  readonly integrationType: string;
  /** Waits for so many ms of the scenario's time, which `speed` shortens; ends early when the sync is stopped. */
  readonly wait: (ms: number) => Promise<void>;
  /** From [0, 1), the same for the same seed. */
  readonly random: () => number;
  readonly itemName: (index: number) => string;
  /** The failed items that a retry is about; `null` for a whole sync. */
  readonly only: readonly string[] | null;
}

/** What happens to the responses of a mock backend on their way. */
export interface Faults {
  /** The snapshot, the list and the stream respond with this status instead; the list not with 404. */
  readonly status?: 401 | 404 | 503;
  /** Does so to the stream only, like a proxy that blocks streams. */
  readonly isStreamOnly?: boolean;
  /** Ends each of the first `times` streams after so many chunks. */
  readonly dropAfter?: { readonly chunks: number; readonly times: number };
  /** Keeps back what the streams bring, those that are open as well, until it is `false` again. */
  readonly isSilent?: boolean;
  /** Makes the data of all events but the first unreadable. */
  readonly garble?: boolean;
}

/** A scripted course of a sync. */
export interface Scenario {
  /** What it shows, for documentation and story names. */
  readonly description: string;
  readonly play: (run: SyncRun, tools: ScenarioTools) => Promise<void>;
  readonly faults?: Faults;
}

interface Course {
  readonly items: number;
  /** ms an item takes, on average. */
  readonly itemMs: number;
  /** When the total is known. */
  readonly total?: "known" | "unknown" | "growing";
  /** Why an item fails, or `null` where it does not. */
  readonly failure?: (index: number) => string | null;
  /** Called before each item of the syncing phase. */
  readonly before?: (index: number, run: SyncRun, tools: ScenarioTools) => Promise<void> | void;
}

/** Plays a whole sync: connecting, then every item through syncing, parsing and embedding. */
async function playCourse(run: SyncRun, tools: ScenarioTools, course: Course): Promise<void> {
  const { wait, random, itemName, only } = tools;
  const { items: all, itemMs, total = "known", failure = () => null, before } = course;
  const items = only === null ? all : only.length;
  const nameOf = (index: number) => only?.[index] ?? itemName(index);

  run.update({ status: "connecting", stage: "Connecting..." });
  await wait(itemMs * 8);
  const knownAt = (done: number) => (total === "growing" ? Math.min(items, Math.max(20, done * 2)) : items);
  run.update({ status: "syncing", stage: "Fetching emails...", totalItems: total === "unknown" ? null : knownAt(0) });
  let failed = 0;
  for (let index = 0; index < items; index += 1) {
    await run.checkpoint();
    await before?.(index, run, tools);
    await wait(itemMs * (0.5 + random()));
    // What failed before succeeds when it is tried again.
    const reason = only === null ? failure(index) : null;
    if (reason === null) run.advance({ item: nameOf(index) });
    else {
      failed += 1;
      run.fail({ item: nameOf(index), reason });
    }
    if (total === "growing") run.update({ totalItems: knownAt(index + 1) });
  }
  for (const [status, stage] of [
    ["parsing", "Reading emails..."],
    ["embedding", "Building the index..."],
  ] as const) {
    run.update({ status, stage, ...(total === "unknown" ? {} : { totalItems: items }) });
    for (let index = 0; index < items - failed; index += 1) {
      await run.checkpoint();
      await wait(itemMs * 0.2);
      run.advance({ item: nameOf(index) });
    }
  }
}

const plainCourse: Course = { items: 120, itemMs: 40 };
const FAILS_AT = 45;
/** Plays on to the 45th item, and fails there. */
const failingWith = (message: string, code: string) => (run: SyncRun, tools: ScenarioTools) =>
  playCourse(run, tools, {
    ...plainCourse,
    before: (index) => {
      if (index === FAILS_AT) throw new SyncJobError(message, { code });
    },
  });
const playPlain = (run: SyncRun, tools: ScenarioTools) => playCourse(run, tools, plainCourse);

/** The courses that a mock backend can play, by name. */
export const scenarios = {
  happyPath: { description: "120 items, all well, in about 8 seconds.", play: playPlain },
  slow: {
    description: "One item every 1.5 seconds.",
    play: (run, tools) => playCourse(run, tools, { items: 60, itemMs: 1_500 }),
  },
  unknownTotal: {
    description: "The total is unknown until the end.",
    play: (run, tools) => playCourse(run, tools, { ...plainCourse, total: "unknown" }),
  },
  growingTotal: {
    description: "More items turn up while the sync runs.",
    play: (run, tools) => playCourse(run, tools, { ...plainCourse, total: "growing" }),
  },
  nothingNew: {
    description: "There is nothing to sync.",
    play: (run, tools) => playCourse(run, tools, { items: 0, itemMs: 40 }),
  },
  partialFailure: {
    description: "Three of 100 items cannot be read.",
    play: (run, tools) =>
      playCourse(run, tools, {
        items: 100,
        itemMs: 40,
        failure: (index) => (index % 33 === 20 ? "The attachment is larger than 25 MB." : null),
      }),
  },
  failsMidway: {
    description: "The source refuses at 45 of 120 items.",
    play: failingWith("Gmail refuses more requests today.", "rate_limited"),
  },
  timesOut: {
    description: "Nothing moves any more at 45 of 120 items, and the server gives up.",
    play: failingWith("No progress for 2 minutes, so the sync was stopped.", "timed_out"),
  },
  interrupted: {
    description: "The server restarts at 45 of 120 items.",
    play: failingWith("The server restarted while syncing.", "interrupted"),
  },
  neverStarts: {
    description: "The sync waits in the queue and does not start.",
    play: (_, { wait }) => wait(Number.POSITIVE_INFINITY),
  },
  stalls: {
    description: "Nothing happens for 60 seconds at 50 items.",
    play: (run, tools) =>
      playCourse(run, tools, { ...plainCourse, before: (index) => (index === 50 ? tools.wait(60_000) : undefined) }),
  },
  burst: {
    description: "10,000 items as fast as the machine can.",
    play: (run, tools) => playCourse(run, tools, { items: 10_000, itemMs: 0 }),
  },
  dropsConnection: {
    description: "The stream breaks three times.",
    play: playPlain,
    faults: { dropAfter: { chunks: 12, times: 3 } },
  },
  malformed: {
    description: "All events but the first are unreadable; the snapshot endpoint is well.",
    play: playPlain,
    faults: { garble: true },
  },
  blocksStream: {
    description: "No stream can be opened; the snapshot endpoint is well.",
    play: playPlain,
    faults: { status: 503, isStreamOnly: true },
  },
  unreachable: { description: "The server does not respond.", play: playPlain, faults: { status: 503 } },
  unauthorized: { description: "The session has expired.", play: playPlain, faults: { status: 401 } },
  notFound: { description: "The sync does not exist.", play: playPlain, faults: { status: 404 } },
} as const satisfies Record<string, Scenario>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof scenarios;
