import type { BrowserCommand } from "vitest/node";
import type { FaultScript, FaultStats } from "./fault-script.ts";
import { type FaultServer, startFaultServer } from "./fault-server.ts";

/** Fault servers for tests that run in a browser: the servers live in Node, and are named by their URLs. */

const servers = new Map<string, FaultServer>();

const start: BrowserCommand<[script: FaultScript], Promise<string>> = async (_, script) => {
  const server = await startFaultServer(script);
  servers.set(server.url, server);
  return server.url;
};

const stats: BrowserCommand<[url: string], FaultStats> = (_, url) =>
  servers.get(url)?.stats() ?? { stream: 0, snapshot: 0, socket: 0, openSockets: 0 };

const stop: BrowserCommand<[url: string], Promise<void>> = async (_, url) => {
  await servers.get(url)?.close();
  servers.delete(url);
};

export const faultCommands = { startFaultServer: start, faultServerStats: stats, stopFaultServer: stop };

declare module "vitest/browser" {
  interface BrowserCommands {
    startFaultServer: (script: FaultScript) => Promise<string>;
    faultServerStats: (url: string) => Promise<FaultStats>;
    stopFaultServer: (url: string) => Promise<void>;
  }
}
