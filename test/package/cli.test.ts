import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { FaultyBackend, type Plan } from "../cli/faulty-backend.ts";
import { eventually } from "../support/eventually.ts";
import { type Consumer, installPackage } from "./install-package.ts";

let consumer: Consumer;
let program: string;

beforeAll(() => {
  consumer = installPackage();
  const { bin } = JSON.parse(readFileSync(join(consumer.installed, "package.json"), "utf8"));
  program = join(consumer.installed, bin["react-sync-progress"]);
});
afterAll(() => consumer.remove());

async function start(plan: Partial<Plan> = {}) {
  const backend = new FaultyBackend(plan);
  onTestFinished(() => backend.close());
  return { backend, url: await backend.listen() };
}

async function finish(child: ChildProcess) {
  const out = child.stdout === null ? "" : text(child.stdout);
  const [code] = await once(child, "exit");
  return { code, out: await out };
}

describe("the command of the published package", () => {
  it("is a program of Node, that holds no React, no component and no directive for bundlers", () => {
    const code = readFileSync(program, "utf8");
    expect(code).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(program).mode & 0o111).not.toBe(0);
    const imported = [...code.matchAll(/from ?"([^"]+)"/g)].map(([, name = ""]) => name);
    expect(imported.length).toBeGreaterThan(3);
    expect(imported.filter((name) => !isBuiltin(name))).toEqual([]);
    expect(code).not.toContain("use client");
    expect(execFileSync("node", [program, "--help"]).toString()).toMatch(/^npx react-sync-progress doctor URL/);
  });

  it("examines a backend from a shell", async () => {
    const { url } = await start();
    const args = [program, "doctor", url, "--start", "gmail", "--cookie", "user=ada", "--json"];
    const { code, out } = await finish(spawn("node", args));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ version: 1, baseUrl: url, counts: { fault: 0, warning: 0 } });
  });

  it("cancels what it has started when Ctrl+C is pressed", async () => {
    const { backend, url } = await start({ items: 10_000 });
    const child = spawn("node", [program, "doctor", url, "--start", "gmail", "--cookie", "user=ada"]);
    const finished = finish(child);
    await eventually(() => expect(backend.status).toBe("syncing"));
    child.kill("SIGINT");
    const { code, out } = await finished;
    expect(code).toBe(130);
    expect(out).toMatch(/the sync that was started was cancelled[\s\S]*\nInterrupted\. /);
    expect(backend.status).toBe("cancelled");
  });
});
