import type { Scope } from "../../src/server/scope.js";
import { type ChildProcessOf, startChild } from "../support/start-child.js";
import type { ReaderOrder, ReaderReport, ReaderTally, ScopeStates } from "./chaos-readers.js";

/** What all reader processes have counted. */
export type ReaderTotals = ReaderTally;

interface Reader {
  readonly child: ChildProcessOf<ReaderOrder>;
  /** What the next comparison is reported to. */
  onCompared: (tally: ReaderTally) => void;
}

const PROCESSES = 2;

/** The processes with the readers. Each has its share of those of every sync. */
export class ReaderPool {
  readonly #readers: readonly Reader[];
  /** Syncs that a reader waits for, and those that have ended before somebody did. */
  readonly #ended = new Map<string, PromiseWithResolvers<void>>();

  private constructor(readers: (onEnded: (syncId: string) => void) => readonly Reader[]) {
    this.#readers = readers((syncId) => this.#endOf(syncId).resolve());
  }

  static async start(url: string): Promise<ReaderPool> {
    const ready: Promise<void>[] = [];
    const pool = new ReaderPool((onEnded) =>
      Array.from({ length: PROCESSES }, () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        ready.push(promise);
        const child = startChild<ReaderReport, ReaderOrder>(new URL("chaos-readers.ts", import.meta.url), {
          env: { SERVER_URL: url },
          onReport(report) {
            if (report.is === "ready") resolve();
            else if (report.is === "ended") onEnded(report.syncId);
            else reader.onCompared(report);
          },
        });
        const reader: Reader = { child, onCompared: () => {} };
        return reader;
      }),
    );
    await Promise.all(ready);
    return pool;
  }

  /** Opens streams of a sync. Resolves when one of them has shown its end. */
  async followSync(scope: Scope, syncId: string, readers: number): Promise<void> {
    this.#share(readers, (share) => ({ do: "follow-sync", scope, syncId, readers: share }));
    await this.#endOf(syncId).promise;
    this.#ended.delete(syncId);
  }

  /** Opens streams of all syncs of a person. */
  followAll(scope: Scope, readers: number): void {
    this.#share(readers, (share) => ({ do: "follow-all", scope, readers: share }));
  }

  async compare(scopes: readonly ScopeStates[]): Promise<ReaderTotals> {
    const tallies = await Promise.all(
      this.#readers.map((reader) => {
        const { promise, resolve } = Promise.withResolvers<ReaderTally>();
        reader.onCompared = resolve;
        reader.child.send({ do: "compare", scopes });
        return promise;
      }),
    );
    return tallies.reduce(sum);
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map(({ child }) => child.kill()));
  }

  #endOf(syncId: string): PromiseWithResolvers<void> {
    const end = this.#ended.get(syncId) ?? Promise.withResolvers<void>();
    this.#ended.set(syncId, end);
    return end;
  }

  #share(readers: number, orderFor: (share: number) => ReaderOrder): void {
    this.#readers.forEach(({ child }, index) => {
      // The first takes what does not come out.
      const share = Math.ceil((readers - index) / this.#readers.length);
      if (share > 0) child.send(orderFor(share));
    });
  }
}

function sum(a: ReaderTally, b: ReaderTally): ReaderTally {
  const refused = { ...a.refused };
  for (const [status, count] of Object.entries(b.refused)) refused[status] = (refused[status] ?? 0) + count;
  return {
    ended: a.ended + b.ended,
    open: a.open + b.open,
    feeds: a.feeds + b.feeds,
    connections: a.connections + b.connections,
    snapshots: a.snapshots + b.snapshots,
    otherFrames: a.otherFrames + b.otherFrames,
    refused,
    wrong: [...a.wrong, ...b.wrong],
    faults: [...a.faults, ...b.faults],
  };
}
