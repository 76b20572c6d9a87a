import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Consumer, installPackage, project } from "./install-package.ts";

let consumer: Consumer;

beforeAll(() => {
  consumer = installPackage();
});
afterAll(() => consumer.remove());

describe("the main entry", () => {
  // Server components cannot reach into an object of a client module: `SyncProgress.Root` is undefined there.
  it("exports every part of SyncProgress singly, as the very same component", () => {
    const output = consumer.run(
      `const main = await import("react-sync-progress");
       const parts = Object.entries(main.SyncProgress);
       console.log(JSON.stringify([parts.length, parts.filter(([name, part]) => main["SyncProgress" + name] !== part)]));`,
    );
    const [count, others] = JSON.parse(output);
    expect(count).toBeGreaterThan(10);
    expect(others).toEqual([]);
  });

  it("exports the type of every component's props", () => {
    const files = globSync("src/{components,react}/*.tsx", { cwd: project });
    const sources = files.map((file) => readFileSync(join(project, file), "utf8"));
    const names = sources.flatMap((source) => [...source.matchAll(/^export (?:interface|type) (\w+Props)\b/gm)]);
    expect(names.length).toBeGreaterThan(15);
    writeFileSync(
      join(consumer.folder, "props.mts"),
      `import type { ${names.map(([, name]) => name).join(", ")} } from "react-sync-progress";
       import { type ProgressTitleProps as Props, SyncProgressTitle } from "react-sync-progress";
       import { type ComponentPropsWithoutRef } from "react";
       export const given: ComponentPropsWithoutRef<typeof SyncProgressTitle> = { level: 3 } satisfies Props;`,
    );
    const args = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--types", "node", "props.mts"];
    const check = () => execFileSync("tsc", args, { cwd: consumer.folder, stdio: "pipe", encoding: "utf8" });
    expect(check).not.toThrow();
  });
});
