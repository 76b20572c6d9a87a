import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));
const examples = join(project, "docs/examples");

/** A fresh folder in which an application is made that uses the packed package. */
export interface Workspace {
  readonly folder: string;
  /** The package as npm would publish it. */
  readonly tarball: string;
  /** Runs a command of the application and returns what it prints. @throws Error with its output if it fails. */
  run(command: string, ...args: readonly string[]): string;
  /** Installs the package and others from the npm registry. */
  install(...packages: readonly string[]): void;
  write(path: string, text: string): void;
  /** Copies examples of the documentation to a folder, with their imports of each other as given. */
  copyExamples(folder: string, ...names: readonly string[]): void;
}

/** Tries the package in one kind of application. Returns a remark for the table. @throws Error with what is wrong. */
export type Consumer = (workspace: Workspace) => Promise<string>;

/** Packs what is built from the sources. Returns the path of the tarball. */
export function packPackage(folder: string): string {
  execFileSync("tsup", ["--silent"], { cwd: project, stdio: "inherit" });
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], { cwd: project });
  const name = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error(`npm pack has written no tarball into ${folder}.`);
  return join(folder, name);
}

export function createWorkspace(name: string, tarball: string): Workspace & { remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), `consumer-${name}-`));
  const folder = join(parent, "app");
  mkdirSync(folder);
  const run = (command: string, ...args: readonly string[]) => runIn(folder, command, args);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  return {
    folder,
    tarball,
    run,
    write,
    install: (...packages) => {
      run("npm", "install", "--loglevel=error", "--no-audit", "--no-fund", tarball, ...packages);
    },
    copyExamples: (to, ...names) => {
      mkdirSync(join(folder, to), { recursive: true });
      for (const file of names) copyFileSync(join(examples, file), join(folder, to, file));
    },
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}

function runIn(cwd: string, command: string, args: readonly string[]): string {
  const env = { ...process.env, CI: "true", NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };
  try {
    return execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    if (!(error instanceof Error && "stdout" in error && "stderr" in error)) throw error;
    throw new Error(`${command} ${args.join(" ")}\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

/** The text of an example of the documentation. */
export function readExample(name: string): string {
  return readFileSync(join(examples, name), "utf8");
}
