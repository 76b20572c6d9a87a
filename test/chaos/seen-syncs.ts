import type { WireSnapshot } from "../../src/protocol/snapshot.js";
import { isTerminalStatus } from "../../src/protocol/status.js";
import { marksIn } from "./sync-plans.js";

/** What is compared of a sync: the last of a stream with what is stored. */
export interface SyncState {
  readonly syncId: string;
  readonly status: WireSnapshot["status"];
  readonly errorCode: string | null;
  readonly processedItems: number;
  readonly failedItems: number;
  readonly seq: number;
}

export function stateOf(snapshot: WireSnapshot): SyncState {
  return {
    syncId: snapshot.sync_id,
    status: snapshot.status,
    errorCode: snapshot.error_code,
    processedItems: snapshot.processed_items,
    failedItems: snapshot.failed_items,
    seq: snapshot.seq ?? 0,
  };
}

/** The states that one stream has shown, checked frame by frame. */
export class SeenSyncs {
  readonly states = new Map<string, SyncState>();
  readonly #mark: string;
  readonly #onFault: (fault: string) => void;

  constructor(mark: string, onFault: (fault: string) => void) {
    this.#mark = mark;
    this.#onFault = onFault;
  }

  /** Takes the data of a frame that carries a snapshot. */
  take(data: string): SyncState {
    const marks = marksIn(data);
    if (marks.length === 0 || marks.some((mark) => mark !== this.#mark)) {
      this.#onFault(`foreign frame for ${this.#mark}: ${data.slice(0, 500)}`);
    }
    const snapshot: WireSnapshot = JSON.parse(data);
    const state = stateOf(snapshot);
    const before = this.states.get(state.syncId);
    if (before !== undefined) this.#compare(before, state);
    this.states.set(state.syncId, state);
    return state;
  }

  /** Takes the data of any other frame. */
  check(data: string): void {
    if (marksIn(data).some((mark) => mark !== this.#mark)) this.#onFault(`foreign frame for ${this.#mark}: ${data}`);
  }

  #compare(before: SyncState, state: SyncState): void {
    const goesBack = state.seq < before.seq || state.processedItems < before.processedItems;
    const changesEnd = isTerminalStatus(before.status) && JSON.stringify(before) !== JSON.stringify(state);
    if (goesBack || changesEnd) {
      this.#onFault(`backwards: ${JSON.stringify(before)}, then ${JSON.stringify(state)}`);
    }
  }
}
