import { afterEach, describe, expect, it, vi } from "vitest";
import type { SyncSnapshot } from "../../src/protocol/snapshot.js";
import type { TerminalStatus } from "../../src/protocol/status.js";
import type { Scope } from "../../src/server/scope.js";
import type {
  ScopeWatcher,
  SyncChange,
  SyncFilter,
  SyncRecord,
  SyncStore,
  SyncWrite,
  WriteResult,
} from "../../src/server/sync-store.js";
import { aSnapshot } from "../support/a-snapshot.js";
import { eventually } from "../support/eventually.js";

const ada = { tenantId: "acme", userId: "ada" };
const eve = { tenantId: "acme", userId: "eve" };
const grace = { tenantId: "globex", userId: "ada" };
const owner = { ownerId: "process-1", fence: 1 };

/** Two stores that keep the same data, as two processes have them. For a memory store they are one. */
export interface StorePair {
  readonly store: SyncStore;
  readonly other: SyncStore;
  /** Removes what the stores have made. */
  remove(): void;
}

let lastOrder = 0;

export function aRecord(given: Partial<SyncSnapshot> = {}, rest: Partial<SyncRecord> = {}): SyncRecord {
  const snapshot = aSnapshot({ seq: 1, startedAt: 1, updatedAt: 1, ...given });
  return { scope: ada, snapshot, claim: owner, checkpoint: null, input: null, ...rest };
}

export function aWrite(given: Partial<SyncSnapshot> = {}, rest: Partial<SyncWrite> = {}): SyncWrite {
  lastOrder += 1;
  const snapshot = aSnapshot({ seq: 1, startedAt: 1, updatedAt: 2, ...given });
  return { writeId: `write-${lastOrder}`, order: lastOrder, snapshot, fence: owner.fence, ...rest };
}

export function anEnd(
  status: TerminalStatus = "complete",
  given: Partial<SyncSnapshot> = {},
  rest: Partial<SyncWrite> = {},
): SyncWrite {
  return aWrite({ status, completedAt: 5, ...given }, rest);
}

/** Watches a scope and keeps what it is notified of. */
async function follow(store: SyncStore, scope: Scope = ada) {
  const changes: SyncChange[] = [];
  const gap = vi.fn();
  const watcher: ScopeWatcher = { change: (change) => changes.push(change), gap };
  const unwatch = await store.watch(scope, watcher);
  return { changes, gap, unwatch, counts: () => countsOf(changes) };
}

function countsOf(changes: readonly SyncChange[]): readonly number[] {
  return changes.flatMap((change) => (change.type === "snapshot" ? [change.snapshot.processedItems] : []));
}

/** Ends the syncs x, y and z in a store that keeps three failed items and three log lines of a sync, and expects those. */
export async function endThreeSyncs(store: SyncStore): Promise<void> {
  const parts = { failures: ["a", "b"].map((item) => ({ item, reason: "broken", at: 1 })), log: ["1", "2"] };
  for (const syncId of ["x", "y", "z"]) {
    await store.create(aRecord({ syncId }));
    await store.write(ada, aWrite({ syncId }, parts));
    await store.write(ada, aWrite({ syncId }, parts));
    const { failures } = await store.listFailures(ada, syncId, { limit: 10 });
    expect(failures.map(({ item }) => item)).toEqual(["a", "b", "a"]);
    expect((await store.listLog(ada, syncId, { limit: 10 })).lines).toEqual(["1", "2", "1"]);
    await store.write(ada, anEnd("complete", { syncId }));
  }
}

