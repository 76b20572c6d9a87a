import { isTerminalStatus } from "../../protocol/status.js";
import { MessageFeed } from "../message-feed.js";
import { keyOf, type Scope } from "../scope.js";
import { RESTORED_SEQ_GAP, type StoreLimits } from "../store-limits.js";
import { type CreateResult, checkCheckpoint, type SyncRecord, type SyncStore } from "../sync-store.js";
import { PostgresDatabase } from "./postgres-database.js";
import { PostgresLeases } from "./postgres-leases.js";
import { PostgresListener } from "./postgres-listener.js";
import { PostgresLists } from "./postgres-lists.js";
import { PostgresOutbox } from "./postgres-outbox.js";
import type { PostgresPool } from "./postgres-pool.js";
import { PostgresSyncs } from "./postgres-syncs.js";
import { checkSchemaName } from "./schema.js";
import { WriteOrder } from "./write-order.js";

/** Options of {@link createPostgresStore}. */
export interface PostgresStoreOptions extends StoreLimits {
  /** A `Pool` of pg; the store takes one of its connections for good as soon as something is watched. */
  readonly pool: PostgresPool;
  /**
   * Gives the one connection that listens. Needed if `pool` goes through PgBouncer or another pooler in transaction mode:
   * this one has to reach Postgres itself. Default `pool`.
   */
  readonly listenPool?: PostgresPool;
  /** Name of the schema that holds the tables. Default `"sync_progress"`. */
  readonly schema?: string;
}

/**
 * Keeps syncs in Postgres 12 or newer: all processes that use it see and command the same syncs, and any of them can
 * serve any stream. The tables are made by the first call if they are missing ({@link postgresSchemaSql}).
 *
 * @throws TypeError when `schema` is no valid name.
 *
 * @example
 * const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * const service = createSyncService({ store: createPostgresStore({ pool }) });
 * await service.recover();
 */
export function createPostgresStore(options: PostgresStoreOptions): SyncStore {
  const { pool, listenPool = pool, schema = "sync_progress" } = options;
  const { maxEnded = 1_000, maxFailures = 10_000, maxLogLines = 10_000 } = options;
  checkSchemaName(schema);
  const database = new PostgresDatabase(pool, schema);
  const syncs = new PostgresSyncs(database, { maxEnded, maxFailures, maxLogLines });
  const lists = new PostgresLists(database);
  const leases = new PostgresLeases(database);
  const outbox = new PostgresOutbox(database);
  const listener = new PostgresListener({ pool, listenPool, onReconnect: () => feed.notifyGap() });
  const feed = new MessageFeed({
    async subscribe(scope, receive) {
      const row = await database.first("SELECT {s}.channel_1($1) AS channel", [keyOf(scope)]);
      return listener.listen(String(row?.["channel"]), receive);
    },
    read: async (scope, syncId) => (await syncs.get(scope, syncId))?.snapshot ?? null,
  });
  const order = new WriteOrder();
  let isClosed = false;

  function enter(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted();
    if (isClosed) throw new Error("The store is closed.");
  }

  async function add(record: SyncRecord, seq: number, signal: AbortSignal | undefined): Promise<CreateResult> {
    enter(signal);
    checkCheckpoint(record.checkpoint);
    const created = await syncs.create(record, seq);
    if (created.isCreated) feed.notify(record.scope, { ...record.snapshot, seq });
    return created;
  }

  return {
    create: (record, signal) => add(record, 1, signal),

    async get(scope, syncId, signal) {
      enter(signal);
      return syncs.get(scope, syncId);
    },

    async write(scope, write, signal) {
      enter(signal);
      checkCheckpoint(write.checkpoint);
      const key = JSON.stringify([keyOf(scope), write.snapshot.syncId]);
      const { result, isNew } = await order.run(key, signal, () => syncs.write(scope, write));
      if (result.is !== "written" || !isNew) return result;
      const { seq, notifyEmail } = result;
      feed.notify(scope, { ...write.snapshot, seq, notifyEmail });
      // It is written, whatever becomes of this; the next end makes up for it.
      if (isTerminalStatus(write.snapshot.status)) await syncs.deleteSurplus(scope).catch(() => {});
      return result;
    },

    async setNotifyEmail(scope, syncId, isWanted, signal) {
      enter(signal);
      return syncs.setNotifyEmail(scope, syncId, isWanted);
    },

    restore: async (record, signal) =>
      (await add(record, (record.snapshot.seq ?? 0) + RESTORED_SEQ_GAP, signal)).isCreated,

    async claim(scope, syncId, claim, signal) {
      enter(signal);
      return syncs.claim(scope, syncId, claim);
    },

    async list(scope, filter, page, signal) {
      enter(signal);
      return lists.syncs(scope, filter, page);
    },

    async listFailures(scope, syncId, page, signal) {
      enter(signal);
      return lists.failures(scope, syncId, page);
    },

    async listLog(scope, syncId, page, signal) {
      enter(signal);
      return lists.log(scope, syncId, page);
    },

    async watch(scope, watcher, signal) {
      enter(signal);
      return feed.watch(scope, watcher);
    },

    async command(scope: Scope, syncId, command, signal) {
      enter(signal);
      await syncs.command(scope, syncId, command);
    },

    async renew(ownerId, held, _leaseMs, signal) {
      enter(signal);
      return syncs.renew(ownerId, held);
    },

    async takeOver(ownerId, leaseMs, limit, signal) {
      enter(signal);
      return leases.take(ownerId, leaseMs, limit);
    },

    async claimNotices(kind, leaseMs, limit, signal) {
      enter(signal);
      return outbox.claim(kind, leaseMs, limit);
    },

    async settleNotice(id, result, signal) {
      enter(signal);
      await outbox.settle(id, result);
    },

    async deleteEndedBefore(time, limit, signal) {
      enter(signal);
      return syncs.deleteEndedBefore(time, limit);
    },

    async close() {
      if (isClosed) return;
      isClosed = true;
      feed.close();
      listener.close();
    },
  };
}
