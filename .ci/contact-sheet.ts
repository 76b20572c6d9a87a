import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { type Browser, chromium } from "playwright";
import { CHROMIUM_ARGS, requireChromium } from "../test/support/find-chromium.ts";

/**
 * Renders every story to PNG: light, dark, 320 px wide, right to left, forced colours, more contrast; and sheets of all of them.
 * `npm run contact-sheet`, after `npm run build:storybook`; the pictures go to `.contact-sheet/`, two of
 * them into the README.
 */

const LOOKS = {
  light: { width: 800, globals: "theme:light" },
  dark: { width: 800, globals: "theme:dark" },
  narrow: { width: 320, globals: "theme:light" },
  rtl: { width: 800, globals: "theme:light;direction:rtl" },
  forced: { width: 800, globals: "theme:light", forcedColors: "active" },
  contrast: { width: 800, globals: "theme:light", contrast: "more" },
} as const;

/** Pictures that the README shows. */
const README_PICTURES: Readonly<Record<string, string>> = {
  "narrow/components-syncprogressmodal--partial-failure.png": "story-problems-narrow.png",
  "rtl/components-syncprogressmodal--right-to-left.png": "story-right-to-left.png",
};

/** The size of a sheet, small enough to be looked at without losing the words. */
const SHEET = { width: 1_700, height: 1_150 };

const only = process.argv[2];
const folder = new URL("../.contact-sheet/", import.meta.url).pathname;
const app = new Hono().use("*", serveStatic({ root: "storybook-static" }));
const server = serve({ fetch: app.fetch, port: 0, hostname: "localhost" });
await new Promise((resolve) => server.once("listening", resolve));
const address = server.address();
const url = `http://localhost:${typeof address === "object" && address !== null ? address.port : 0}`;

const index: { entries: Record<string, { id: string; type: string; title: string; name: string }> } = JSON.parse(
  readFileSync("storybook-static/index.json", "utf8"),
);
const stories = Object.values(index.entries).filter(({ type }) => type === "story");
const browser = await chromium.launch({ executablePath: requireChromium(), args: CHROMIUM_ARGS });
try {
  for (const [look, options] of Object.entries(LOOKS)) {
    if (only === undefined || only === look) await takeLook(browser, look, options);
  }
  for (const [picture, name] of Object.entries(README_PICTURES)) {
    const taken = join(folder, picture);
    if (existsSync(taken)) copyFileSync(taken, new URL(`../docs/images/${name}`, import.meta.url).pathname);
  }
} finally {
  await browser.close();
  server.close();
}
process.exit(0);

/** Whether the story in the page has been rendered and its play function has ended. */
function hasPlayed(): boolean {
  const preview: { currentRender?: { phase?: string } } | undefined = Reflect.get(window, "__STORYBOOK_PREVIEW__");
  return ["finished", "completed", "errored"].includes(preview?.currentRender?.phase ?? "");
}

async function takeLook(
  opened: Browser,
  look: string,
  { width, globals, ...media }: { width: number; globals: string; forcedColors?: "active"; contrast?: "more" },
): Promise<void> {
  mkdirSync(join(folder, look), { recursive: true });
  const page = await opened.newPage({ viewport: { width, height: 520 }, reducedMotion: "reduce", ...media });
  const cells: string[] = [];
  for (const { id, title, name } of stories) {
    await page.goto(`${url}/iframe.html?id=${id}&viewMode=story&globals=${globals}`);
    await page.waitForFunction(hasPlayed, undefined, { timeout: 30_000 });
    // Dialogs fade in.
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(folder, look, `${id}.png`) });
    cells.push(
      `<figure><img src="${look}/${id}.png" width="${width / 2}"><figcaption>${title.split("/").at(-1)}: ${name}</figcaption></figure>`,
    );
  }
  await page.close();
  const sheet = `<!doctype html><meta charset="utf-8"><style>body{display:flex;flex-wrap:wrap;gap:12px;font:13px sans-serif;background:#888}figure{margin:0}</style>${cells.join("")}`;
  writeFileSync(join(folder, `${look}.html`), sheet);
  const overview = await opened.newPage({ viewport: SHEET });
  await overview.goto(`file://${join(folder, `${look}.html`)}`);
  const whole = await overview.evaluate(() => document.documentElement.scrollHeight);
  for (let top = 0, sheet = 1; top < whole; top += SHEET.height, sheet += 1) {
    const height = Math.min(SHEET.height, whole - top);
    const clip = { x: 0, y: top, width: SHEET.width, height };
    await overview.screenshot({ path: join(folder, `${look}-${sheet}.png`), fullPage: true, clip });
  }
  await overview.close();
  process.stdout.write(`${look}: ${stories.length} stories\n`);
}
