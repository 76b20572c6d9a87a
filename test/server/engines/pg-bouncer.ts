import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../support/free-port.js";
import { canTest, findProgram } from "./find-engine.js";
import { connectPostgres, type PostgresServer } from "./postgres-server.js";
import { untilReady } from "./until-ready.js";

const program = findProgram("pgbouncer", ["/usr/sbin", "/usr/local/sbin"]);

/** Whether there is a PgBouncer to test with. */
export const hasPgBouncer = canTest(program, "pgbouncer", "pgbouncer");

/** A PgBouncer in transaction mode: each transaction may be on another connection to Postgres. */
export interface PgBouncer {
  readonly url: string;
  remove(): Promise<void>;
}

export async function startPgBouncer(postgres: PostgresServer): Promise<PgBouncer> {
  if (program === null) throw new Error("pgbouncer was not found: install the package pgbouncer.");
  const folder = mkdtempSync(join(tmpdir(), "pg-bouncer-"));
  const port = await freePort();
  const socketFolder = decodeURIComponent(postgres.url.split("host=")[1] ?? "");
  const settings = [
    "[databases]",
    `postgres = host=${socketFolder} port=5432 user=postgres`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    // Fewer than clients, so that they share them.
    "default_pool_size = 2",
  ];
  const file = join(folder, "pgbouncer.ini");
  writeFileSync(file, settings.join("\n"));
  // It refuses to be root, as Postgres does.
  const asUser = process.getuid?.() === 0 ? ["-u", "postgres"] : [];
  const child = spawn(program, [...asUser, file], { stdio: "ignore" });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilReady(async () => {
    const pool = connectPostgres(url);
    try {
      await pool.query("SELECT 1");
    } finally {
      await pool.end();
    }
  });
  return {
    url,
    async remove() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
