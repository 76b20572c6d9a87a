import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process of this folder's script, which reports to us. */
export interface ChaosChild<Order> {
  send(order: Order): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts a script of this folder with a way to send it orders and to get its reports. */
export function startChild<Report, Order = never>(
  script: string,
  env: Readonly<Record<string, string>>,
  onReport: (report: Report) => void,
): ChaosChild<Order> {
  const child: ChildProcess = fork(fileURLToPath(new URL(script, import.meta.url)), [], {
    execArgv: ["--import", "tsx", "--disable-warning=ExperimentalWarning"],
    env: { ...process.env, ...env },
  });
  child.on("message", (report: Report) => onReport(report));
  return {
    send(order) {
      if (child.connected) child.send(order as object);
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
