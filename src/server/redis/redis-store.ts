import { isTerminalStatus } from "../../protocol/status.js";
import { MessageFeed } from "../message-feed.js";
import type { Scope } from "../scope.js";
import { RESTORED_SEQ_GAP, type StoreLimits } from "../store-limits.js";
import { scopeOfKey } from "../stored-snapshot.js";
import { type CreateResult, checkCheckpoint, type SyncRecord, type SyncStore } from "../sync-store.js";
import { type NodeRedisClient, type NodeRedisCluster, nodeRedisDriver } from "./node-redis-driver.js";
import type { RedisDriver } from "./redis-driver.js";
import { RedisEpoch } from "./redis-epoch.js";
import { memberOf, RedisKeys } from "./redis-keys.js";
import { RedisLeases, type TakenLease } from "./redis-leases.js";
import { RedisListener } from "./redis-listener.js";
import { RedisLists } from "./redis-lists.js";
import { RedisOutbox } from "./redis-outbox.js";
import { RedisSyncs } from "./redis-syncs.js";
import { asTexts } from "./replies.js";
import { ScriptRunner } from "./script-runner.js";

/** Options of {@link createRedisStore}. */
export interface RedisStoreOptions extends StoreLimits {
  /**
   * A connected client or cluster of node-redis 6, or a {@link RedisDriver} for another one. The store opens one
   * connection more, for messages, and closes that one only.
   */
  readonly client: NodeRedisClient | NodeRedisCluster | RedisDriver;
  /** What the names of keys begin with. Default `"rsp"`. */
  readonly prefix?: string;
  /**
   * ms after which Redis itself deletes an ended sync, if no service has done so before (`retentionMs`). Default 30 days.
   */
  readonly ttlMs?: number;
}

const TTL_MS = 30 * 24 * 60 * 60 * 1_000;

/**
 * Keeps syncs in Redis 7 or newer, or Valkey: all processes that use it see and command the same syncs, and any of them
 * can serve any stream.
 *
 * @throws TypeError when an option is not valid.
 *
 * @example
 * const client = await createClient({ url: process.env.REDIS_URL }).on("error", log).connect();
 * const service = createSyncService({ store: createRedisStore({ client }) });
 * await service.recover();
 */
