import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { BrowserCommand } from "vitest/node";

const script = fileURLToPath(new URL("./server.py", import.meta.url));
const children = new Map<string, ChildProcess>();

/** Starts a backend of the older dialect and answers its URL; `null` where there is no Python to run it. */
const start: BrowserCommand<[], Promise<string | null>> = async () => {
  if (spawnSync("python3", ["--version"]).status !== 0) return null;
  const child = spawn("python3", [script], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  // The name, not the number: a page on "localhost" sends its cookies there.
  const url = `http://localhost:${String(port).trim()}`;
  children.set(url, child);
  return url;
};

const stop: BrowserCommand<[url: string]> = (_, url) => {
  children.get(url)?.kill("SIGKILL");
  children.delete(url);
};

export const oldBackendCommands = { startOldBackend: start, stopOldBackend: stop };

declare module "vitest/browser" {
  interface BrowserCommands {
    startOldBackend: () => Promise<string | null>;
    stopOldBackend: (url: string) => Promise<void>;
  }
}
