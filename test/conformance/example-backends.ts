import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { canTest, findProgram } from "../server/engines/find-engine.js";
import type { Backend, Feature } from "./backend.js";

export const ADA = { cookie: "session=ada-session" };
export const GRACE = { cookie: "session=grace-session" };
export const ORIGIN = "https://app.example.com";
/** What the examples, and our own server under test, have to sync. */
export const TYPES = { complete: "gmail", partlyFailed: "drive", failed: "crm", endless: "archive" } as const;

/** What both examples offer; how many sockets they have open can be found out on Linux only. */
export const EXAMPLE_FEATURES: ReadonlySet<Feature> = new Set([
  "seq",
  "heartbeat",
  "start",
  "list",
  "cancel",
  "failures",
  "signIn",
  "cors",
  ...(process.platform === "linux" ? (["connections"] as const) : []),
]);

/** A backend that was started for the tests. */
export interface RunningBackend {
  readonly backend: Backend;
  stop(): Promise<void>;
}

const examples = new URL("../../examples/", import.meta.url).pathname;

/** Whether there is a Python with Flask to run the example with. */
export function hasFlask(): boolean {
  return canTest(findPythonWithFlask(), "Flask for Python 3", "python3-flask");
}

/** Whether there is a Go to build the example with. */
export function hasGo(): boolean {
  return canTest(findGo(), "go", "golang-go");
}

export async function startFlask(): Promise<RunningBackend> {
  const python = findPythonWithFlask();
  if (python === null) throw new Error("Flask for Python 3 was not found: install the package python3-flask.");
  const child = spawn(python, ["app.py"], { cwd: join(examples, "flask"), env: { ...settings(), ...NO_CACHE } });
  return follow(child);
}

/** Builds the example and starts it. A Go of 1.20 or newer builds its library first, which may take half a minute. */
export async function startGo(): Promise<RunningBackend> {
  const go = findGo();
  if (go === null) throw new Error("go was not found: install the package golang-go.");
  const folder = mkdtempSync(join(tmpdir(), "sync-backend-"));
  const program = join(folder, "sync-backend");
  const env = { ...process.env, ...OFFLINE };
  execFileSync(go, ["build", "-o", program, "."], { cwd: join(examples, "go"), env });
  const { backend, stop } = await follow(spawn(program, { env: settings() }));
  return {
    backend,
    async stop() {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}

const NO_CACHE = { PYTHONDONTWRITEBYTECODE: "1" };
const OFFLINE = { GOFLAGS: "-mod=mod", GOPROXY: "off", GOTOOLCHAIN: "local" };

function settings() {
  return { ...process.env, PORT: "0", HEARTBEAT_SECONDS: "0.3", APP_ORIGIN: ORIGIN };
}

/** Waits for the line with the URL that an example prints first. */
async function follow(child: ChildProcess): Promise<RunningBackend> {
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-2_000);
  });
  if (child.stdout === null) throw new Error("The example has no output.");
  const exited = once(child, "exit").then(() => {
    throw new Error(`The example has ended: ${log}`);
  });
  exited.catch(() => {});
  const [baseUrl] = await Promise.race([once(createInterface(child.stdout), "line"), exited]);
  return {
    backend: {
      baseUrl: String(baseUrl),
      offers: EXAMPLE_FEATURES,
      ada: ADA,
      grace: GRACE,
      types: TYPES,
      origin: ORIGIN,
      countConnections: () => countSockets(child.pid),
    },
    async stop() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** How many sockets a process has open, by what Linux says of it. */
function countSockets(pid: number | undefined): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((name) => {
    try {
      return readlinkSync(join(folder, name)).startsWith("socket:");
    } catch {
      // It was closed meanwhile.
      return false;
    }
  }).length;
}

/** Debian's first, which has the package; another one that comes first in the path may not. */
function findPythonWithFlask(): string | null {
  for (const program of ["/usr/bin/python3", findProgram("python3")]) {
    try {
      if (program !== null) execFileSync(program, ["-c", "import flask"], { stdio: "ignore" });
      if (program !== null) return program;
    } catch {
      // Not this one.
    }
  }
  return null;
}

function findGo(): string | null {
  return findProgram("go", ["/usr/bin", "/usr/local/go/bin", "/usr/lib/go/bin"]);
}
