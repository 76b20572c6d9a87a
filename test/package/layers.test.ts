import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const project = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "layers-"));
  copyFileSync(join(project, "biome.json"), join(folder, "biome.json"));
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  execFileSync("git", ["init", "-q"], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the lint rule says of a file in a room with one import. */
function isBanned(room: string, imported: string): boolean {
  const path = join(folder, "src", room, "probe.ts");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { probe } from "${imported}";\n\nprobe();\n`);
  try {
    execFileSync("biome", ["lint", "--only=style/noRestrictedImports", path], { cwd: folder, stdio: "pipe" });
    return false;
  } catch (error) {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    expect(output).toContain("noRestrictedImports");
    return true;
  }
}

describe("the layer rule", () => {
  it.each([
    ["protocol", "../client/watch.js"],
    ["protocol", "react"],
    ["client", "../server/sync-service.js"],
    ["client", "../react/sync-provider.js"],
    ["client", "react"],
    ["client", "node:fs"],
    ["react", "../components/icons.js"],
    ["react", "@radix-ui/react-dialog"],
    ["components", "../server/sync-service.js"],
    ["components", "hono"],
    ["server", "../client/watch.js"],
    ["server", "react"],
    ["server", "node:http"],
    ["msw", "../client/watch.js"],
    ["msw", "../components/icons.js"],
  ])("forbids %s to import %s", (room, imported) => {
    expect(isBanned(room, imported)).toBe(true);
  });

  it.each([
    ["client", "../protocol/events.js"],
    ["react", "../client/watch.js"],
    ["react", "react"],
    ["components", "../react/sync-provider.js"],
    ["components", "@radix-ui/react-dialog"],
    ["server", "../protocol/events.js"],
    ["server", "hono"],
    ["msw", "../server/sync-service.js"],
    ["msw", "msw"],
  ])("allows %s to import %s", (room, imported) => {
    expect(isBanned(room, imported)).toBe(false);
  });
});
