import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of a program, looked for where shells and Debian's packages have it; `null` if it is not there. */
export function findProgram(name: string, folders: readonly string[] = []): string | null {
  const all = [...(process.env["PATH"] ?? "").split(delimiter), ...folders];
  return all.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** The folders of the PostgreSQL versions that are installed as Debian does, newest first. */
export function postgresFolders(): readonly string[] {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, "bin"));
}

/**
 * Whether tests of a server can run. Says in one line what is missing; under CI that is a failure, which the tests
 * themselves report.
 */
export function canTest(program: string | null, name: string, aptPackage: string): boolean {
  if (program !== null) return true;
  process.stderr.write(`${name} was not found: install the package ${aptPackage}; its tests are skipped.\n`);
  return process.env["CI"] === "true";
}
