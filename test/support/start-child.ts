import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process that runs a script of ours. */
export interface ChildProcessOf<Order> {
  send(order: Order): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

export interface ChildOptions<Report> {
  readonly env: Readonly<Record<string, string>>;
  readonly onReport: (report: Report) => void;
}

/** Starts a script in TypeScript in a process of its own, which gets orders and sends reports. */
export function startChild<Report, Order = never>(
  script: URL,
  { env, onReport }: ChildOptions<Report>,
): ChildProcessOf<Order> {
  const child = fork(fileURLToPath(script), [], {
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
