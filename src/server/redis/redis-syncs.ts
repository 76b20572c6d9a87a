import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { isTerminalStatus } from "../../protocol/status.js";
import { mailFromText, mailToText } from "../change-message.js";
import type { Scope } from "../scope.js";
import type { StoreLimits } from "../store-limits.js";
import { snapshotFromText, snapshotToText } from "../stored-snapshot.js";
import type { Claim, CreateResult, SyncCommand, SyncRecord, SyncWrite, WriteResult } from "../sync-store.js";
import type { RedisDriver } from "./redis-driver.js";
import type { RedisKeys } from "./redis-keys.js";
import { noticeToTexts } from "./redis-outbox.js";
import { asList, asText, asTexts } from "./replies.js";
import type { ScriptRunner } from "./script-runner.js";
import { CLAIM, COMMAND, CREATE, DELETE, RECORD_FIELDS, SET_MAIL, WRITE } from "./sync-scripts.js";

export interface RedisSyncsOptions {
  readonly driver: RedisDriver;
  readonly scripts: ScriptRunner;
  readonly keys: RedisKeys;
  readonly limits: Required<StoreLimits>;
  /** ms that an ended sync is kept without anybody who deletes it. */
  readonly ttlMs: number;
}

/** A sync with its place in the order of creation. */
export interface NumberedRecord {
  readonly record: SyncRecord;
  readonly number: number;
}

/** What came of a write, and the ended syncs of the scope that are too many now. */
export interface RedisWriteResult {
  readonly result: WriteResult;
  /** Whether this write has changed something: it was neither repeated nor late. */
  readonly isNew: boolean;
  readonly surplus: readonly string[];
}

/** What came of a claim; `refused` names who has a fence as high. */
export type RedisClaimResult =
  | { readonly is: "claimed"; readonly record: SyncRecord }
  | { readonly is: "refused"; readonly claim: Claim | null }
  | { readonly is: "gone" };

/** The syncs of each scope, with their failures and logs; every change of one is one script. */
export class RedisSyncs {
  readonly #options: RedisSyncsOptions;

  constructor(options: RedisSyncsOptions) {
    this.#options = options;
  }

  async create(record: SyncRecord, seq: number, signal?: AbortSignal): Promise<CreateResult> {
    const { scope, snapshot } = record;
    const rival = await this.#create(record, seq, "", signal);
    if (rival === null) return { isCreated: true };
    const refused: CreateResult = { isCreated: false, runningSyncId: rival };
    if (rival === snapshot.syncId || (await this.get(scope, rival, signal)) !== null) return refused;
    // Redis has evicted or lost it: nothing runs that could be in the way.
    const second = await this.#create(record, seq, rival, signal);
    return second === null ? { isCreated: true } : { isCreated: false, runningSyncId: second };
  }

