import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { WorkerReport, WorkerSetup } from "./worker-process.js";

/** A worker in a process of its own. */
export interface WorkerProcess {
  readonly reports: readonly WorkerReport[];
  /** Ends it as a deployment does; resolves when it has given back what it ran. */
  drain(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

export async function startWorker(setup: WorkerSetup): Promise<WorkerProcess> {
  const child = fork(fileURLToPath(new URL("worker-process.ts", import.meta.url)), [], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, WORKER_SETUP: JSON.stringify(setup) },
  });
  const reports: WorkerReport[] = [];
  const reported = (is: WorkerReport["is"]) =>
    new Promise<void>((resolve, reject) => {
      child.on("message", (report: WorkerReport) => report.is === is && resolve());
      child.on("exit", (code) => reject(new Error(`The worker has ended with ${code}.`)));
    });
  child.on("message", (report: WorkerReport) => reports.push(report));
  await reported("ready");
  return {
    reports,
    async drain() {
      const drained = reported("drained");
      child.send("drain");
      await drained;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
