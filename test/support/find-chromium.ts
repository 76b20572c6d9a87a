import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright";

/** Flags without which Chromium does not start as root, or talks to the network on its own. */
export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const USUAL_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The Chromium to test with: `CHROMIUM_PATH`, a usual place, or Playwright's own; `null` if there is none. */
export function findChromium(): string | null {
  const named = process.env["CHROMIUM_PATH"];
  const candidates = [...(named === undefined ? [] : [named]), ...USUAL_PATHS, chromium.executablePath()];
  return candidates.find((path) => path !== "" && existsSync(path)) ?? null;
}

/** Like {@link findChromium}, but installs Debian's package if possible. */
export function findOrInstallChromium(): string | null {
  const found = findChromium();
  if (found !== null) return found;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return null;
  const options = { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
  try {
    execFileSync("apt-get", ["update", "-qq"], options);
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], options);
  } catch {
    return null;
  }
  return findChromium();
}

/** The Chromium to test with. @throws Error with what to do if there is none. */
export function requireChromium(): string {
  const path = findChromium();
  if (path !== null) return path;
  throw new Error("No Chromium found: install the package `chromium`, or set CHROMIUM_PATH to an executable.");
}
