import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ProxyConfig } from "./proxies.js";

/** A proxy that runs. */
export interface RunningProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** Installs the packages whose commands are missing. */
export function installProxies(proxies: readonly ProxyConfig[]): void {
  const isMissing = ({ command }: ProxyConfig) => spawnSync("which", [command]).status !== 0;
  const packages = [...new Set(proxies.filter(isMissing).map((proxy) => proxy.package))];
  if (packages.length === 0) return;
  const apt = (...args: string[]) => {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const { status } = spawnSync("apt-get", args, { stdio: "inherit", env });
    if (status !== 0)
      throw new Error(`Debian's packages ${packages.join(", ")} are needed and could not be installed.`);
  };
  apt("update", "-qq");
  apt("install", "-y", "-qq", "--no-install-recommends", ...packages);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts a proxy in front of a port, and resolves when it listens. */
export async function startProxy(proxy: ProxyConfig, upstream: number): Promise<RunningProxy> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "proxy-"));
  // Some proxies work under a user of their own.
  chmodSync(folder, 0o755);
  const config = proxy.config?.(port, upstream);
  if (config !== undefined) writeFileSync(join(folder, config[0]), config[1]);
  const child = spawn(proxy.command, proxy.args(folder, port, upstream), { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  for (let tries = 0; !(await isListening(port)); tries += 1) {
    if (child.exitCode !== null || tries > 300) throw new Error(`${proxy.name} did not start:\n${output}`);
    await wait(100);
  }
  return {
    port,
    async stop() {
      if (child.exitCode === null) {
        const gone = once(child, "exit");
        child.kill("SIGTERM");
        const killer = setTimeout(() => child.kill("SIGKILL"), 3_000);
        await gone;
        clearTimeout(killer);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
