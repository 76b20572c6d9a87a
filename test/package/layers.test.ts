import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
    ["react", "../components/shared/icons.js"],
    ["react", "@radix-ui/react-dialog"],
    ["devtools", "../components/shared/icons.js"],
    ["devtools", "../msw/sync-driver.js"],
    ["testing", "../components/shared/icons.js"],
    ["testing", "../msw/sync-driver.js"],
    ["testing", "@testing-library/react"],
    ["testing", "vitest"],
    ["client", "../testing/test-sync.js"],
    ["components/card", "../../testing/test-sync.js"],
    ["msw", "../testing/test-sync.js"],
    ["components/labels", "../wording/direction.js"],
    ["components/labels", "../shared/part.js"],
    ["components/labels", "../../react/use-sync-progress.js"],
    ["components/labels", "react"],
    ["components/wording", "../announcer/announcer.js"],
    ["components/announcer", "../progress/progress-root.js"],
    ["components/progress", "../modal/return-focus.js"],
    ["components/progress", "../../server/sync-service.js"],
    ["components/modal", "../card/card-menu.js"],
    ["components/card", "../../server/sync-service.js"],
    ["components/card", "hono"],
    ["components/card", "../indicator/sync-indicator.js"],
    ["components/modal", "../history/sync-history.js"],
    ["components/all", "../history/sync-history.js"],
    ["components/history", "../card/card-menu.js"],
    ["components/indicator", "../all/sync-all.js"],
    ["components/shared", "../labels/en.js"],
    ["components/shared", "../progress/progress-root.js"],
    ["server", "../client/watch.js"],
    ["server", "react"],
    ["server", "node:http"],
    ["server/sqlite", "../../client/watch.js"],
    ["server/sqlite", "hono"],
    ["server/redis", "../../client/watch.js"],
    ["server/redis", "redis"],
    ["server/postgres", "../../client/watch.js"],
    ["server/postgres", "pg"],
    ["server/node", "../../client/watch.js"],
    ["server/jwt", "../../client/watch.js"],
    ["server/jwt", "node:crypto"],
    ["server/email", "../../client/watch.js"],
    ["server/email", "../../components/labels/en.js"],
    ["server/email", "node:net"],
    ["server/opentelemetry", "../../client/watch.js"],
    ["server/opentelemetry", "@opentelemetry/sdk-trace"],
    ["server/opentelemetry", "hono"],
    ["cli", "../client/watch.js"],
    ["cli", "../server/sync-service.js"],
    ["cli/checks", "../../client/watch.js"],
    ["cli/checks", "../../server/sync-service.js"],
    ["cli", "react"],
    ["cli", "hono"],
    ["msw", "../client/watch.js"],
    ["msw", "../components/shared/icons.js"],
  ])("forbids %s to import %s", (room, imported) => {
    expect(isBanned(room, imported)).toBe(true);
  });

  it.each([
    ["client", "../protocol/events.js"],
    ["react", "../client/watch.js"],
    ["react", "react"],
    ["devtools", "../react/sync-provider.js"],
    ["testing", "../react/sync-provider.js"],
    ["testing", "../client/sync-client.js"],
    ["testing", "react"],
    ["components/labels", "../../protocol/status.js"],
    ["components/wording", "../labels/en.js"],
    ["components/announcer", "../wording/direction.js"],
    ["components/progress", "../announcer/announcer.js"],
    ["components/progress", "../shared/part.js"],
    ["components/modal", "../progress/progress-root.js"],
    ["components/modal", "@radix-ui/react-dialog"],
    ["components/card", "../modal/return-focus.js"],
    ["components/card", "../../react/sync-provider.js"],
    ["components/indicator", "../modal/return-focus.js"],
    ["components/all", "../progress/progress-root.js"],
    ["components/history", "../wording/use-wording.js"],
    ["components/shared", "../../react/use-latest.js"],
    ["server", "../protocol/events.js"],
    ["server", "hono"],
    ["server/sqlite", "node:sqlite"],
    ["server/sqlite", "../sync-store.js"],
    ["server/redis", "../sync-store.js"],
    ["server/postgres", "../sync-store.js"],
    ["server/email", "../sync-store.js"],
    ["server/email", "nodemailer"],
    ["server/opentelemetry", "../observers.js"],
    ["server/opentelemetry", "@opentelemetry/api"],
    ["server/node", "node:http"],
    ["server/node", "@hono/node-server"],
    ["server/jwt", "../http/sign-in.js"],
    ["server/jwt", "jose"],
    ["server/bullmq", "../sync-service.js"],
    ["server/bullmq", "bullmq"],
    ["cli", "node:http"],
    ["cli/checks", "../../protocol/decode-snapshot.js"],
    ["msw", "../server/sync-service.js"],
    ["msw", "msw"],
  ])("allows %s to import %s", (room, imported) => {
    expect(isBanned(room, imported)).toBe(false);
  });

  it("knows every room of components, and there is nothing beside the rooms", () => {
    const rooms = readdirSync(join(project, "src/components")).filter((room) => room !== "styles");
    for (const room of rooms) expect(isBanned(`components/${room}`, "hono"), room).toBe(true);
  });
});
