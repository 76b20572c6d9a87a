import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSqliteStore } from "../../src/server/sqlite/sqlite-store.js";
import { eventually } from "../support/eventually.js";
import { ada } from "./a-job.js";
import { anEnd, aRecord, aWrite, describeSyncStore, endThreeSyncs } from "./store-contract.js";

describeSyncStore("SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "sqlite-store-"));
  const path = join(folder, "made/on/demand/syncs.db");
  return {
    store: createSqliteStore({ path }),
    other: createSqliteStore({ path }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
});

describe("the file of a SQLite store", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sqlite-file-"));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  it("keeps everything when it is closed and opened again", async () => {
    const path = join(folder, "syncs.db");
    const first = createSqliteStore({ path });
    await first.create(aRecord({}, { checkpoint: "{}", input: "[]" }));
    await first.write(ada, aWrite({ processedItems: 3 }, { failures: [{ item: "a", reason: "b", at: 1 }] }));
    const record = await first.get(ada, "sync-1");
    await first.close();
    const second = createSqliteStore({ path });
    expect(await second.get(ada, "sync-1")).toEqual(record);
    expect((await second.listFailures(ada, "sync-1", { limit: 5 })).failures).toHaveLength(1);
    await second.close();
  });

  it("keeps no more than the store is told", async () => {
    const store = createSqliteStore({ path: join(folder, "syncs.db"), maxEnded: 2, maxFailures: 3, maxLogLines: 3 });
    await endThreeSyncs(store);
    expect((await store.list(ada, {}, { limit: 10 })).records.map(({ snapshot }) => snapshot.syncId)).toEqual([
      "z",
      "y",
    ]);
    await store.close();
  });

  it("commits all writes of one turn of the event loop at once", async () => {
    const store = createSqliteStore({ path: join(folder, "syncs.db") });
    const ids = Array.from({ length: 50 }, (_, index) => `sync-${index}`);
    await Promise.all(ids.map((syncId) => store.create(aRecord({ syncId, connectorType: syncId }))));
    const exec = vi.spyOn(DatabaseSync.prototype, "exec");
    await Promise.all(ids.map((syncId) => store.write(ada, aWrite({ syncId, processedItems: 1 }))));
    expect(exec.mock.calls.map(([sql]) => sql)).toEqual(["PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE", "COMMIT"]);
    exec.mockClear();
    await store.write(ada, anEnd("complete", { syncId: "sync-0" }));
    expect(exec.mock.calls[0]).toEqual(["PRAGMA synchronous = FULL; BEGIN IMMEDIATE"]);
    await store.close();
  });

  it("looks for changes of other processes only while something is watched", async () => {
    const store = createSqliteStore({ path: join(folder, "syncs.db") });
    const setInterval = vi.spyOn(globalThis, "setInterval");
    const clearInterval = vi.spyOn(globalThis, "clearInterval");
    const watcher = { change: () => {}, gap: () => {} };
    expect(setInterval).not.toHaveBeenCalled();
    const first = await store.watch(ada, watcher);
    const second = await store.watch({ ...ada, userId: "eve" }, watcher);
    expect(setInterval).toHaveBeenCalledOnce();
    first();
    expect(clearInterval).not.toHaveBeenCalled();
    second();
    expect(clearInterval).toHaveBeenCalledOnce();
    await store.close();
  });

  it("that missed more events than are kept says so", async () => {
    const path = join(folder, "syncs.db");
    const [store, other] = [createSqliteStore({ path }), createSqliteStore({ path })];
    await store.create(aRecord());
    const gap = vi.fn();
    await other.watch(ada, { change: () => {}, gap });
    await Promise.all(Array.from({ length: 1_100 }, () => store.command(ada, "sync-1", "pause")));
    await eventually(() => expect(gap).toHaveBeenCalled());
    await store.close();
    await other.close();
  });

  it("rolls back a transaction that fails, and works on", async () => {
    const store = createSqliteStore({ path: join(folder, "syncs.db") });
    await store.create(aRecord());
    const writes = [aWrite({ processedItems: 5 }), anEnd("complete", { completedAt: 1.5 })];
    const results = await Promise.allSettled(writes.map((write) => store.write(ada, write)));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect((await store.get(ada, "sync-1"))?.snapshot).toMatchObject({ processedItems: 0, seq: 1 });
    expect((await store.write(ada, aWrite({ processedItems: 6 }))).is).toBe("written");
    await store.close();
  });

  it("of a newer version is refused", () => {
    const path = join(folder, "syncs.db");
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(() => createSqliteStore({ path })).toThrow(
      "was written by a newer version of react-sync-progress (schema 99",
    );
  });

  it.each(["", ":memory:", "file:syncs.db"])("has to be one: %j", (path) => {
    expect(() => createSqliteStore({ path })).toThrow("SyncProgressError: path must be that of a file");
  });

  it("needs node:sqlite, and says what does not", () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
    expect(() => createSqliteStore({ path: join(folder, "syncs.db") })).toThrow(
      /needs node:sqlite, which is in Node 22\.13 and newer; this is Node \d+.*createMemoryStore\(\)/,
    );
  });
});