  async get(scope: Scope, syncId: string, signal?: AbortSignal): Promise<NumberedRecord | null> {
    const { record } = this.#options.keys.sync(scope, syncId);
    return readRecord(scope, await this.#options.driver.command(record, ["HMGET", record, ...RECORD_FIELDS], signal));
  }

  async write(scope: Scope, write: SyncWrite, signal?: AbortSignal): Promise<RedisWriteResult> {
    const { keys, scripts, limits, ttlMs } = this.#options;
    const { snapshot, failures = [], log = [], notices = [] } = write;
    const sync = keys.sync(scope, snapshot.syncId);
    const all = keys.scope(scope);
    const reply = await scripts.run(
      WRITE,
      [
        sync.record,
        sync.failures,
        sync.log,
        all.running,
        all.index,
        all.ended,
        all.notices,
        all.tries,
        all.channel,
        ...notices.map(({ kind }) => all.due(kind)),
      ],
      [
        snapshot.syncId,
        write.writeId,
        write.order,
        write.fence ?? "",
        isTerminalStatus(snapshot.status) ? 1 : 0,
        toText(snapshot),
        write.keptFailures ?? -1,
        limits.maxFailures,
        limits.maxLogLines,
        limits.maxEnded,
        ttlMs,
        write.checkpoint ?? "",
        failures.length,
        log.length,
        notices.length,
        snapshot.completedAt ?? 0,
        ...failures.map((failure) => JSON.stringify(failure)),
        ...log.map((line) => JSON.stringify(line)),
        ...notices.flatMap((notice) => noticeToTexts(scope, snapshot.syncId, notice)),
      ],
      signal,
    );
    const [is = "unknown", seq, mail = "", ...surplus] = asTexts(reply);
    if (is === "written" || is === "kept") {
      const result = { is: "written", seq: Number(seq), notifyEmail: mailFromText(mail) } as const;
      return { result, isNew: is === "written", surplus };
    }
    return { result: { is: is === "ended" || is === "superseded" ? is : "unknown" }, isNew: false, surplus: [] };
  }

  async claim(
    scope: Scope,
    syncId: string,
    { ownerId, fence }: Claim,
    signal?: AbortSignal,
  ): Promise<RedisClaimResult> {
    const { record } = this.#options.keys.sync(scope, syncId);
    const [is, ...rest] = asList(await this.#options.scripts.run(CLAIM, [record], [ownerId, fence], signal));
    if (is === "refused") {
      const [owner, highest] = rest.map(asText);
      return { is, claim: typeof owner === "string" ? { ownerId: owner, fence: Number(highest) } : null };
    }
    const claimed = readRecord(scope, rest);
    return claimed === null ? { is: "gone" } : { is: "claimed", record: claimed.record };
  }

  /** Returns the state as it is then. */
  async setNotifyEmail(
    scope: Scope,
    syncId: string,
    isWanted: boolean,
    signal?: AbortSignal,
  ): Promise<SyncSnapshot | null> {
    const { keys, scripts } = this.#options;
    const given = [keys.sync(scope, syncId).record, keys.scope(scope).channel] as const;
    const reply = await scripts.run(SET_MAIL, given, [syncId, mailToText(isWanted)], signal);
    return readRecord(scope, reply)?.record.snapshot ?? null;
  }

  async command(scope: Scope, syncId: string, command: SyncCommand, signal?: AbortSignal): Promise<void> {
    const { keys, scripts } = this.#options;
    const { record } = keys.sync(scope, syncId);
    await scripts.run(COMMAND, [record, keys.scope(scope).channel], [`c${command}:${syncId}`], signal);
  }

  /** Deletes a sync that ended before a time, with all that belongs to it. */
  async delete(
    scope: Scope,
    syncId: string,
    endedBefore: number,
    signal?: AbortSignal,
  ): Promise<"deleted" | "gone" | "kept"> {
    const { keys, scripts } = this.#options;
    const { record, failures, log } = keys.sync(scope, syncId);
    const { index, ended, channel } = keys.scope(scope);
    const reply = await scripts.run(
      DELETE,
      [record, failures, log, index, ended, channel],
      [syncId, endedBefore],
      signal,
    );
    if (reply === null) return "kept";
    return reply === 1 ? "deleted" : "gone";
  }

  /** The id of the sync that is in the way, unless it is `gone`. */
  async #create(record: SyncRecord, seq: number, gone: string, signal?: AbortSignal): Promise<string | null> {
    const { keys, scripts } = this.#options;
    const { scope, snapshot, claim, checkpoint, input } = record;
    const all = keys.scope(scope);
    const reply = await scripts.run(
      CREATE,
      [keys.sync(scope, snapshot.syncId).record, all.running, all.index, all.channel],
      [
        snapshot.syncId,
        snapshot.connectorType,
        gone,
        seq,
        toText(snapshot),
        "mail",
        mailToText(snapshot.notifyEmail),
        "fence",
        claim?.fence ?? 0,
        ...(claim === null ? [] : ["owner", claim.ownerId]),
        ...(checkpoint === null ? [] : ["checkpoint", checkpoint]),
        ...(input === null ? [] : ["input", input]),
      ],
      signal,
    );
    return asText(reply);
  }
}

function toText(snapshot: SyncSnapshot): string {
  return snapshotToText({ ...snapshot, notifyEmail: null });
}

/** `null` if there is none. */
function readRecord(scope: Scope, reply: unknown): NumberedRecord | null {
  const [snapshot, seq, ownerId, fence, checkpoint, input, number, mail] = asList(reply).map(asText);
  if (typeof snapshot !== "string") return null;
  const record: SyncRecord = {
    scope,
    snapshot: snapshotFromText(snapshot, { seq: Number(seq), notifyEmail: mailFromText(mail ?? "") }),
    claim: typeof ownerId === "string" ? { ownerId, fence: Number(fence) } : null,
    checkpoint: checkpoint ?? null,
    input: input ?? null,
  };
  return { record, number: Number(number) };
}
