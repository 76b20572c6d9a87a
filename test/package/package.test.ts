import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withExamples } from "../../.ci/docs-examples.ts";
import { type InstalledPackage, installPackage, project } from "./installed-package.ts";

const packageJson = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
const pathsOf = (entries: unknown) => JSON.stringify(entries).match(/\.\/dist\/[^"]+/g) ?? [];
const { "./server": server, "./msw": msw, "./styles.css": styles, ...react } = packageJson.exports;

let app: InstalledPackage;

beforeAll(() => {
  app = installPackage();
});
afterAll(() => app.remove());

async function bundle(code: string): Promise<string> {
  const result = await build({
    stdin: { contents: code, resolveDir: app.folder, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    metafile: true,
    logLevel: "silent",
    external: ["react", "react-dom", "react/jsx-runtime", "hono", "msw"],
  });
  return Object.keys(result.metafile.inputs)
    .concat(result.outputFiles[0]?.text ?? "")
    .join("\n");
}

describe("the published package", () => {
  it("is what publint expects", async () => {
    const { messages, pkg } = await publint({ pkgDir: app.installed, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("holds the built files, the licence and the README, and nothing else", () => {
    const files = execFileSync("find", [".", "-type", "f"], { cwd: app.installed }).toString().trim().split("\n");
    const others = files.filter((file) => !file.startsWith("./dist/"));
    expect(others.sort()).toEqual(["./LICENSE", "./README.md", "./package.json"]);
  });

  it("holds no file that no entry leads to", () => {
    const reached = app.filesFrom(pathsOf(packageJson.exports));
    const files = readdirSync(join(app.installed, "dist"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".map"))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.filter((file) => !reached.has(file))).toEqual([]);
  });

  it('begins every file of the React entries with "use client"', () => {
    const files = [...app.filesFrom(pathsOf(react))].filter((file) => /\.c?js$/.test(file));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !readFileSync(file, "utf8").startsWith('"use client";'))).toEqual([]);
  });

  it('keeps "use client" out of every file of the other entries', () => {
    const files = [...app.filesFrom(pathsOf({ server, msw }))].filter((file) => /\.c?js$/.test(file));
    expect(files.filter((file) => readFileSync(file, "utf8").includes("use client"))).toEqual([]);
  });

  it.each(Object.keys(packageJson.exports).filter((entry) => !/css|json/.test(entry)))(
    "can be imported and required in Node, without a page: %s",
    (entry) => {
      const name = `react-sync-progress${entry.slice(1)}`;
      for (const how of ["import", "require"] as const)
        expect(app.run(how, `print({ count: Object.keys(await load("${name}")).length })`).count).toBeGreaterThan(0);
    },
  );

  it.each(["import", "require"] as const)("has one instance of everything under both React entries: %s", (how) => {
    const { count, others } = app.run(
      how,
      `const main = await load("react-sync-progress"), headless = await load("react-sync-progress/headless");
       const names = Object.keys(headless);
       print({ count: names.length, others: names.filter((name) => main[name] !== headless[name]) });`,
    );
    expect(count).toBeGreaterThan(5);
    expect(others).toEqual([]);
  });

  it.each(["import", "require"] as const)("knows the server's errors in the mock backend: %s", (how) => {
    const { errorMessage } = app.run(
      how,
      `const { SyncJobError } = await load("react-sync-progress/server");
       const { createMockSyncBackend } = await load("react-sync-progress/msw");
       const play = async () => { throw new SyncJobError("The mailbox is locked."); };
       const backend = createMockSyncBackend({ scenario: { description: "", play } });
       const syncId = await backend.startSync();
       const read = () => backend.service.get({ tenantId: "mock", userId: "mock" }, syncId);
       while ((await read()).snapshot.status !== "error") await new Promise((resolve) => setTimeout(resolve, 10));
       print((await read()).snapshot);`,
    );
    expect(errorMessage).toBe("The mailbox is locked.");
  });

  it.each([
    ["node16", "app.mts"],
    ["node16", "app.cts"],
    ["bundler", "app.mts"],
  ])("has types that resolve: %s, %s", (resolution, file) => {
    writeFileSync(
      join(app.folder, file),
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
      "--skipLibCheck",
      "--target",
      "es2022",
      "--jsx",
      "react-jsx",
      "--types",
      "node",
    ];
    const check = () =>
      execFileSync("tsc", [...args, "--module", module, "--moduleResolution", resolution, file], {
        cwd: app.folder,
        stdio: "pipe",
      });
    expect(check).not.toThrow();
  });
});

describe("a bundle", () => {
  it("of the headless hook holds no Radix and no component", async () => {
    const code = await bundle('export { useSyncProgress } from "react-sync-progress/headless"');
    expect(code).toContain("EventSource");
    expect(code).not.toMatch(/radix/i);
    expect(code).not.toContain("sp-dialog");
  });

  it("of the components holds no react-dom, no server and no mock", async () => {
    const code = await bundle('export { SyncProgressModal } from "react-sync-progress"');
    expect(code).toContain("sp-dialog");
    expect(code).not.toContain("react-dom/cjs");
    expect(code).not.toContain("createSyncService");
    expect(code).not.toContain("hono");
  });

  it("of the server holds no React", async () => {
    const code = await bundle('export * from "react-sync-progress/server"');
    expect(code).toContain("createSyncRoutes");
    expect(code).not.toMatch(/from "react/);
    expect(code).not.toContain("useSyncExternalStore");
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
