import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { StoreAddress } from "./open-store.js";
import type { Order, Report } from "./sync-process.js";

/** A server process of its own. */
export interface SyncProcess {
  readonly reports: readonly Report[];
  order(order: Order): void;
  /** The first report of a kind, or the next one if it has not come yet. */
  next<Kind extends Report["is"]>(kind: Kind): Promise<Extract<Report, { readonly is: Kind }>>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

export async function startProcess(address: StoreAddress, leaseMs = 300): Promise<SyncProcess> {
  const script = fileURLToPath(new URL("sync-process.ts", import.meta.url));
  const child = fork(script, [], {
    execArgv: ["--import", "tsx", "--disable-warning=ExperimentalWarning"],
    env: { ...process.env, STORE_ENGINE: address.engine, STORE_AT: address.at, LEASE_MS: String(leaseMs) },
  });
  const reports: Report[] = [];
  const waiting: ((report: Report) => void)[] = [];
  child.on("message", (report: Report) => {
    reports.push(report);
    for (const notify of [...waiting]) notify(report);
  });

  function next<Kind extends Report["is"]>(kind: Kind): Promise<Extract<Report, { readonly is: Kind }>> {
    const isOfKind = (report: Report): report is Extract<Report, { readonly is: Kind }> => report.is === kind;
    return new Promise((resolve) => {
      const before = reports.find(isOfKind);
      if (before !== undefined) resolve(before);
      else waiting.push((report) => isOfKind(report) && resolve(report));
    });
  }

  const exit = once(child, "exit").then(([code]) => {
    throw new Error(`The process has ended with ${code}.`);
  });
  exit.catch(() => {});
  await Promise.race([next("ready"), exit]);
  return {
    reports,
    order: (order) => void child.send(order),
    next,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
