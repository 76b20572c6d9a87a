import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "redis";
import { build } from "vite";
import { createRoundRobinProxy } from "./round-robin-proxy.js";
import { createSessions } from "./session.js";

/**
 * The demo as it would run in production: two processes on one Redis, behind a proxy that gives each request to the other one. It
 * starts a redis-server of its own on a free port, or uses that of `REDIS_URL`. `npm run start:redis`
 */

const PROCESSES = 2;
const READY_MS = 20_000;

const demoFolder = join(dirname(fileURLToPath(import.meta.url)), "..");
const dataFolder = process.env["DEMO_DATA"] ?? join(demoFolder, ".data");
const port = Number(process.env["PORT"] ?? 3000);
const hostname = process.env["HOST"] ?? "127.0.0.1";
const children: ChildProcess[] = [];

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  for (const child of children) child.kill();
  process.exit(1);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

function findRedis(): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
  return folders.map((folder) => join(folder, "redis-server")).find((path) => existsSync(path)) ?? null;
}

/** Starts a Redis that keeps what it has in the data folder. Returns its URL. */
async function startRedis(): Promise<string> {
  const program = findRedis();
  if (program === null) fail("redis-server was not found: install it (apt install redis-server), or set REDIS_URL.");
  const folder = join(dataFolder, "redis");
  mkdirSync(folder, { recursive: true });
  const redisPort = await freePort();
  const settings = ["--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--save", ""];
  // A group of its own: an interrupt at the keyboard is not to end it before the processes have written what they have.
  const child = spawn(program, ["--port", String(redisPort), ...settings], { stdio: "ignore", detached: true });
  children.push(child);
  child.on("exit", (code) => fail(`redis-server has ended with ${code}.`));
  return `redis://127.0.0.1:${redisPort}`;
}

async function untilReady(url: string): Promise<void> {
  const lastTry = Date.now() + READY_MS;
  for (;;) {
    const client = createClient({ url, socket: { reconnectStrategy: false } }).on("error", () => {});
    try {
      await client.connect();
      await client.ping();
      client.destroy();
      return;
    } catch {
      if (Date.now() > lastTry) fail(`There is no Redis at ${url}.`);
    }
    await wait(50);
  }
}

/** Starts a process of the demo. Resolves when it listens. */
async function startProcess(number: number, redisUrl: string): Promise<{ child: ChildProcess; port: number }> {
  const own = await freePort();
  const env = {
    ...process.env,
    PORT: String(own),
    HOST: "127.0.0.1",
    DEMO_DATA: dataFolder,
    DEMO_SKIP_BUILD: "true",
    REDIS_URL: redisUrl,
  };
  const main = join(demoFolder, "server/main.ts");
  const child = spawn(process.execPath, [...process.execArgv, main], { env, stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const listens = Promise.withResolvers<void>();
  child.stdout?.on("data", () => listens.resolve());
  child.on("exit", (code) => {
    process.stdout.write(`Process ${number} has ended${code === 0 ? "" : ` with ${code}`}.\n`);
    listens.reject(new Error(`process ${number} has ended before it was ready`));
  });
  await listens.promise;
  return { child, port: own };
}

const processes: { child: ChildProcess; port: number }[] = [];
let isEnding = false;
/** Ends the processes first, which write what they have to Redis. */
async function end(signal: NodeJS.Signals): Promise<void> {
  for (const { child } of processes) child.kill(signal);
  if (isEnding) return;
  isEnding = true;
  const running = processes.filter(({ child }) => child.exitCode === null && child.signalCode === null);
  await Promise.all(running.map(({ child }) => once(child, "exit")));
  for (const child of children) {
    child.removeAllListeners("exit");
    child.kill();
  }
  process.exit(0);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(signal));

const redisUrl = process.env["REDIS_URL"] ?? (await startRedis());
await untilReady(redisUrl);
if (process.env["DEMO_SKIP_BUILD"] !== "true")
  await build({ configFile: join(demoFolder, "vite.config.ts"), logLevel: "warn" });
// Of both processes one would make the key of the sessions, and the other another.
createSessions(dataFolder);
for (let number = 1; number <= PROCESSES; number += 1) processes.push(await startProcess(number, redisUrl));

const proxy = createRoundRobinProxy(processes.map((one) => one.port));
proxy.on("error", (error: NodeJS.ErrnoException) =>
  fail(error.code === "EADDRINUSE" ? `Port ${port} is taken. Set PORT to another one.` : String(error)),
);
proxy.listen(port, hostname, () => {
  const ids = processes.map(({ child }) => child.pid).join(" and ");
  process.stdout.write(`The demo is at http://localhost:${port}, in the processes ${ids} on ${redisUrl}\n`);
});
