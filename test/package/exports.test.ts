import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Consumer, installPackage } from "./install-package.ts";

let consumer: Consumer;

beforeAll(() => {
  consumer = installPackage();
});
afterAll(() => consumer.remove());

describe("the entry of the parts", () => {
  // Server components cannot reach into an object of a client module: `SyncProgress.Root` is undefined there.
  it("exports every part of SyncProgress singly, as the very same component", () => {
    const output = consumer.run(
      `const { SyncProgress } = await import("react-sync-progress");
       const parts = await import("react-sync-progress/parts");
       const single = (name) => parts["SyncProgress" + (name === "Error" ? "ErrorMessage" : name)];
       const all = Object.entries(SyncProgress);
       console.log(JSON.stringify([all.length, Object.keys(parts).length, all.filter(([name, part]) => single(name) !== part)]));`,
    );
    const [count, singleCount, others] = JSON.parse(output);
    expect(count).toBeGreaterThan(10);
    expect(singleCount).toBe(count);
    expect(others).toEqual([]);
  });

  it("has parts whose props can be named by React's own types", () => {
    writeFileSync(
      join(consumer.folder, "props.mts"),
      `import type { ComponentProps } from "react";
       import { SyncProgress } from "react-sync-progress";
       import { SyncProgressTitle } from "react-sync-progress/parts";
       export const title: ComponentProps<typeof SyncProgressTitle> = { level: 3 };
       export const bar: ComponentProps<typeof SyncProgress.Bar> = { className: "bar" };`,
    );
    const args = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--types", "node", "props.mts"];
    const check = () => execFileSync("tsc", args, { cwd: consumer.folder, stdio: "pipe", encoding: "utf8" });
    expect(check).not.toThrow();
  });
});
