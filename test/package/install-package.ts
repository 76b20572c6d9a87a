import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const project = fileURLToPath(new URL("../..", import.meta.url));

const PEERS = [
  "react",
  "react-dom",
  "hono",
  "@hono",
  "bullmq",
  "jose",
  "msw",
  "nodemailer",
  "@opentelemetry",
  "@radix-ui",
  "@tanstack",
  "@types",
  "csstype",
  "eventsource",
];

export interface Consumer {
  /** The app's folder. */
  readonly folder: string;
  /** Where the package lies in it. */
  readonly installed: string;
  /** What a script of the app prints, in plain Node. */
  run(script: string, type?: "module" | "commonjs"): string;
  remove(): void;
}

/** The package as npm would publish it, in the node_modules of an app that has the peers. */
export function installPackage(): Consumer {
  if (!existsSync(join(project, "dist/index.js"))) execFileSync("tsup", ["--silent"], { cwd: project });
  const folder = mkdtempSync(join(tmpdir(), "consumer-"));
  const pack = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: project,
  });
  const tarball = JSON.parse(pack.toString());
  const [{ filename }] = Array.isArray(tarball) ? tarball : Object.values<{ filename: string }>(tarball);
  const installed = join(folder, "node_modules", "react-sync-progress");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(folder, filename), "-C", installed, "--strip-components=1"]);
  for (const name of PEERS) {
    symlinkSync(join(project, "node_modules", name), join(folder, "node_modules", name));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", type: "module" }));
  return {
    folder,
    installed,
    run: (script, type = "module") =>
      execFileSync("node", [`--input-type=${type}`, "-e", script], { cwd: folder })
        .toString()
        .trim(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
