import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { useEsmPage } from "./esm-page.ts";
import { useJest } from "./jest.ts";
import { useNext } from "./next.ts";
import { useNode } from "./node.ts";
import { useReactRouter } from "./react-router.ts";
import { useTypeScript } from "./typescript.ts";
import { viteConsumer } from "./vite.ts";
import { useWebpack } from "./webpack.ts";
import { type Consumer, createWorkspace, packPackage } from "./workspace.ts";

/**
 * `npm run test:consumers -- NAME...`: uses the packed package in applications of many kinds, each in a fresh folder with
 * what npm installs there; all of them without a name. Needs the npm registry and Chromium, which is why `npm test` does
 * not run it.
 */

const CONSUMERS: Record<string, Consumer> = {
  "vite-react-19": viteConsumer({ react: 19, vite: 8, typescript: "7.0", backend: "express" }),
  "vite-react-18": viteConsumer({ react: 18, vite: 5, typescript: "5.9", backend: "hono" }),
  next: useNext,
  "react-router": useReactRouter,
  webpack: useWebpack,
  "esm-page": useEsmPage,
  node: useNode,
  jest: useJest,
  typescript: useTypeScript,
};

interface Result {
  readonly consumer: string;
  readonly result: string;
  readonly seconds: number;
}

/** Prints each step, because one takes minutes. */
async function tryConsumer(name: string, consumer: Consumer, tarball: string): Promise<Result> {
  process.stdout.write(`> ${name}\n`);
  const workspace = createWorkspace(name, tarball);
  const startedAt = performance.now();
  const elapsed = () => Math.round((performance.now() - startedAt) / 1000);
  try {
    return { consumer: name, result: `ok: ${await consumer(workspace)}`, seconds: elapsed() };
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return { consumer: name, result: "FAILED", seconds: elapsed() };
  } finally {
    workspace.remove();
  }
}

function selectConsumers(names: readonly string[]): [string, Consumer][] {
  const unknown = names.filter((name) => !(name in CONSUMERS));
  if (unknown.length > 0)
    throw new Error(`No such consumer: ${unknown}. One of: ${Object.keys(CONSUMERS).join(", ")}.`);
  return Object.entries(CONSUMERS).filter(([name]) => names.length === 0 || names.includes(name));
}

function formatTable(results: readonly Result[]): string {
  const rows = [
    ["consumer", "result", "seconds"],
    ["---", "---", "---"],
  ];
  for (const { consumer, result, seconds } of results) rows.push([consumer, result, String(seconds)]);
  return rows.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

const { positionals } = parseArgs({ allowPositionals: true });
const selected = selectConsumers(positionals);
const folder = mkdtempSync(join(tmpdir(), "packed-"));
try {
  const tarball = packPackage(folder);
  const results: Result[] = [];
  for (const [name, consumer] of selected) results.push(await tryConsumer(name, consumer, tarball));
  process.stdout.write(`\n${formatTable(results)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
