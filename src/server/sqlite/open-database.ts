import type { DatabaseSync } from "node:sqlite";
import { SCHEMA, SCHEMA_VERSION } from "./schema.js";

/** How long a call waits for another process that writes, in ms; it blocks this one. */
const BUSY_TIMEOUT_MS = 2_000;
const BUSY_PAUSE_MS = 10;

/**
 * Opens the database file, and makes it and its folder if there are none.
 *
 * @throws Error on a Node without `node:sqlite`, and for a file of a newer version of this package.
 */
export function openDatabase(path: string): DatabaseSync {
  const database = new (loadSqlite().DatabaseSync)(makeFolderOf(path));
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA foreign_keys = ON`);
    untilFree(() => database.exec("PRAGMA journal_mode = WAL"));
    database.exec("BEGIN IMMEDIATE");
    migrate(database, path);
    database.exec("COMMIT");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The change to WAL does not wait by itself for processes that open the same file at this moment. */
function untilFree(act: () => void): void {
  const lastTry = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      act();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > lastTry) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_PAUSE_MS);
  }
}

/** SQLITE_BUSY with or without an extended code. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === 5;
}

function migrate(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > SCHEMA_VERSION) {
    throw new Error(
      `SyncProgressError: ${path} was written by a newer version of react-sync-progress (schema ${version}, this one reads ${SCHEMA_VERSION}).`,
    );
  }
  if (version === SCHEMA_VERSION) return;
  database.exec(SCHEMA);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
}

/** Not by an import: bundlers and an older Node would fail on it before this could say why. */
function loadSqlite(): typeof import("node:sqlite") {
  const sqlite = process.getBuiltinModule?.("node:sqlite");
  if (sqlite === undefined) {
    throw new Error(
      `SyncProgressError: createSqliteStore needs node:sqlite, which is in Node 22.13 and newer; this is Node ${process.versions.node}. Without it, use createMemoryStore() of react-sync-progress/server.`,
    );
  }
  return sqlite;
}

function makeFolderOf(path: string): string {
  if (path === "" || path === ":memory:" || path.startsWith("file:")) {
    throw new TypeError(`SyncProgressError: path must be that of a file, got ${JSON.stringify(path)}.`);
  }
  const { mkdirSync } = process.getBuiltinModule("node:fs");
  const { dirname } = process.getBuiltinModule("node:path");
  mkdirSync(dirname(path), { recursive: true });
  return path;
}
