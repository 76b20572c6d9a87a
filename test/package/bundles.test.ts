import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { build as buildByEsbuild, type PluginBuild } from "esbuild";
import { build as buildByVite } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Consumer, installPackage } from "./install-package.ts";

let consumer: Consumer;

beforeAll(() => {
  consumer = installPackage();
});
afterAll(() => consumer.remove());

const PEERS = ["react", "react-dom", "react/jsx-runtime", "hono", "msw"];

/** What an app's code weighs the app down with, by the bundlers of most apps. */
const BUNDLERS: Record<string, (code: string) => Promise<string>> = {
  async esbuild(code) {
    const result = await buildByEsbuild({
      stdin: { contents: code, resolveDir: consumer.folder, loader: "ts" },
      bundle: true,
      write: false,
      format: "esm",
      logLevel: "silent",
      external: PEERS,
    });
    return result.outputFiles[0]?.text ?? "";
  },
  async Vite(code) {
    const entry = join(consumer.folder, "entry.js");
    writeFileSync(entry, code);
    const result = await buildByVite({
      root: consumer.folder,
      configFile: false,
      logLevel: "silent",
      build: { write: false, minify: false, lib: { entry, formats: ["es"] }, rollupOptions: { external: PEERS } },
    });
    const outputs = Array.isArray(result) ? result : [result];
    return outputs
      .flatMap((bundle) => ("output" in bundle ? bundle.output : []))
      .map((chunk) => ("code" in chunk ? chunk.code : ""))
      .join("\n");
  },
};

const RADIX = /radix/i;
/** The class names that are written out in the code of the components. */
const ANY_COMPONENT = /["'`]sp-/;
const CARD = "sp-card-head";
const MODAL = "sp-dialog";
const STREAM = "EventSource";
/** What the code of a hook contains that needs no stream. */
const OWN_WORD: Readonly<Record<string, string>> = {
  useStartSync: "SyncRequestError",
  useAutoClose: "visibilitychange",
};

describe.each(Object.keys(BUNDLERS))("a bundle by %s", (bundler) => {
  const bundle = (code: string) => BUNDLERS[bundler]?.(code) ?? Promise.reject(new Error(bundler));

  it.each(["useSyncProgress", "useAutoClose", "useIntegrations", "useStartSync", "useSyncFailures", "SyncClient"])(
    "of %s holds no Radix and no component, from either entry",
    async (name) => {
      const [fromMain, fromHeadless] = await Promise.all([
        bundle(`export { ${name} } from "react-sync-progress"`),
        bundle(`export { ${name} } from "react-sync-progress/headless"`),
      ]);
      for (const code of [fromMain, fromHeadless]) {
        expect(code).toContain(OWN_WORD[name] ?? STREAM);
        expect(code).not.toMatch(RADIX);
        expect(code).not.toMatch(ANY_COMPONENT);
      }
    },
  );

  it.each([
    ["labelsEn", "/labels"],
    ["createFormatter", "/labels"],
    ["isTerminalStatus", ""],
  ])("of %s holds no Radix, no component and no client", async (name, entry) => {
    const code = await bundle(`export { ${name} } from "react-sync-progress${entry}"`);
    expect(code).toContain(name);
    expect(code).not.toMatch(RADIX);
    expect(code).not.toMatch(ANY_COMPONENT);
    expect(code).not.toContain(STREAM);
  });

  it("of the modal holds no card, no react-dom, no server and no mock", async () => {
    const code = await bundle('export { SyncProgressModal } from "react-sync-progress"');
    expect(code).toContain(MODAL);
    expect(code).not.toContain(CARD);
    expect(code).not.toContain("react-dom/cjs");
    expect(code).not.toContain("createSyncService");
    expect(code).not.toContain("hono");
  });

  it("of the parts holds no modal, no dialog and no card", async () => {
    const code = await bundle('export { SyncProgress } from "react-sync-progress"');
    expect(code).toContain("sp-bar");
    expect(code).not.toContain(MODAL);
    expect(code).not.toContain("aria-modal");
    expect(code).not.toContain(CARD);
  });

  it("of one part holds no other", async () => {
    const code = await bundle('export { SyncProgressStage } from "react-sync-progress/parts"');
    expect(code).toContain("sp-stage");
    expect(code).not.toContain("sp-bar");
    expect(code).not.toContain("sp-title");
    expect(code).not.toContain("sp-actions");
  });

  it("of the server holds no React", async () => {
    const code = await bundle('export * from "react-sync-progress/server"');
    expect(code).toContain("createSyncRoutes");
    expect(code).not.toMatch(/from ["']react/);
    expect(code).not.toContain("useSyncExternalStore");
  });
});

// As in Jest's jsdom. msw itself has to be given what it needs there; ours comes first.
it("loads the mock where there is no TextEncoder", async () => {
  const stub = { name: "stub-msw", setup: (build: PluginBuild) => build.onResolve({ filter: /^msw$/ }, stubModule) };
  const stubModule = () => ({ path: join(consumer.folder, "msw-stub.js") });
  writeFileSync(join(consumer.folder, "msw-stub.js"), "export const http = {}, HttpResponse = class {};");
  const { outputFiles } = await buildByEsbuild({
    stdin: { contents: 'export * from "react-sync-progress/msw"', resolveDir: consumer.folder },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "loaded",
    platform: "browser",
    plugins: [stub],
  });
  const page = { URL, Request, Response, Headers, location: new URL("http://localhost/") };
  const names = runInNewContext(`${outputFiles[0]?.text}; Object.keys(loaded).join()`, page);
  expect(names).toContain("createMockSyncBackend");
});

describe("the devtools", () => {
  it("know a production build of an app, which replaces the environment by its value", async () => {
    const entry = join(consumer.folder, "app.js");
    writeFileSync(
      entry,
      `import { SyncDevtools } from "react-sync-progress/devtools"; globalThis.shown = SyncDevtools;`,
    );
    const result = await buildByVite({
      root: consumer.folder,
      configFile: false,
      logLevel: "silent",
      build: { write: false, minify: false, rollupOptions: { input: entry, external: PEERS } },
    });
    const [bundle] = Array.isArray(result) ? result : [result];
    const chunks = bundle !== undefined && "output" in bundle ? bundle.output : [];
    const code = chunks.map((chunk) => ("code" in chunk ? chunk.code : "")).join("\n");
    expect(code).toContain("isShownInProduction");
    expect(code).not.toContain("NODE_ENV");
  });
});
