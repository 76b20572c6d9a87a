import { decodeFailure, type FailurePage } from "../../protocol/failure.js";
import { pageOfFailures } from "../failure-page.js";
import type { Scope } from "../scope.js";
import { matchesFilter } from "../sync-filter.js";
import {
  type FailureRequest,
  type LogPage,
  type PageRequest,
  readCursor,
  type SyncFilter,
  type SyncRecordPage,
} from "../sync-store.js";
import type { RedisDriver } from "./redis-driver.js";
import type { RedisKeys } from "./redis-keys.js";
import type { NumberedRecord, RedisSyncs } from "./redis-syncs.js";
import { asRows, asText, asTexts } from "./replies.js";

/** How many syncs are read at once while a list is filtered. */
const STEP = 100;

/** Pages of what is in Redis. */
export class RedisLists {
  readonly #driver: RedisDriver;
  readonly #keys: RedisKeys;
  readonly #syncs: RedisSyncs;

  constructor(driver: RedisDriver, keys: RedisKeys, syncs: RedisSyncs) {
    this.#driver = driver;
    this.#keys = keys;
    this.#syncs = syncs;
  }

  async syncs(scope: Scope, filter: SyncFilter, page: PageRequest, signal?: AbortSignal): Promise<SyncRecordPage> {
    const before = readCursor(page, Number.MAX_SAFE_INTEGER);
    const found: NumberedRecord[] = [];
    for await (const entry of this.#newestFirst(scope, filter, before, signal)) {
      if (matchesFilter(entry.record.snapshot, filter)) found.push(entry);
      // One more than is shown, to know whether there is a next page.
      if (found.length > page.limit) break;
    }
    const shown = found.slice(0, page.limit);
    return {
      records: shown.map(({ record }) => record),
      nextCursor: found.length > shown.length ? String(shown.at(-1)?.number) : null,
    };
  }

  async failures(scope: Scope, syncId: string, page: FailureRequest, signal?: AbortSignal): Promise<FailurePage> {
    const from = readCursor(page, 0);
    // A search looks at all of them, in this process, as every store does.
    const until = page.search === undefined ? from + page.limit : -1;
    const entries = await this.#entries(this.#keys.sync(scope, syncId).failures, from, until, signal);
    return pageOfFailures(entries.map(decodeFailure), from, page);
  }

  async log(scope: Scope, syncId: string, page: PageRequest, signal?: AbortSignal): Promise<LogPage> {
    const from = readCursor(page, 0);
    const until = from + page.limit;
    const { record, log } = this.#keys.sync(scope, syncId);
    const [lines, cut] = await Promise.all([
      this.#entries(log, from, until, signal),
      this.#driver.command(record, ["HGET", record, "cut"], signal),
    ]);
    return {
      lines: lines.slice(0, page.limit).map(String),
      nextCursor: lines.length > page.limit ? String(until) : null,
      isCut: asText(cut) !== null,
    };
  }

  /** Entries of a list of JSON texts, both positions included. */
  async #entries(key: string, from: number, until: number, signal?: AbortSignal): Promise<readonly unknown[]> {
    const texts = asTexts(await this.#driver.command(key, ["LRANGE", key, String(from), String(until)], signal));
    return texts.map((text): unknown => JSON.parse(text));
  }

  async *#newestFirst(scope: Scope, { active }: SyncFilter, before: number, signal?: AbortSignal) {
    if (active === true) {
      const { running } = this.#keys.scope(scope);
      const ids = asTexts(await this.#driver.command(running, ["HVALS", running], signal));
      const records = await this.#read(scope, ids, signal);
      yield* records.filter(({ number }) => number < before).sort((a, b) => b.number - a.number);
      return;
    }
    let last = before;
    for (;;) {
      const rows = await this.#readIndex(scope, last, signal);
      yield* await this.#read(
        scope,
        rows.map(([id = ""]) => id),
        signal,
      );
      if (rows.length < STEP) return;
      last = Number(rows.at(-1)?.[1]);
    }
  }

  /** Ids and numbers, newest first. */
  async #readIndex(scope: Scope, before: number, signal?: AbortSignal): Promise<readonly (readonly string[])[]> {
    const { index } = this.#keys.scope(scope);
    const range = [`(${before}`, "-inf", "BYSCORE", "REV", "LIMIT", "0", String(STEP), "WITHSCORES"];
    const reply = await this.#driver.command(index, ["ZRANGE", index, ...range], signal);
    // RESP3 has pairs, RESP2 one flat list.
    const texts = Array.isArray(reply) ? reply.flat().map(String) : [];
    return asRows(texts, 2).map((row) => row.map(String));
  }

  /** The syncs of these ids; those that have expired are left out, and no longer listed. */
  async #read(scope: Scope, ids: readonly string[], signal?: AbortSignal): Promise<readonly NumberedRecord[]> {
    const found = await Promise.all(ids.map((id) => this.#syncs.get(scope, id, signal)));
    const gone = ids.filter((_, index) => found[index] === null);
    const { index, ended } = this.#keys.scope(scope);
    for (const key of gone.length === 0 ? [] : [index, ended]) {
      await this.#driver.command(key, ["ZREM", key, ...gone], signal);
    }
    return found.filter((entry) => entry !== null);
  }
}
