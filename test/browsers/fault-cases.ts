import { fileURLToPath } from "node:url";
import { type FaultServer, startFaultServer } from "../faults/fault-server.ts";
import { buildPage, documentOf } from "../support/build-page.ts";
import { type RunningServer, serveFetch } from "../support/serve-fetch.ts";
import type { RunningBrowser, Tab } from "./browser.ts";
import { until } from "./until.ts";

/** Serves the page that plays the fault cases, and starts a fault server for each. */
export async function serveFaultPage(): Promise<RunningServer> {
  const built = await buildPage(fileURLToPath(new URL("./fault-page.tsx", import.meta.url)));
  const servers = new Map<string, FaultServer>();
  async function command(path: string, body: ReturnType<typeof JSON.parse>): Promise<unknown> {
    if (path === "/start") {
      const server = await startFaultServer(body);
      servers.set(server.url, server);
      return server.url;
    }
    const server = servers.get(body);
    if (path === "/stats") return server?.stats();
    await server?.close();
    servers.delete(body);
    return null;
  }
  return serveFetch(async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") return Response.json(await command(pathname, await request.json()));
    return pathname === "/page.js"
      ? new Response(built.script, { headers: { "content-type": "text/javascript" } })
      : new Response(documentOf(built), { headers: { "content-type": "text/html" } });
  });
}

/** Every fault case, played in a tab. */
export async function listFaultCases(tab: Tab, url: string, engine: RunningBrowser["engine"]) {
  await tab.open(url);
  await until("the page has its cases", () => tab.run(() => window.faultPage !== undefined));
  const cases = await tab.run(() => window.faultPage?.list() ?? []);
  return cases.map(({ title, not }, index) => ({
    title,
    async play(): Promise<string | undefined> {
      const difference = not?.[engine];
      if (difference !== undefined) return `not played: ${difference}`;
      await tab.run((at) => window.faultPage?.play(at), index);
      return undefined;
    },
  }));
}
