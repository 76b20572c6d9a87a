import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqliteStore } from "../../src/server/sqlite/sqlite-store.js";
import { describeSyncStore } from "./store-contract.js";

describeSyncStore("SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "sqlite-store-"));
  const path = join(folder, "made/on/demand/syncs.db");
  return {
    store: createSqliteStore({ path }),
    other: createSqliteStore({ path }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
});
