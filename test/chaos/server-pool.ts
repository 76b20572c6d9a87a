import { createSeededRandom } from "../../src/msw/seeded-random.js";
import type { StoreAddress } from "../server/processes/open-store.js";
import { type ChildProcessOf, startChild } from "../support/start-child.js";
import type { ServerReport } from "./chaos-server.js";

export interface ServerPoolOptions {
  readonly address: StoreAddress;
  readonly processes: number;
  readonly stepMs: number;
  readonly seed: number;
  readonly smtp: { readonly port: number; readonly ca: string };
  /** The ports of the servers that are there. */
  readonly onPorts: (ports: readonly number[]) => void;
}

/** A process that was killed, by its name, and when. */
export interface Kill {
  readonly name: string;
  readonly at: number;
}

interface Server {
  readonly name: string;
  readonly child: ChildProcessOf<never>;
  port: number | null;
}

/** The server processes; one that is killed is started again. */
export class ServerPool {
  readonly kills: Kill[] = [];
  /** Texts of the errors that servers have reported, with how often each came. */
  readonly errors = new Map<string, number>();
  maxBytes = 0;
  readonly #options: ServerPoolOptions;
  readonly #random: () => number;
  readonly #servers: Server[] = [];
  #started = 0;

  constructor(options: ServerPoolOptions) {
    this.#options = options;
    this.#random = createSeededRandom(options.seed);
  }

  /** Starts all that are missing. Resolves when they serve. */
  async fill(): Promise<void> {
    const missing = this.#options.processes - this.#servers.length;
    await Promise.all(Array.from({ length: missing }, () => this.#start()));
  }

  /** ms until the next kill. */
  nextPause(average: number): number {
    return average * (0.5 + this.#random());
  }

  /** Kills one at random, unless only one serves, and starts its successor. Resolves when that serves. */
  async killOne(): Promise<void> {
    const serving = this.#servers.filter(({ port }) => port !== null);
    const victim = serving[Math.floor(this.#random() * serving.length)];
    if (victim === undefined || serving.length < 2) return;
    this.#servers.splice(this.#servers.indexOf(victim), 1);
    await victim.child.kill();
    this.kills.push({ name: victim.name, at: Date.now() });
    this.#announce();
    await this.#start();
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map(({ child }) => child.kill()));
  }

  #start(): Promise<void> {
    const { address, stepMs, smtp } = this.#options;
    this.#started += 1;
    const name = `server-${this.#started}`;
    const ready = Promise.withResolvers<void>();
    const env = {
      SERVER_NAME: name,
      STORE_ENGINE: address.engine,
      STORE_AT: address.at,
      STEP_MS: String(stepMs),
      SMTP_PORT: String(smtp.port),
      SMTP_CA: smtp.ca,
      SMTP_FROM_EMAIL: "syncs@example.org",
    };
    const child = startChild<ServerReport>(new URL("chaos-server.ts", import.meta.url), {
      env,
      onReport: (report) => {
        if (report.is === "memory") this.maxBytes = Math.max(this.maxBytes, report.bytes);
        if (report.is === "error") this.errors.set(report.text, (this.errors.get(report.text) ?? 0) + 1);
        if (report.is !== "ready") return;
        server.port = report.port;
        this.#announce();
        ready.resolve();
      },
    });
    const server: Server = { name, child, port: null };
    this.#servers.push(server);
    return ready.promise;
  }

  #announce(): void {
    this.#options.onPorts(this.#servers.flatMap(({ port }) => (port === null ? [] : [port])));
  }
}