/** What every store must do; registered for each implementation. */
export function describeSyncStore(name: string, createStores: () => StorePair): void {
  describe(`the ${name} store`, () => {
    const pairs: StorePair[] = [];
    afterEach(async () => {
      vi.useRealTimers();
      for (const { store, other, remove } of pairs.splice(0)) {
        await store.close();
        await other.close();
        remove();
      }
    });
    const open = () => {
      const pair = createStores();
      pairs.push(pair);
      return pair;
    };
    const openOne = () => open().store;
    const snapshotIn = async (store: SyncStore, syncId = "sync-1") => (await store.get(ada, syncId))?.snapshot;

    describe("creating", () => {
      it("returns what was created, and nothing for an unknown id", async () => {
        const store = openOne();
        const record = aRecord({ capabilities: ["cancel"] }, { checkpoint: '{"at":1}', input: '{"a":2}' });
        expect(await store.create(record)).toEqual({ isCreated: true });
        expect(await store.get(ada, "sync-1")).toEqual(record);
        for (const id of ["sync-2", "__proto__", "", "sync-1' OR 1=1"]) expect(await store.get(ada, id)).toBeNull();
        // What a probe reads.
        expect(await store.get({ tenantId: "", userId: "" }, "health")).toBeNull();
      });

      it("names the sync of the scope and type that runs, however many are created at once, in two processes", async () => {
        const { store, other } = open();
        const ids = Array.from({ length: 50 }, (_, index) => `sync-${index}`);
        const created = ids.map((syncId, index) => (index % 2 === 0 ? store : other).create(aRecord({ syncId })));
        const results = await Promise.all(created);
        const winner = ids.filter((_, index) => results[index]?.isCreated === true);
        expect(winner).toHaveLength(1);
        const named = results.flatMap((result) => (result.isCreated ? [] : [result.runningSyncId]));
        expect(new Set(named)).toEqual(new Set(winner));
      });

      it("does not create a sync twice, also after its end", async () => {
        const store = openOne();
        await store.create(aRecord());
        expect(await store.create(aRecord({ connectorType: "slack" }))).toEqual({
          isCreated: false,
          runningSyncId: "sync-1",
        });
        await store.write(ada, anEnd());
        expect(await store.create(aRecord())).toEqual({ isCreated: false, runningSyncId: "sync-1" });
      });

      it("creates syncs side by side for other types, users and tenants, and after the last one has ended", async () => {
        const store = openOne();
        await store.create(aRecord({ syncId: "a" }));
        for (const [syncId, record] of [
          ["b", aRecord({ syncId: "b", connectorType: "slack" })],
          ["c", aRecord({ syncId: "c" }, { scope: eve })],
          ["d", aRecord({ syncId: "d" }, { scope: grace })],
        ] as const) {
          expect([syncId, await store.create(record)]).toEqual([syncId, { isCreated: true }]);
        }
        await store.write(ada, anEnd("complete", { syncId: "a" }));
        expect(await store.create(aRecord({ syncId: "e" }))).toEqual({ isCreated: true });
      });

      it("does not mix up scopes and ids with characters that have a meaning elsewhere", async () => {
        const store = openOne();
        const scopes = [
          { tenantId: "a:b", userId: "c" },
          { tenantId: "a", userId: "b:c" },
          { tenantId: "{a}", userId: '","' },
          { tenantId: "", userId: "a\u0000b" },
        ];
        for (const scope of scopes) await store.create(aRecord({ syncId: "x:{y}" }, { scope }));
        for (const scope of scopes) {
          expect((await store.list(scope, {}, { limit: 10 })).records).toHaveLength(1);
          expect(await store.get(scope, "x:{y}")).toMatchObject({ scope });
        }
      });
    });

    describe("a foreign scope", () => {
      it("sees nothing and changes nothing", async () => {
        const store = openOne();
        await store.create(aRecord());
        await store.write(ada, aWrite({}, { failures: [{ item: "a", reason: "b", at: 1 }], log: ["line"] }));
        const before = await store.get(ada, "sync-1");
        const watched = await follow(store);
        for (const scope of [eve, grace]) {
          expect(await store.get(scope, "sync-1")).toBeNull();
          expect((await store.list(scope, {}, { limit: 10 })).records).toEqual([]);
          expect((await store.listFailures(scope, "sync-1", { limit: 10 })).failures).toEqual([]);
          expect((await store.listLog(scope, "sync-1", { limit: 10 })).lines).toEqual([]);
          expect(await store.write(scope, anEnd())).toEqual({ is: "unknown" });
          expect(await store.setNotifyEmail(scope, "sync-1", true)).toBeNull();
          expect(await store.claim(scope, "sync-1", { ownerId: "x", fence: 9 })).toBeNull();
          await store.command(scope, "sync-1", "cancel");
          const foreign = await follow(store, scope);
          await store.write(ada, aWrite({ processedItems: 1 }));
          expect(foreign.changes).toEqual([]);
        }
        expect(await store.get(ada, "sync-1")).toMatchObject({ claim: before?.claim, snapshot: { status: "syncing" } });
        expect(watched.changes.filter(({ type }) => type === "command")).toEqual([]);
      });
    });

    describe("writing", () => {
      it("assigns 2, 3, 4 to what was created as 1", async () => {
        const store = openOne();
        await store.create(aRecord({ seq: 77 }));
        expect((await snapshotIn(store))?.seq).toBe(1);
        for (const seq of [2, 3, 4]) {
          expect(await store.write(ada, aWrite({ processedItems: seq }))).toMatchObject({ is: "written", seq });
        }
        expect(await snapshotIn(store)).toMatchObject({ seq: 4, processedItems: 4 });
      });

      it.each(["complete", "error", "cancelled"] as const)("changes nothing after %s", async (status) => {
        const store = openOne();
        await store.create(aRecord());
        await store.write(ada, anEnd(status));
        const end = await store.get(ada, "sync-1");
        expect(end?.claim).toBeNull();
        expect(await store.write(ada, aWrite())).toEqual({ is: "ended" });
        expect(await store.write(ada, anEnd("error", {}, { fence: null }))).toEqual({ is: "ended" });
        expect(await store.claim(ada, "sync-1", { ownerId: "x", fence: 9 })).toBeNull();
        expect(await store.get(ada, "sync-1")).toEqual(end);
      });

      it("refuses another fence, and stores no part of such a write", async () => {
        const store = openOne();
        await store.create(aRecord());
        const parts = {
          failures: [{ item: "a", reason: "b", at: 1 }],
          log: ["line"],
          checkpoint: "{}",
          notices: [{ kind: "email", payload: "" }],
        };
        for (const fence of [0, 2]) {
          expect(await store.write(ada, aWrite({ processedItems: 9 }, { fence, ...parts }))).toEqual({
            is: "superseded",
          });
          expect(await store.write(ada, anEnd("complete", {}, { fence, ...parts }))).toEqual({ is: "superseded" });
        }
        expect(await store.get(ada, "sync-1")).toEqual(aRecord());
        expect((await store.listFailures(ada, "sync-1", { limit: 5 })).failures).toEqual([]);
        expect((await store.listLog(ada, "sync-1", { limit: 5 })).lines).toEqual([]);
        expect(await store.claimNotices("email", 1_000, 5)).toEqual([]);
      });

      it("without a fence may end a sync, and not progress it", async () => {
        const store = openOne();
        await store.create(aRecord());
        expect(await store.write(ada, aWrite({}, { fence: null }))).toEqual({ is: "superseded" });
        expect(await store.write(ada, anEnd("cancelled", {}, { fence: null }))).toMatchObject({
          is: "written",
          seq: 2,
        });
        await store.create(aRecord({ syncId: "unowned", connectorType: "slack" }, { claim: null }));
        const end = anEnd("cancelled", { syncId: "unowned" }, { fence: 0 });
        expect(await store.write(ada, end)).toEqual({ is: "superseded" });
        expect(await store.write(ada, { ...end, fence: null })).toMatchObject({ is: "written", seq: 2 });
      });

      it("ends a sync once, and writes nothing after it, when an end races with progress in another process", async () => {
        const { store, other } = open();
        for (let round = 0; round < 100; round += 1) {
          const syncId = `sync-${round}`;
          await store.create(aRecord({ syncId }));
          const results: WriteResult[] = [];
          const add = async (write: Promise<WriteResult>) => void results.push(await write);
          await Promise.all([
            ...Array.from({ length: 5 }, (_, count) =>
              add(store.write(ada, aWrite({ syncId, processedItems: count }))),
            ),
            add(other.write(ada, anEnd("cancelled", { syncId }, { fence: null }))),
            add(store.write(ada, anEnd("complete", { syncId }))),
          ]);
          const seqs = results.flatMap((result) => (result.is === "written" ? [result.seq] : []));
          expect(new Set(seqs).size).toBe(seqs.length);
          const last = await snapshotIn(store, syncId);
          expect(last?.completedAt).toBe(5);
          expect(last?.seq).toBe(Math.max(...seqs));
        }
      });

      it("repeats the result of a write that is repeated, and adds nothing twice", async () => {
        const store = openOne();
        await store.create(aRecord());
        const parts = { failures: [{ item: "a", reason: "b", at: 1 }], log: ["line"] };
        const write = aWrite({ processedItems: 1 }, parts);
        const end = anEnd("complete", {}, { ...parts, notices: [{ kind: "email", payload: "p" }] });
        for (const given of [write, end]) {
          const first = await store.write(ada, given);
          expect(first.is).toBe("written");
          expect(await store.write(ada, given)).toEqual(first);
        }
        expect((await store.listFailures(ada, "sync-1", { limit: 9 })).failures).toHaveLength(2);
        expect((await store.listLog(ada, "sync-1", { limit: 9 })).lines).toHaveLength(2);
        expect(await store.claimNotices("email", 60_000, 9)).toHaveLength(1);
      });

      it("ignores a write that arrives after a later one of the same owner", async () => {
        const store = openOne();
        await store.create(aRecord());
        const late = aWrite({ processedItems: 1 }, { failures: [{ item: "a", reason: "b", at: 1 }] });
        await store.write(ada, aWrite({ processedItems: 2 }));
        await store.write(ada, late);
        expect(await snapshotIn(store)).toMatchObject({ processedItems: 2, seq: 2 });
        expect((await store.listFailures(ada, "sync-1", { limit: 9 })).failures).toEqual([]);
      });

      it("keeps every field of a snapshot", async () => {
        const store = openOne();
        await store.create(aRecord());
        const given: Partial<SyncSnapshot> = {
          stage: "Fetching... \u{1F600} \u202Eabc <b>'\"",
          phase: "index",
          phases: [{ name: "index", label: "Index", weight: 2 }],
          currentItem: "résumé.pdf",
          failedItems: 3,
          percentComplete: 33.3333,
          errorMessage: "No.",
          errorCode: "no",
          capabilities: ["cancel", "pause"],
          startedBy: "Ada \u{1F600}",
          startedAt: 1_700_000_000_123,
        };
        const write = aWrite(given);
        await store.write(ada, write);
        expect(await snapshotIn(store)).toEqual({ ...write.snapshot, seq: 2 });
      });
    });

    describe("text of any kind", () => {
      it.each([
        ["NUL and line feeds", "a\u0000b\n\r\n\u2028c"],
        ["half a character", "a\uD83D"],
        ["what has a meaning elsewhere", "{a}:b\\'\";--%_*$1?"],
        ["100,000 characters", "\u{1F600}".repeat(50_000)],
      ])("is kept as it is: %s", async (_, text) => {
        const { store, other } = open();
        const json = JSON.stringify(text.slice(0, 5_000));
        const scope = { tenantId: text.slice(0, 50), userId: text.slice(0, 50) };
        const syncId = "x:{y}";
        const watched = await follow(other, scope);
        await store.create(aRecord({ syncId }, { scope, input: json }));
        const parts = {
          checkpoint: json,
          log: [text],
          notices: [{ kind: "email", payload: json }],
        };
        const write = anEnd("error", { syncId, stage: text.slice(0, 50), errorMessage: text.slice(0, 50) }, parts);
        expect((await store.write(scope, write)).is).toBe("written");
        const record = await other.get(scope, syncId);
        expect(record).toMatchObject({ scope, checkpoint: json, input: json, snapshot: { syncId } });
        expect((await other.listLog(scope, syncId, { limit: 5 })).lines).toEqual([text]);
        await eventually(() =>
          expect(watched.changes.at(-1)).toEqual({ type: "snapshot", snapshot: record?.snapshot }),
        );
        const [notice] = await other.claimNotices("email", 60_000, 10);
        expect(notice).toMatchObject({ syncId, payload: json });
        await other.settleNotice(notice?.id ?? "", "done");
        expect(await other.deleteEndedBefore(6, 10)).toBe(1);
        await eventually(() => expect(watched.changes.at(-1)).toEqual({ type: "deleted", syncId }));
      });
    });

    describe("the request of a mail", () => {
      it("is a change of its own, of which watchers in every process are notified", async () => {
        const { store, other } = open();
        await store.create(aRecord({ notifyEmail: false }));
        const far = await follow(other);
        const changed = await store.setNotifyEmail(ada, "sync-1", true);
        expect(changed).toEqual(aSnapshot({ seq: 2, startedAt: 1, updatedAt: 1, notifyEmail: true }));
        expect(await snapshotIn(other)).toEqual(changed);
        await eventually(() => expect(far.changes).toEqual([{ type: "snapshot", snapshot: changed }]));
      });

      it("changes nothing if it was made before, if the sync has ended, or if there is none", async () => {
        const store = openOne();
        await store.create(aRecord({ notifyEmail: true }));
        const watched = await follow(store);
        expect(await store.setNotifyEmail(ada, "sync-1", true)).toMatchObject({ seq: 1 });
        expect(watched.changes).toEqual([]);
        await store.write(ada, anEnd());
        expect(await store.setNotifyEmail(ada, "sync-1", false)).toMatchObject({ seq: 2, notifyEmail: true });
        expect(await snapshotIn(store)).toMatchObject({ seq: 2, notifyEmail: true });
        expect(await store.setNotifyEmail(ada, "unknown", true)).toBeNull();
      });

      it("is kept whatever an owner writes that has not seen it, who gets it with the result", async () => {
        const { store, other } = open();
        await store.create(aRecord({ notifyEmail: false }));
        await other.setNotifyEmail(ada, "sync-1", true);
        const write = aWrite({ notifyEmail: false, processedItems: 1 });
        const result = { is: "written", seq: 3, notifyEmail: true };
        expect(await store.write(ada, write)).toEqual(result);
        expect(await store.write(ada, write)).toEqual(result);
        expect(await snapshotIn(store)).toMatchObject({ seq: 3, notifyEmail: true, processedItems: 1 });
        expect(await store.write(ada, anEnd("error", { notifyEmail: null }))).toEqual({ ...result, seq: 4 });
        expect(await snapshotIn(store)).toMatchObject({ status: "error", notifyEmail: true });
      });

      it("is not offered as long as nobody says so", async () => {
        const store = openOne();
        await store.create(aRecord());
        expect(await store.write(ada, aWrite({ notifyEmail: true }))).toMatchObject({ notifyEmail: null });
        expect(await snapshotIn(store)).toMatchObject({ notifyEmail: null });
      });

      it("decides of notices that are added on request, in the write that ends the sync", async () => {
        const { store, other } = open();
        const notices = [
          { kind: "email", payload: "e", isOnRequest: true },
          { kind: "webhook", payload: "w" },
        ];
        const wanted = [
          ["asked", false, true],
          ["revoked", true, false],
          ["never", null, null],
        ] as const;
        for (const [syncId, before, after] of wanted) {
          await store.create(aRecord({ syncId, notifyEmail: before }));
          if (after !== null) await other.setNotifyEmail(ada, syncId, after);
          await store.write(ada, anEnd("complete", { syncId, notifyEmail: before }, { notices }));
        }
        const mails = await store.claimNotices("email", 60_000, 10);
        const webhooks = await store.claimNotices("webhook", 60_000, 10);
        const due = [...mails, ...webhooks];
        expect(due.map(({ syncId, kind, payload }) => `${syncId} ${kind} ${payload}`).sort()).toEqual([
          "asked email e",
          "asked webhook w",
          "never webhook w",
          "revoked webhook w",
        ]);
      });
    });

    describe("losing a sync", () => {
      it("says unknown, and takes it back with a seq above all that was seen", async () => {
        const store = openOne();
        const lost = aRecord({ seq: 40, processedItems: 9 }, { checkpoint: '{"at":9}' });
        expect(await store.write(ada, aWrite())).toEqual({ is: "unknown" });
        expect(await store.restore(lost)).toBe(true);
        expect(await store.restore(lost)).toBe(false);
        const restored = await store.get(ada, "sync-1");
        expect(restored).toMatchObject({ claim: owner, checkpoint: '{"at":9}', snapshot: { processedItems: 9 } });
        expect(restored?.snapshot.seq).toBeGreaterThan(100);
        expect((await store.write(ada, aWrite())).is).toBe("written");
      });

      it("does not take it back when another one of the type runs by now", async () => {
        const store = openOne();
        await store.create(aRecord({ syncId: "new" }));
        expect(await store.restore(aRecord())).toBe(false);
        expect(await store.get(ada, "sync-1")).toBeNull();
      });
    });

    describe("failures, log and checkpoint", () => {
      const failures = ["a", "b", "c"].map((item, at) => ({ item, reason: "broken \uD83D\uDE00", at }));

      it("are kept in their order, page by page", async () => {
        const store = openOne();
        await store.create(aRecord());
        await store.write(ada, aWrite({}, { failures: failures.slice(0, 2), log: ["1", "2"] }));
        await store.write(ada, aWrite({}, { failures: failures.slice(2), log: ["3"] }));
        const first = await store.listFailures(ada, "sync-1", { limit: 2 });
        expect(first.failures).toEqual(failures.slice(0, 2));
        const second = await store.listFailures(ada, "sync-1", { limit: 2, cursor: first.nextCursor ?? "" });
        expect(second).toEqual({ failures: failures.slice(2), nextCursor: null });
        const log = await store.listLog(ada, "sync-1", { limit: 2 });
        expect(log.lines).toEqual(["1", "2"]);
        expect(await store.listLog(ada, "sync-1", { limit: 2, cursor: log.nextCursor ?? "" })).toEqual({
          lines: ["3"],
          nextCursor: null,
          isCut: false,
        });
      });

      it("find failures by a part of their item or reason, in upper or lower case, page by page", async () => {
        const store = openOne();
        await store.create(aRecord());
        const all = [
          ["Résumé.pdf", "too large"],
          ["100%_done.txt", "No access"],
          // As macOS writes names of files: an accent of its own.
          ["re\u0301sume\u0301 2.pdf", "no access"],
          ["x", "STRASSE.résumé"],
          ["", ""],
        ].map(([item = "", reason = ""], at) => ({ item: item || "-", reason, at }));
        await store.write(ada, aWrite({}, { failures: all }));
        const find = async (search: string, limit = 10, cursor?: string) =>
          store.listFailures(ada, "sync-1", { search, limit, ...(cursor === undefined ? {} : { cursor }) });
        const found = async (search: string) => (await find(search)).failures.map(({ at }) => at);
        expect(await found("RÉSUMÉ")).toEqual([0, 2, 3]);
        expect(await found("no access")).toEqual([1, 2]);
        for (const literal of ["%_", "100%"]) expect(await found(literal)).toEqual([1]);
        for (const nothing of ["pdf too", "*", "' OR 1=1", "\\"]) expect(await found(nothing)).toEqual([]);
        expect(await found("")).toEqual([0, 1, 2, 3, 4]);
        const first = await find("résumé", 2);
        expect(first.failures.map(({ at }) => at)).toEqual([0, 2]);
        expect(await find("résumé", 2, first.nextCursor ?? "")).toEqual({ failures: [all[3]], nextCursor: null });
        expect((await find("résumé", 3)).nextCursor).toBeNull();
      });

      it("keep the first 10,000 lines of a log, and say that there were more", async () => {
        const store = openOne();
        await store.create(aRecord());
        await store.write(ada, aWrite({}, { log: Array.from({ length: 9_999 }, (_, line) => String(line)) }));
        const cursor = "9998";
        await store.write(ada, aWrite({}, { log: ["9999"] }));
        const full = { lines: ["9998", "9999"], nextCursor: null, isCut: false };
        expect(await store.listLog(ada, "sync-1", { limit: 9, cursor })).toEqual(full);
        await store.write(ada, aWrite({}, { log: ["one", "more"] }));
        await store.write(ada, anEnd("complete", {}, { log: ["still"] }));
        expect(await store.listLog(ada, "sync-1", { limit: 9, cursor })).toEqual({ ...full, isCut: true });
        expect((await store.listLog(ada, "unknown", { limit: 9 })).isCut).toBe(false);
      });

      it("drop the failures beyond those that a later attempt keeps", async () => {
        const store = openOne();
        await store.create(aRecord());
        await store.write(ada, aWrite({}, { failures }));
        await store.write(ada, aWrite({}, { keptFailures: 1, failures: failures.slice(2) }));
        await store.write(ada, aWrite({}, { keptFailures: 99 }));
        const page = await store.listFailures(ada, "sync-1", { limit: 9 });
        expect(page).toEqual({ failures: [failures[0], failures[2]], nextCursor: null });
      });

      it("keep a checkpoint until the next one, and refuse one that is too long", async () => {
        const store = openOne();
        await store.create(aRecord());
        const longest = JSON.stringify("x".repeat(16_382));
        await store.write(ada, aWrite({}, { checkpoint: longest }));
        await store.write(ada, anEnd("error"));
        expect((await store.get(ada, "sync-1"))?.checkpoint).toBe(longest);
        const tooLong = `${longest} `;
        await expect(store.write(ada, aWrite({}, { checkpoint: tooLong }))).rejects.toThrow("at most 16384 characters");
        const record = aRecord({ syncId: "b" }, { checkpoint: tooLong });
        await expect(store.create(record)).rejects.toThrow(TypeError);
      });
    });

    describe("listing", () => {
      it("is newest first, page by page, without a gap when one is added meanwhile", async () => {
        const store = openOne();
        for (const syncId of ["a", "b", "c", "d"]) await store.create(aRecord({ syncId, connectorType: syncId }));
        await store.create(aRecord({ syncId: "foreign" }, { scope: grace }));
        const ids = async (cursor?: string) => {
          const page = await store.list(ada, {}, cursor === undefined ? { limit: 2 } : { limit: 2, cursor });
          return { ids: page.records.map(({ snapshot }) => snapshot.syncId), nextCursor: page.nextCursor };
        };
        const first = await ids();
        expect(first.ids).toEqual(["d", "c"]);
        await store.create(aRecord({ syncId: "e", connectorType: "e" }));
        expect(await ids(first.nextCursor ?? "")).toEqual({ ids: ["b", "a"], nextCursor: null });
      });

      it("filters by type, status and whether they run", async () => {
        const store = openOne();
        await store.create(aRecord({ syncId: "a" }));
        await store.write(ada, anEnd("complete", { syncId: "a" }));
        await store.create(aRecord({ syncId: "b" }));
        await store.create(aRecord({ syncId: "c", connectorType: "slack" }));
        const ids = async (filter: Parameters<SyncStore["list"]>[1]) =>
          (await store.list(ada, filter, { limit: 10 })).records.map(({ snapshot }) => snapshot.syncId);
        expect(await ids({})).toEqual(["c", "b", "a"]);
        expect(await ids({ active: true })).toEqual(["c", "b"]);
        expect(await ids({ active: false })).toEqual(["c", "b", "a"]);
        expect(await ids({ connectorType: "gmail" })).toEqual(["b", "a"]);
        expect(await ids({ connectorType: "gmail", status: "complete" })).toEqual(["a"]);
        expect(await ids({ connectorType: "gmail", active: true })).toEqual(["b"]);
        expect(await ids({ connectorType: "" })).toEqual([]);
      });

      it("filters by how syncs have ended", async () => {
        const store = openOne();
        const ends = [
          ["whole", "complete", 0],
          ["partly", "complete", 2],
          ["failed", "error", 2],
          ["cancelled", "cancelled", 0],
        ] as const;
        for (const [syncId, status, failedItems] of ends) {
          await store.create(aRecord({ syncId }));
          await store.write(ada, anEnd(status, { syncId, failedItems }));
        }
        await store.create(aRecord({ syncId: "running", failedItems: 1 }));
        const ids = async (results: SyncFilter["results"], rest: SyncFilter = {}) => {
          const filter = results === undefined ? rest : { ...rest, results };
          return (await store.list(ada, filter, { limit: 10 })).records.map(({ snapshot }) => snapshot.syncId);
        };
        expect(await ids(["complete"])).toEqual(["whole"]);
        expect(await ids(["partly_failed"])).toEqual(["partly"]);
        expect(await ids(["failed", "cancelled"])).toEqual(["cancelled", "failed"]);
        expect(await ids(["complete", "partly_failed", "failed", "cancelled"])).toHaveLength(4);
        expect(await ids(undefined)).toHaveLength(5);
        expect(await ids(["failed"], { connectorType: "slack" })).toEqual([]);
        expect(await ids(["failed"], { active: true })).toEqual([]);
        const page = await store.list(ada, { results: ["failed", "complete"] }, { limit: 1 });
        const next = await store.list(
          ada,
          { results: ["failed", "complete"] },
          { limit: 1, cursor: page.nextCursor ?? "" },
        );
        expect([page, next].map(({ records }) => records[0]?.snapshot.syncId)).toEqual(["failed", "whole"]);
        expect(next.nextCursor).toBeNull();
      });

      it.each(["'; --", "-1", "1.5", "1e3", "9".repeat(16), ""])("refuses the cursor %j", async (cursor) => {
        const store = openOne();
        await store.create(aRecord());
        const page = { limit: 1, cursor };
        await expect(store.list(ada, {}, page)).rejects.toThrow("cursor must be the next_cursor");
        await expect(store.listFailures(ada, "sync-1", page)).rejects.toThrow("cursor must be");
        await expect(store.listLog(ada, "sync-1", page)).rejects.toThrow("cursor must be");
      });
    });

    describe("watching", () => {
      it("notifies of what is written after it, in whichever process, in its order and once", async () => {
        const { store, other } = open();
        await store.create(aRecord({ processedItems: 0 }));
        const near = await follow(store);
        const far = await follow(other);
        const last = 20;
        for (let count = 1; count <= last; count += 1) await store.write(ada, aWrite({ processedItems: count }));
        expect(near.counts()).toEqual(Array.from({ length: last }, (_, index) => index + 1));
        await eventually(() => expect(far.counts().at(-1)).toBe(last));
        expect(far.counts()).toEqual([...new Set(far.counts())].sort((a, b) => a - b));
        await other.write(ada, anEnd("cancelled", { processedItems: 99 }, { fence: null }));
        await eventually(() => expect(near.counts().at(-1)).toBe(99));
        expect(near.changes.at(-1)).toMatchObject({ snapshot: { status: "cancelled", seq: last + 2 } });
      });

      it("notifies of new syncs and of deleted ones", async () => {
        const { store, other } = open();
        const far = await follow(other);
        await store.create(aRecord());
        await store.write(ada, anEnd());
        await store.deleteEndedBefore(6, 10);
        await eventually(() => expect(far.changes.at(-1)).toEqual({ type: "deleted", syncId: "sync-1" }));
      });

      it("shows what is written between a watch and a read in at least one of the two", async () => {
        const { store, other } = open();
        await store.create(aRecord());
        for (let count = 1; count <= 20; count += 1) {
          const write = store.write(ada, aWrite({ processedItems: count }));
          const watched = await follow(other);
          const read = (await snapshotIn(other))?.processedItems ?? 0;
          await write;
          await eventually(() => expect(Math.max(read, ...watched.counts())).toBe(count));
          watched.unwatch();
        }
      });

      it("notifies all watchers of a scope, and none that has stopped", async () => {
        const store = openOne();
        await store.create(aRecord());
        const first = await follow(store);
        const second = await follow(store);
        await store.write(ada, aWrite({ processedItems: 1 }));
        first.unwatch();
        first.unwatch();
        await store.write(ada, aWrite({ processedItems: 2 }));
        expect(first.counts()).toEqual([1]);
        expect(second.counts()).toEqual([1, 2]);
      });

      it("notifies nobody of a write that is repeated or late", async () => {
        const { store, other } = open();
        await store.create(aRecord());
        const late = aWrite({ processedItems: 1 });
        const write = aWrite({ processedItems: 2 });
        await store.write(ada, write);
        const near = await follow(store);
        const far = await follow(other);
        await store.write(ada, write);
        await store.write(ada, late);
        await store.write(ada, aWrite({ processedItems: 3 }));
        await eventually(() => expect([near.counts(), far.counts()]).toEqual([[3], [3]]));
      });

      it("delivers a command to all processes, and none of an unknown sync", async () => {
        const { store, other } = open();
        await store.create(aRecord());
        const near = await follow(store);
        const far = await follow(other);
        await other.command(ada, "unknown", "cancel");
        await other.command(ada, "sync-1", "pause");
        const command = { type: "command", syncId: "sync-1", command: "pause" };
        await eventually(() => expect([near.changes, far.changes]).toEqual([[command], [command]]));
      });
    });

    describe("leases", () => {
      const LEASE_MS = 1_000;
      /** Only the clock that leases are measured by: the store works as ever. */
      const fakeClock = () => vi.useFakeTimers({ toFake: ["performance"] });
      /** Looks for stopped leases as a process does, and returns what was taken. */
      const look = async (
        store: SyncStore,
        ownerId: string,
        forMs: number,
        each: () => Promise<unknown> = async () => {},
      ) => {
        const taken: SyncRecord[] = [];
        for (let time = 0; time <= forMs; time += LEASE_MS / 2) {
          taken.push(...(await store.takeOver(ownerId, LEASE_MS, 100)));
          await each();
          vi.advanceTimersByTime(LEASE_MS / 2);
        }
        return taken;
      };
      const held = [{ scope: ada, syncId: "sync-1" }];

      it("that are renewed are never taken", async () => {
        fakeClock();
        const { store, other } = open();
        await store.create(aRecord());
        const taken = await look(other, "process-2", 100 * LEASE_MS, () => store.renew("process-1", held, LEASE_MS));
        expect(taken).toEqual([]);
      });

      it("that stand still are taken after two leases, by one of those who look, with the next fence", async () => {
        fakeClock();
        const { store, other } = open();
        await store.create(aRecord({}, { checkpoint: '{"at":7}' }));
        const early = await look(store, "process-2", 1.5 * LEASE_MS, () => other.takeOver("process-3", LEASE_MS, 100));
        expect(early).toEqual([]);
        const [near, far] = await Promise.all([
          store.takeOver("process-2", LEASE_MS, 100),
          other.takeOver("process-3", LEASE_MS, 100),
        ]);
        const taken = [...near, ...far];
        expect(taken).toHaveLength(1);
        expect(taken[0]).toMatchObject({ claim: { fence: 2 }, checkpoint: '{"at":7}', snapshot: { syncId: "sync-1" } });
        expect(await store.get(ada, "sync-1")).toEqual(taken[0]);
      });

      it("are not taken by somebody who has not looked for a while, only after two more", async () => {
        fakeClock();
        const store = openOne();
        await store.create(aRecord());
        await store.takeOver("process-2", LEASE_MS, 100);
        vi.advanceTimersByTime(100 * LEASE_MS);
        expect(await store.takeOver("process-2", LEASE_MS, 100)).toEqual([]);
        vi.advanceTimersByTime(LEASE_MS / 2);
        expect(await look(store, "process-2", LEASE_MS)).toEqual([]);
        expect(await look(store, "process-2", LEASE_MS)).toHaveLength(1);
      });

      it("refuse the old owner after a take-over, and say so when it renews", async () => {
        fakeClock();
        const { store, other } = open();
        await store.create(aRecord());
        expect(await store.renew("process-1", held, LEASE_MS)).toEqual([]);
        expect(await look(other, "process-2", 3 * LEASE_MS)).toHaveLength(1);
        expect(await store.renew("process-1", held, LEASE_MS)).toEqual(["sync-1"]);
        expect(await store.write(ada, aWrite())).toEqual({ is: "superseded" });
        expect(await other.write(ada, anEnd("error", {}, { fence: 2, order: 1 }))).toMatchObject({ is: "written" });
      });

      it("do not count for syncs that have ended or that nobody owns", async () => {
        fakeClock();
        const store = openOne();
        await store.create(aRecord({ syncId: "ended" }));
        await store.write(ada, anEnd("complete", { syncId: "ended" }));
        await store.create(aRecord({ syncId: "unowned" }, { claim: null }));
        expect(await look(store, "process-2", 5 * LEASE_MS)).toEqual([]);
        expect(await store.renew("process-1", [{ scope: ada, syncId: "ended" }], LEASE_MS)).toEqual(["ended"]);
      });

      it("take no more than the limit at once", async () => {
        fakeClock();
        const store = openOne();
        for (const id of ["a", "b", "c"]) await store.create(aRecord({ syncId: id, connectorType: id }));
        await look(store, "process-2", 1.5 * LEASE_MS);
        expect(await store.takeOver("process-2", LEASE_MS, 2)).toHaveLength(2);
      });

      it("can be claimed with a higher fence only", async () => {
        const store = openOne();
        await store.create(aRecord({}, { claim: null }));
        const first = { ownerId: "worker", fence: 1 };
        expect(await store.claim(ada, "sync-1", first)).toEqual(aRecord({}, { claim: first }));
        expect(await store.claim(ada, "sync-1", { ownerId: "late", fence: 1 })).toBeNull();
        expect(await store.claim(ada, "sync-1", { ownerId: "next", fence: 3 })).toMatchObject({ claim: { fence: 3 } });
        expect(await store.write(ada, aWrite({}, { fence: 1 }))).toEqual({ is: "superseded" });
        expect((await store.write(ada, aWrite({}, { fence: 3, order: 1 }))).is).toBe("written");
        expect(await store.claim(ada, "unknown", first)).toBeNull();
      });
    });

    describe("the outbox", () => {
      const notices = [{ kind: "email", payload: '{"a":1}' }];

      it("has one notice of a sync and kind, added by the write that ends it", async () => {
        const { store, other } = open();
        await store.create(aRecord());
        await store.write(ada, aWrite({}, { notices }));
        expect(await store.claimNotices("email", 60_000, 10)).toEqual([]);
        await Promise.all([
          store.write(ada, anEnd("complete", {}, { notices })),
          other.write(ada, anEnd("cancelled", {}, { notices, fence: null })),
        ]);
        const claimed = await Promise.all([
          store.claimNotices("email", 60_000, 10),
          other.claimNotices("email", 60_000, 10),
          store.claimNotices("email", 60_000, 10),
        ]);
        expect(claimed.flat()).toMatchObject([{ ...notices[0], syncId: "sync-1", tries: 1 }]);
      });

      it("has a notice due again when its claim has run out or it is put off, until it is done", async () => {
        const store = openOne();
        await store.create(aRecord());
        await store.write(ada, anEnd("complete", {}, { notices }));
        const [claimed] = await store.claimNotices("email", 1_000, 10);
        expect(await store.claimNotices("email", 1_000, 10)).toEqual([]);
        const [again] = await eventually(async () => {
          const due = await store.claimNotices("email", 60_000, 10);
          expect(due).toHaveLength(1);
          return due;
        });
        expect(again).toEqual({ ...claimed, tries: 2 });
        await store.settleNotice(again?.id ?? "", { dueAt: Date.now() + 60_000 });
        expect(await store.claimNotices("email", 1, 10)).toEqual([]);
        await store.settleNotice(again?.id ?? "", { dueAt: 0 });
        expect(await store.claimNotices("email", 60_000, 10)).toMatchObject([{ tries: 3 }]);
        await store.settleNotice(again?.id ?? "", "done");
        await store.settleNotice("unknown", "done");
        expect(await store.claimNotices("email", 1, 10)).toEqual([]);
      });

      it("gives only notices of the kind that is claimed, however many of another wait", async () => {
        const { store, other } = open();
        const [email, webhook] = ["email", "webhook:{1}"].map((kind) => ({ kind, payload: kind }));
        if (email === undefined || webhook === undefined) throw new Error("two kinds");
        for (let index = 0; index < 5; index += 1) {
          const syncId = `sync-${index}`;
          await store.create(aRecord({ syncId }));
          const both = index === 4 ? [webhook, email] : [webhook];
          await store.write(ada, anEnd("complete", { syncId }, { notices: both }));
        }
        expect(await store.claimNotices("push", 60_000, 10)).toEqual([]);
        const [mail, ...more] = await other.claimNotices("email", 60_000, 3);
        expect([mail, more]).toMatchObject([{ ...email, syncId: "sync-4", tries: 1 }, []]);
        await store.settleNotice(mail?.id ?? "", "done");
        expect(await store.claimNotices("email", 60_000, 10)).toEqual([]);
        const webhooks = await store.claimNotices(webhook.kind, 60_000, 10);
        expect(webhooks.map(({ kind, syncId }) => [kind, syncId]).sort()).toEqual(
          [0, 1, 2, 3, 4].map((index) => [webhook.kind, `sync-${index}`]),
        );
        await store.settleNotice(webhooks[0]?.id ?? "", { dueAt: 0 });
        expect(await store.claimNotices(webhook.kind, 60_000, 10)).toMatchObject([{ id: webhooks[0]?.id, tries: 2 }]);
      });
    });

    describe("deleting", () => {
      it("removes what ended long ago with all that belongs to it, a limited number at once, and nothing that runs", async () => {
        const store = openOne();
        for (const id of ["a", "b", "c"]) {
          await store.create(aRecord({ syncId: id }));
          const parts = { failures: [{ item: "a", reason: "b", at: 1 }], log: ["line"] };
          await store.write(ada, anEnd("complete", { syncId: id, completedAt: 100 }, parts));
        }
        await store.create(aRecord({ syncId: "running" }));
        expect(await store.deleteEndedBefore(100, 10)).toBe(0);
        expect(await store.deleteEndedBefore(101, 2)).toBe(2);
        expect(await store.deleteEndedBefore(101, 2)).toBe(1);
        expect(await store.get(ada, "a")).toBeNull();
        expect((await store.listFailures(ada, "a", { limit: 5 })).failures).toEqual([]);
        expect((await store.listLog(ada, "a", { limit: 5 })).lines).toEqual([]);
        expect(await store.get(ada, "running")).not.toBeNull();
      });
    });

    describe("giving up", () => {
      it("rejects a call whose signal is aborted, and writes nothing", async () => {
        const store = openOne();
        const signal = AbortSignal.abort(new Error("too late"));
        await expect(store.create(aRecord(), signal)).rejects.toThrow("too late");
        await expect(store.get(ada, "sync-1", signal)).rejects.toThrow("too late");
        await store.create(aRecord());
        await expect(store.write(ada, anEnd(), signal)).rejects.toThrow("too late");
        expect(await store.get(ada, "sync-1")).toEqual(aRecord());
      });

      it("rejects every call after it was closed, and notifies nobody", async () => {
        const { store, other } = open();
        await store.create(aRecord());
        const watched = await follow(store);
        await store.close();
        await store.close();
        await expect(store.get(ada, "sync-1")).rejects.toThrow("The store is closed.");
        await expect(store.write(ada, aWrite())).rejects.toThrow("The store is closed.");
        await expect(store.takeOver("a", 1, 1)).rejects.toThrow("The store is closed.");
        if (store !== other) await other.write(ada, anEnd("cancelled", {}, { fence: null }));
        expect(watched.changes).toEqual([]);
      });
    });
  });
}
