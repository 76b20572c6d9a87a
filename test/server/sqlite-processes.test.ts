import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describeStoreProcesses } from "./store-processes.js";

describeStoreProcesses("one file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sqlite-processes-"));
  const path = join(folder, "syncs.db");
  return {
    address: { engine: "sqlite", at: path },
    check() {
      const database = new DatabaseSync(path);
      const result = database.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
      database.close();
      if (result !== "ok") throw new Error(`The file is damaged: ${String(result)}.`);
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
});
