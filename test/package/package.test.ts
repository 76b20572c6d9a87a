import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withExamples } from "../../.ci/docs-examples.ts";
import { type Consumer, installPackage, project } from "./install-package.ts";

const packageJson = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));

let consumer: Consumer;
let folder: string;
let installed: string;

beforeAll(() => {
  consumer = installPackage();
  ({ folder, installed } = consumer);
});
afterAll(() => consumer.remove());

/** The entries, and the chunks that they import from each other. */
function filesBehind(...entries: string[]): string[] {
  const files = new Set<string>(entries);
  for (const file of files) {
    const code = readFileSync(join(installed, "dist", file), "utf8");
    for (const [, chunk] of code.matchAll(/"\.\/([\w-]+\.c?js)"/g)) if (chunk !== undefined) files.add(chunk);
  }
  return [...files];
}

describe("the published package", () => {
  it("is what publint expects", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("holds the built files, the licence and the README, and nothing else", () => {
    const files = execFileSync("find", [".", "-type", "f"], { cwd: installed }).toString().trim().split("\n");
    const others = files.filter((file) => !file.startsWith("./dist/"));
    expect(others.sort()).toEqual(["./LICENSE", "./README.md", "./package.json"]);
  });

  it("has one stylesheet, that is one cascade layer", () => {
    const css = readFileSync(join(installed, "dist/styles.css"), "utf8").trim();
    expect(css).toMatch(/^@layer react-sync-progress\{/);
    expect(css.match(/@layer/g)).toHaveLength(1);
    expect(css).not.toContain("@import");
    expect(css.split("{")).toHaveLength(css.split("}").length);
  });

  it.each(["index", "headless"])('begins every file of %s with "use client"', (entry) => {
    const files = filesBehind(`${entry}.js`, `${entry}.cjs`);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(readFileSync(join(installed, "dist", file), "utf8"), file).toMatch(/^"use client";/);
    }
  });

  it.each(["server", "msw"])('keeps "use client" out of every file of %s', (entry) => {
    const files = filesBehind(`${entry}.js`, `${entry}.cjs`);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(readFileSync(join(installed, "dist", file), "utf8"), file).not.toContain("use client");
    }
  });

  it.each(Object.keys(packageJson.exports).filter((entry) => !/css|json/.test(entry)))(
    "can be imported and required in Node, without a page: %s",
    (entry) => {
      const name = `react-sync-progress${entry.slice(1)}`;
      const script = `const a = await import("${name}"); const { createRequire } = await import("node:module");
        const b = createRequire(import.meta.url)("${name}"); console.log(Object.keys(a).length > 0 && Object.keys(b).length > 0);`;
      expect(consumer.run(script)).toBe("true");
    },
  );

  it.each([
    ["node16", "app.mts"],
    ["node16", "app.cts"],
    ["bundler", "app.mts"],
  ])("has types that resolve: %s, %s", (resolution, file) => {
    writeFileSync(
      join(folder, file),
      `import { SyncProgressModal, useSyncProgress } from "react-sync-progress";
       import { SyncClient } from "react-sync-progress/headless";
       import { createSyncService } from "react-sync-progress/server";
       import { createMockSyncBackend } from "react-sync-progress/msw";
       import { labelsDe } from "react-sync-progress/labels/de";
       const client: SyncClient = new SyncClient({ baseUrl: "/api" });
       const percent: number | null | undefined = client.getView("a")?.percent;
       // @ts-expect-error: a wrong option is an error, so the types are really there.
       new SyncClient({ baseUrl: 7 });
       export const all = [SyncProgressModal, useSyncProgress, createSyncService, createMockSyncBackend, labelsDe, percent];`,
    );
    const module = resolution === "bundler" ? "esnext" : "node16";
    const args = [
      "--noEmit",
      "--strict",
      "--exactOptionalPropertyTypes",
      // msw is ESM only: in CommonJS, node16 refuses it in its users' code and in our declarations.
      ...(file.endsWith(".cts") ? ["--skipLibCheck"] : []),
      "--ignoreConfig",
      "--target",
      "es2022",
      "--jsx",
      "react-jsx",
      "--types",
      "node",
    ];
    const check = () =>
      execFileSync("tsc", [...args, "--module", module, "--moduleResolution", resolution, file], {
        cwd: folder,
        stdio: "pipe",
      });
    expect(check).not.toThrow();
  });
});

it("shows examples in the README that are the checked ones", () => {
  const readme = readFileSync(join(project, "README.md"), "utf8");
  expect(readme).toBe(withExamples(readme));
  expect(readme.match(/<!-- example: /g)).toHaveLength(readdirSync(join(project, "docs/examples")).length);
});

it("gives a reason for every dependency", () => {
  const reasons = readFileSync(join(project, "docs/architecture.md"), "utf8");
  const names = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies });
  const shortNames = names.map((name) =>
    name.replace(/^@storybook\/addon-/, "addon-").replace(/^@testing-library\/(dom|user-event)$/, "/$1"),
  );
  expect(shortNames.filter((name) => !name.startsWith("@types/") && !reasons.includes(name))).toEqual([]);
});
