import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { canTest, findProgram, postgresFolders } from "./find-engine.js";
import { untilReady } from "./until-ready.js";

const postgres = findProgram("postgres", postgresFolders());
const initdb = findProgram("initdb", postgresFolders());

/** Whether there is a Postgres to test with. */
export const hasPostgres = canTest(initdb === null ? null : postgres, "postgres", "postgresql");

/** A Postgres of its own, in a folder of its own, that listens on a socket in that folder and on no port. */
export interface PostgresServer {
  readonly url: string;
  /** Makes a database for a test. Returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Ends it at once, as a crash does: what is under way is lost, and it has to recover when it starts. */
  kill(): Promise<void>;
  /** Starts it again. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/** Starts a server, as its own user if the tests are run by root: Postgres refuses to be. */
export async function startPostgres(): Promise<PostgresServer> {
  if (postgres === null || initdb === null) throw new Error("postgres was not found: install the package postgresql.");
  const folder = mkdtempSync(join(tmpdir(), "postgres-server-"));
  const data = join(folder, "data");
  const asUser = process.getuid?.() === 0 ? ["runuser", "-u", "postgres", "--"] : [];
  if (asUser.length > 0) {
    execFileSync("chown", ["postgres", folder]);
    chmodSync(folder, 0o755);
  }
  const run = (program: string, args: readonly string[]) => {
    const [command = "", ...rest] = [...asUser, program, ...args];
    return { command, args: rest };
  };
  const init = run(initdb, [
    "-D",
    data,
    "-U",
    "postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ]);
  execFileSync(init.command, init.args, { stdio: "ignore", cwd: folder });
  const url = `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`;
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const settings = [
      "listen_addresses=",
      `unix_socket_directories=${folder}`,
      "max_connections=200",
      "shared_buffers=64MB",
    ];
    const server = run(postgres ?? "", ["-D", data, ...settings.flatMap((setting) => ["-c", setting])]);
    child = spawn(server.command, server.args, { stdio: "ignore", cwd: folder });
    await untilReady(() => query(url, "SELECT 1"));
  }

  /** SIGQUIT to the server itself, whose id is the first line of its lock file, not to what has started it. */
  async function kill(): Promise<void> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    const [id] = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    process.kill(Number(id), "SIGQUIT");
    await gone;
  }

  await start();
  return {
    url,
    start,
    kill,
    async createDatabase(name) {
      await query(url, `CREATE DATABASE ${name}`);
      return url.replace("/postgres?", `/${name}?`);
    },
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A pool as an application has one. */
export function connectPostgres(url: string): Pool {
  // Lost connections are reported here; the next query gets a new one.
  return new Pool({ connectionString: url, max: 5, connectionTimeoutMillis: 1_000 }).on("error", () => {});
}

async function query(url: string, sql: string): Promise<void> {
  const pool = connectPostgres(url);
  try {
    await pool.query(sql);
  } finally {
    await pool.end();
  }
}
