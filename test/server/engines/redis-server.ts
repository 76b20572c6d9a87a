import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "redis";
import { freePort } from "../../support/free-port.js";
import { canTest, findProgram } from "./find-engine.js";
import { untilReady } from "./until-ready.js";

const program = findProgram("redis-server", ["/usr/bin", "/usr/local/bin"]);

/** Whether there is a Redis to test with. */
export const hasRedis = canTest(program, "redis-server", "redis-server");

/** A redis-server of its own, on a free port, in a folder of its own. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on its port, with what it has written to its folder. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/** Starts a server; `args` are options of `redis-server`. By default it keeps nothing. */
export async function startRedis(args: readonly string[] = []): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "redis-server-"));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    if (program === null) throw new Error("redis-server was not found: install the package redis-server.");
    const fixed = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
    child = spawn(program, [...fixed, ...args], { stdio: "ignore" });
    await untilReady(() => ping(url));
  }

  async function kill(): Promise<void> {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  await start();
  return {
    url,
    port,
    start,
    kill,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A client as an application has one. */
export function connectRedis(url: string) {
  return createClient({ url, socket: { reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000) } })
    .on("error", () => {})
    .connect();
}

async function ping(url: string): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: false } }).on("error", () => {});
  try {
    await client.connect();
    await client.ping();
  } finally {
    if (client.isOpen) client.destroy();
  }
}
