import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { buildPage, documentOf } from "../../test/support/build-page.ts";
import { CHROMIUM_ARGS, requireChromium } from "../../test/support/find-chromium.ts";
import { buildMeasuring } from "./main-thread.ts";
import type { PlayRequest, ServeRequest, ServerReply } from "./serve-page.ts";

/** A page that measures itself, in Chromium, and the process that serves it. */
export interface BenchBrowser {
  /** Opens the page with a query, in a context of its own. */
  open(query: string): Promise<{ readonly context: BrowserContext; readonly page: Page }>;
  /** Lets the server send events; returns how many, when they are sent. */
  play(request: Omit<PlayRequest, "type">): Promise<number>;
  close(): Promise<void>;
}

/** Builds the page for production, serves it by the module `server`, and starts Chromium. */
export async function startBenchBrowser(server: string, entry: string): Promise<BenchBrowser> {
  const child = fork(server);
  const [browser, measuring, built] = await Promise.all([launch(), buildMeasuring(), buildPage(entry)]);
  const served = await request(child, { type: "serve", script: built.script, html: documentOf(built) });
  const url = served.type === "serving" ? served.url : "";
  return {
    async open(query) {
      const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
      // React looks for the developer tools, by which the commits are counted, when it is loaded.
      await context.addInitScript({ content: measuring });
      const page = await context.newPage();
      page.on("pageerror", (error) => process.stderr.write(`${query}: ${String(error)}\n`));
      await page.goto(`${url}/?${query}`);
      return { context, page };
    },
    async play(events) {
      const played = await request(child, { type: "play", ...events });
      return played.type === "played" ? played.events : 0;
    },
    async close() {
      await browser.close();
      child.kill();
    },
  };
}

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
}

async function request(server: ChildProcess, message: ServeRequest | PlayRequest): Promise<ServerReply> {
  server.send(message);
  const [reply]: ServerReply[] = await once(server, "message");
  if (reply === undefined) throw new Error("the server did not reply");
  return reply;
}

/** Prints the lines, and writes the results to the file of `--json`. */
export function printReport(lines: readonly string[], results: unknown): void {
  process.stdout.write(`${lines.join("\n")}\n`);
  const file = process.argv[process.argv.indexOf("--json") + 1];
  if (process.argv.includes("--json") && file !== undefined)
    writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
