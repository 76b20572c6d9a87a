import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { readEntries } from "./entries.ts";
import type { Consumer } from "./workspace.ts";

/** Every minor version that an application may still use. */
const VERSIONS = ["5.0", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "5.9", "6.0", "7.0"];

const RESOLUTIONS = ["node16", "bundler", "node10"];

/** What the entries need, with the types of those that have none of their own. */
const PEERS = [
  ...["react@19", "react-dom@19", "@types/react@19", "@types/react-dom@19", "@types/node@24"],
  ...["hono@4", "@hono/node-server@2", "jose@6", "bullmq@6", "msw@3", "redis@6", "@opentelemetry/api@1"],
];

/** By node16, CommonJS may not import what is ESM only, such as msw 3; Node itself can, and nodenext of 5.8 knows it. */
const EXCEPTIONS: readonly { readonly resolution: string; readonly error: RegExp }[] = [
  { resolution: "node16", error: /^node_modules\/react-sync-progress\/dist\/msw\.d\.cts\(\d+,\d+\): error TS1479/ },
];

/**
 * Checks an import of every entry with every version of TypeScript and every way to resolve modules, with all
 * declarations of dependencies (`skipLibCheck: false`). Errors in declarations of others are counted only: their authors
 * decide which versions they support.
 */
export const useTypeScript: Consumer = async (workspace) => {
  const { folder } = workspace;
  workspace.write("package.json", JSON.stringify({ name: "app", private: true, type: "module" }));
  const compilers = VERSIONS.map((version) => `ts-${version}@npm:typescript@~${version}.0`);
  workspace.install("--legacy-peer-deps", ...PEERS, ...compilers);
  writeImports(workspace.write, readEntries(folder));
  const problems: string[] = [];
  let combinations = 0;
  for (const version of VERSIONS) {
    for (const resolution of RESOLUTIONS) {
      if (version === "7.0" && resolution === "node10") continue; // TypeScript 7 has removed it.
      combinations += 1;
      const errors = check(folder, version, resolution);
      const ours = errors.filter((error) => !/^node_modules\/(?!react-sync-progress\/)/.test(error));
      const unexplained = ours.filter((error) => !isException(error, resolution));
      process.stdout.write(`  TypeScript ${version} ${resolution}: ${errors.length - ours.length} errors of others\n`);
      problems.push(...unexplained.map((error) => `TypeScript ${version} ${resolution}: ${error}`));
    }
  }
  assert.deepEqual(problems, []);
  return `TypeScript ${VERSIONS[0]} to ${VERSIONS.at(-1)}: ${combinations} combinations`;
};

function writeImports(write: (path: string, text: string) => void, entries: readonly string[]): void {
  const imports = entries.map((entry, index) => `import * as entry${index} from "${entry}";`);
  const all = `export const all = [${entries.map((_, index) => `entry${index}`)}];`;
  const text = `${imports.join("\n")}
    import "react-sync-progress/styles.css";
    import { SyncClient } from "react-sync-progress/headless";
    // @ts-expect-error: a wrong option is an error, so the types are really there.
    new SyncClient({ baseUrl: 7 });
    ${all}\n`;
  for (const file of ["app.mts", "app.cts", "app.ts"]) write(file, text);
}

/** The errors that a version of TypeScript finds, one line each. */
function check(folder: string, version: string, resolution: string): string[] {
  const files = resolution === "node16" ? ["app.mts", "app.cts"] : ["app.ts"];
  const args = [
    join(folder, `node_modules/ts-${version}/bin/tsc`),
    ...["--noEmit", "--pretty", "false", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022"],
    ...["--lib", "es2023,dom,dom.iterable", "--jsx", "react-jsx", "--types", "node"],
    ...["--module", resolution === "node16" ? "node16" : "esnext", "--moduleResolution", resolution],
    ...(Number(version) >= 5.6 ? ["--noUncheckedSideEffectImports"] : []),
    ...(version === "6.0" ? ["--ignoreDeprecations", "6.0"] : []),
    ...files,
  ];
  const { stdout, stderr } = spawnSync("node", args, { cwd: folder, encoding: "utf8", maxBuffer: 100_000_000 });
  assert.equal(stderr, "");
  return stdout.split("\n").filter((line) => /error TS/.test(line));
}

function isException(error: string, resolution: string): boolean {
  return EXCEPTIONS.some((exception) => exception.resolution === resolution && exception.error.test(error));
}