export function createRedisStore(options: RedisStoreOptions): SyncStore {
  const { client, prefix = "rsp", ttlMs = TTL_MS } = options;
  const { maxEnded = 1_000, maxFailures = 10_000, maxLogLines = 10_000 } = options;
  checkOptions(prefix, ttlMs);
  const driver = isDriver(client) ? client : nodeRedisDriver(client);
  const keys = new RedisKeys(prefix);
  const scripts = new ScriptRunner(driver);
  const leases = new RedisLeases(scripts, keys);
  const epoch = new RedisEpoch(scripts, keys, () => feed.notifyGap());
  const outbox = new RedisOutbox(driver, scripts, keys);
  const syncs = new RedisSyncs({ driver, scripts, keys, ttlMs, limits: { maxEnded, maxFailures, maxLogLines } });
  const lists = new RedisLists(driver, keys, syncs);
  const listener = new RedisListener({ driver, onReconnect: () => feed.notifyGap() });
  const feed = new MessageFeed({
    subscribe: (scope, receive) => listener.subscribe(keys.scope(scope).channel, receive),
    read: async (scope, syncId) => (await syncs.get(scope, syncId))?.record.snapshot ?? null,
  });
  let isClosed = false;

  function enter(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (isClosed) throw new Error("The store is closed.");
  }

  async function add(record: SyncRecord, seq: number, signal: AbortSignal | undefined): Promise<CreateResult> {
    enter(signal);
    checkCheckpoint(record.checkpoint);
    const { scope, snapshot, claim } = record;
    // Before the sync: one without a lease would be found by nobody if this process dies in between.
    const isGranted = claim !== null && (await leases.grant(scope, snapshot.syncId, claim, signal));
    const created = await syncs.create(record, seq, signal);
    if (created.isCreated) feed.notify(scope, { ...snapshot, seq });
    else if (isGranted) await leases.release(memberOf(scope, snapshot.syncId), claim);
    return created;
  }

  /** Names an ended sync to those who delete old ones, before it has ended. */
  async function announceEnd(scope: Scope, syncId: string, completedAt: number, signal: AbortSignal | undefined) {
    const member = memberOf(scope, syncId);
    await driver.command(keys.ended, ["ZADD", keys.ended, String(completedAt), member], signal);
  }

  /** Makes the owner of a lease that of its sync; `null` if that has ended, or was claimed by somebody else. */
  async function take({ member, claim }: TakenLease, signal: AbortSignal | undefined): Promise<SyncRecord | null> {
    const [scopeKey = "", syncId = ""] = asTexts(JSON.parse(member));
    const scope = scopeOfKey(scopeKey);
    const claimed = await syncs.claim(scope, syncId, claim, signal);
    if (claimed.is === "claimed") return claimed.record;
    await leases.release(member, claim);
    if (claimed.is === "refused" && claimed.claim !== null) await leases.grant(scope, syncId, claimed.claim, signal);
    return null;
  }

  return {
    create: (record, signal) => add(record, 1, signal),

    async get(scope, syncId, signal) {
      enter(signal);
      return (await syncs.get(scope, syncId, signal))?.record ?? null;
    },

    async write(scope, write, signal) {
      enter(signal);
      checkCheckpoint(write.checkpoint);
      const { snapshot, notices = [] } = write;
      const hasEnded = isTerminalStatus(snapshot.status);
      if (hasEnded) {
        await announceEnd(scope, snapshot.syncId, snapshot.completedAt ?? 0, signal);
        if (notices.length > 0) await outbox.announce(scope, notices, signal);
      }
      const { result, isNew, surplus } = await syncs.write(scope, write, signal);
      if (result.is !== "written") return result;
      if (isNew) feed.notify(scope, { ...snapshot, seq: result.seq, notifyEmail: result.notifyEmail });
      if (!hasEnded) return result;
      const deletions = surplus.map((syncId) => syncs.delete(scope, syncId, Number.POSITIVE_INFINITY, signal));
      // It is written, whatever becomes of these; they are made up for later.
      await Promise.allSettled([leases.release(memberOf(scope, snapshot.syncId), null), ...deletions]);
      return result;
    },

    async setNotifyEmail(scope, syncId, isWanted, signal) {
      enter(signal);
      return syncs.setNotifyEmail(scope, syncId, isWanted, signal);
    },

    restore: async (record, signal) =>
      (await add(record, (record.snapshot.seq ?? 0) + RESTORED_SEQ_GAP, signal)).isCreated,

    async claim(scope, syncId, claim, signal) {
      enter(signal);
      if (!(await leases.grant(scope, syncId, claim, signal))) return null;
      const claimed = await syncs.claim(scope, syncId, claim, signal);
      if (claimed.is === "claimed") return claimed.record;
      await leases.release(memberOf(scope, syncId), claim);
      return null;
    },

    async list(scope, filter, page, signal) {
      enter(signal);
      return lists.syncs(scope, filter, page, signal);
    },

    async listFailures(scope, syncId, page, signal) {
      enter(signal);
      return lists.failures(scope, syncId, page, signal);
    },

    async listLog(scope, syncId, page, signal) {
      enter(signal);
      return lists.log(scope, syncId, page, signal);
    },

    async isRecovering(signal) {
      enter(signal);
      return epoch.isRecovering(signal);
    },

    async watch(scope, watcher, signal) {
      enter(signal);
      return feed.watch(scope, watcher);
    },

    async command(scope, syncId, command, signal) {
      enter(signal);
      await syncs.command(scope, syncId, command, signal);
    },

    async renew(ownerId, held, _leaseMs, signal) {
      enter(signal);
      const without = await leases.renew(ownerId, held, signal);
      const lost = await Promise.all(
        without.map(async ({ scope, syncId }) => {
          const found = await syncs.get(scope, syncId, signal);
          // Redis has lost it: its owner writes it again.
          if (found === null) return [];
          const { claim } = found.record;
          if (claim?.ownerId !== ownerId) return [syncId];
          await leases.grant(scope, syncId, claim, signal);
          return [];
        }),
      );
      return lost.flat();
    },

    async takeOver(ownerId, leaseMs, limit, signal) {
      enter(signal);
      await epoch.look(signal);
      const taken = await leases.take(ownerId, leaseMs, limit, signal);
      const records = await Promise.all(taken.map((lease) => take(lease, signal)));
      return records.filter((record) => record !== null);
    },

    async claimNotices(kind, leaseMs, limit, signal) {
      enter(signal);
      return outbox.claim(kind, leaseMs, limit, signal);
    },

    async settleNotice(id, result, signal) {
      enter(signal);
      await outbox.settle(id, result, signal);
    },

    async deleteEndedBefore(time, limit, signal) {
      enter(signal);
      const range = ["-inf", `(${time}`, "BYSCORE", "LIMIT", "0", String(limit)];
      const members = asTexts(await driver.command(keys.ended, ["ZRANGE", keys.ended, ...range], signal));
      const results = await Promise.all(
        members.map((member) => {
          const [scopeKey = "", syncId = ""] = asTexts(JSON.parse(member));
          return syncs.delete(scopeOfKey(scopeKey), syncId, time, signal);
        }),
      );
      if (members.length > 0) await driver.command(keys.ended, ["ZREM", keys.ended, ...members], signal);
      return results.filter((result) => result === "deleted").length;
    },

    async close() {
      if (isClosed) return;
      isClosed = true;
      feed.close();
      await listener.close();
    },
  };
}

function isDriver(client: RedisStoreOptions["client"]): client is RedisDriver {
  return "command" in client && "onReconnect" in client;
}

function checkOptions(prefix: string, ttlMs: number): void {
  if (prefix === "" || /[{}]/.test(prefix)) {
    throw new TypeError(`SyncProgressError: prefix must be a text without braces, got ${JSON.stringify(prefix)}.`);
  }
  if (!(ttlMs > 0) || !Number.isSafeInteger(ttlMs)) {
    throw new TypeError(`SyncProgressError: ttlMs must be a whole number above 0, got ${String(ttlMs)}.`);
  }
}
