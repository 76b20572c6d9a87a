import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

/** The demo as a process of its own, as `npm start` runs it. */
export interface DemoServer {
  readonly url: string;
  readonly dataFolder: string;
  /** What it has printed so far. */
  output(): string;
  /** Ends the process as a crash would. */
  kill(): Promise<void>;
  /** Ends the process as a supervisor does. Resolves with its exit code. */
  end(): Promise<number | null>;
  /** Stops and lets go on the process, as a machine does that has no time for it. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
}

/**
 * Starts the demo; `isRestart` leaves out building the web app, which is there already. It begins with nothing, unless it
 * is given the data folder of an earlier one.
 */
export async function startDemo(
  port: number,
  {
    isRestart = false,
    dataFolder = mkdtempSync(join(tmpdir(), "demo-data-")),
    env = {},
    script = "main",
  }: {
    isRestart?: boolean;
    dataFolder?: string;
    env?: Record<string, string>;
    script?: "main" | "start-redis";
  } = {},
): Promise<DemoServer> {
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", `demo/server/${script}.ts`], {
    cwd: projectFolder,
    env: {
      ...process.env,
      PORT: String(port),
      DEMO_DATA: dataFolder,
      ...(isRestart && { DEMO_SKIP_BUILD: "true" }),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    // Its own group, so that what it has started goes with it.
    detached: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      output += chunk;
      if (output.includes("The demo is at")) resolve();
    });
  }
  child.on("exit", () => reject(new Error(`the demo ended before it was ready:\n${output}`)));
  await promise;
  const signalGroup = (name: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name);
  };
  return {
    url: `http://localhost:${port}`,
    dataFolder,
    output: () => output,
    signal: signalGroup,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const gone = once(child, "exit");
      // To this process alone, which passes it on to those that it has started.
      child.kill("SIGTERM");
      await gone;
      return child.exitCode;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      signalGroup("SIGKILL");
      await gone;
    },
  };
}
