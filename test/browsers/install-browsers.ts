import { spawnSync } from "node:child_process";

const isInstalled = (command: string) => spawnSync("which", [command]).status === 0;

const PACKAGES = [
  { name: "firefox-esr", commands: ["firefox-esr", "firefox"] },
  { name: "webkit2gtk-driver", commands: ["WebKitWebDriver"] },
  { name: "xvfb", commands: ["Xvfb"] },
] as const;

/** Installs Debian's browsers if they are missing. @throws Error with what is missing if it cannot. */
export function installBrowsers(): void {
  const missing = PACKAGES.filter(({ commands }) => !commands.some(isInstalled)).map(({ name }) => name);
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]) => spawnSync("apt-get", args, { stdio: "inherit", env }).status === 0;
  if (apt("update", "-qq") && apt("install", "-y", "-qq", "--no-install-recommends", ...missing)) return;
  throw new Error(`These packages are missing and could not be installed: ${missing.join(", ")}.`);
}

/** The first of the commands that is installed. */
export function findCommand(...names: readonly string[]): string {
  const found = names.map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim()).find(Boolean);
  if (found === undefined) throw new Error(`${names[0]} is not installed.`);
  return found;
}
