import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PAGES, withExamples } from "../../.ci/docs-examples.ts";
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

function filesOfPackage(): string[] {
  const found = readdirSync(installed, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(installed, join(entry.parentPath, entry.name)));
}

/** What `tsc` prints about a file of the app. */
function typeErrors(args: readonly string[]): string {
  const { stdout } = spawnSync("tsc", args, { cwd: folder, encoding: "utf8" });
  return stdout;
}

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

  it("holds the built files, the licence, the README, the guides and the example backends, and nothing else", () => {
    const others = filesOfPackage().filter((file) => !/^dist\/|^docs\/[\w-]+\.md$/.test(file));
    const examples = [
      "flask/README.md",
      "flask/app.py",
      "flask/sync.py",
      "go/README.md",
      "go/go.mod",
      "go/main.go",
      "go/sync.go",
    ];
    expect(others.sort()).toEqual(
      [
        "LICENSE",
        "README.md",
        "docs/openapi.json",
        ...examples.map((file) => `examples/${file}`),
        "package.json",
      ].sort(),
    );
  });

  it("holds every page that its README and its guides link to", () => {
    const files = filesOfPackage();
    const pages = files.filter((file) => file.endsWith(".md"));
    const linksOf = (page: string) =>
      [
        ...readFileSync(join(installed, page), "utf8")
          .replace(/^```.*?^```/gms, "")
          .matchAll(/[^!]\[[^\]]*\]\((?!https:)([^)#]+)/g),
      ].map(([, link = ""]) => join(dirname(page), link));
    const links = pages.flatMap(linksOf);
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter((link) => !files.includes(link))).toEqual([]);
  });

  it("is smaller than 2.6 MB when it is unpacked", () => {
    const bytes = filesOfPackage().map((file) => statSync(join(installed, file)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_600_000);
  });

  it("has one stylesheet, that is one cascade layer", () => {
    const css = readFileSync(join(installed, "dist/styles.css"), "utf8").trim();
    expect(css).toMatch(/^@layer react-sync-progress\{/);
    expect(css.match(/@layer/g)).toHaveLength(1);
    expect(css).not.toContain("@import");
    expect(css.split("{")).toHaveLength(css.split("}").length);
  });

  it.each(["index", "headless", "testing"])('begins every file of %s with "use client"', (entry) => {
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
    ["node10", "app.ts"],
  ])("has types that resolve: %s, %s", (resolution, file) => {
    writeFileSync(
      join(folder, file),
      `import { SyncProgressModal, useSyncProgress } from "react-sync-progress";
       import "react-sync-progress/styles.css";
       import { SyncClient } from "react-sync-progress/headless";
       import { createSyncService } from "react-sync-progress/server";
       import { toNodeHandler } from "react-sync-progress/server/node";
       import { createJwtAuthenticator } from "react-sync-progress/server/jwt";
       import { createSyncQueue } from "react-sync-progress/server/bullmq";
       import { createEmailNotifier } from "react-sync-progress/server/email";
       import { createOpenTelemetryObserver } from "react-sync-progress/server/opentelemetry";
       import { createMockSyncBackend } from "react-sync-progress/msw";
       import { labelsDe } from "react-sync-progress/labels/de";
       const client: SyncClient = new SyncClient({ baseUrl: "/api" });
       const percent: number | null | undefined = client.getView("a")?.percent;
       // @ts-expect-error: a wrong option is an error, so the types are really there.
       new SyncClient({ baseUrl: 7 });
       export const all = [SyncProgressModal, useSyncProgress, createSyncService, createSyncQueue, createEmailNotifier, createOpenTelemetryObserver, createMockSyncBackend, labelsDe, percent];`,
    );
    const module = resolution === "node16" ? "node16" : "esnext";
    const args = [
      "--noEmit",
      "--strict",
      "--exactOptionalPropertyTypes",
      "--noUncheckedSideEffectImports",
      "--ignoreDeprecations",
      "6.0",
      // msw is ESM only and needs subpaths: in CommonJS and by node10 its declarations, and ours that import it, have errors.
      ...(file.endsWith(".mts") ? [] : ["--skipLibCheck"]),
      "--ignoreConfig",
      "--target",
      "es2022",
      "--jsx",
      "react-jsx",
      "--types",
      "node",
    ];
    expect(typeErrors([...args, "--module", module, "--moduleResolution", resolution, file])).toBe("");
  });
});

it("shows examples in its pages that are the checked ones", () => {
  const pages = PAGES.map((page) => readFileSync(page, "utf8"));
  for (const page of pages) expect(page).toBe(withExamples(page));
  expect(pages.join().match(/<!-- example: /g)).toHaveLength(readdirSync(join(project, "docs/examples")).length);
});

it("gives a reason for every dependency", () => {
  const reasons = readFileSync(join(project, "docs/architecture.md"), "utf8");
  const names = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies });
  const shortNames = names.map((name) =>
    name.replace(/^@storybook\/addon-/, "addon-").replace(/^@testing-library\/(dom|user-event)$/, "/$1"),
  );
  expect(shortNames.filter((name) => !name.startsWith("@types/") && !reasons.includes(name))).toEqual([]);
});
