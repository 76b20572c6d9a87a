import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { getSyncs } from "../../docs/examples/syncs.js";
import type { createSyncRoutes } from "../../src/server/sync-routes.js";
import type { SyncService } from "../../src/server/sync-service.js";
import { eventually } from "../support/eventually.js";
import { serveFetch } from "../support/serve-fetch.js";
import { aNodeClient, follow } from "./mounted-syncs.js";

const project = fileURLToPath(new URL("../..", import.meta.url));
const ADA = { tenantId: "acme", userId: "ada" };

/** What a bundle of Next has: the routes, what runs at the start, and what a page or an action may call. */
interface Bundle {
  readonly GET: (request: Request) => Promise<Response>;
  readonly POST: (request: Request) => Promise<Response>;
  readonly PUT: (request: Request) => Promise<Response>;
  readonly register: () => Promise<void>;
  readonly getSyncs: typeof getSyncs;
  readonly createSyncRoutes: typeof createSyncRoutes;
  readonly SyncJobError: new (message: string) => Error;
}

let folder: string;
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  // Next bundles the package into each of its bundles.
  folder = mkdtempSync(join(project, "node_modules/.next-bundles-"));
  await build({
    stdin: {
      contents: `export * from "./next-route"; export * from "./next-instrumentation"; export * from "./syncs";
        export { createSyncRoutes, SyncJobError } from "react-sync-progress/server";`,
      resolveDir: join(project, "docs/examples"),
    },
    bundle: true,
    // As Next does it: no class has the name that it was written with.
    minify: true,
    platform: "node",
    format: "esm",
    packages: "bundle",
    external: ["hono", "hono/*"],
    tsconfig: join(project, "tsconfig.json"),
    outfile: join(folder, "bundle.mjs"),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0)) await cleanup();
  Reflect.deleteProperty(globalThis, Symbol.for("my-app.syncs"));
});

let evaluations = 0;

/** Evaluates the bundle once more. */
async function evaluate(): Promise<Bundle> {
  evaluations += 1;
  return import(`${pathToFileURL(join(folder, "bundle.mjs"))}?${evaluations}`);
}

/** A job that the test ends. */
function aJob() {
  const work = Promise.withResolvers<void>();
  return { job: () => work.promise, ...work };
}

describe("the handlers of Next, evaluated three times in one process,", () => {
  async function start() {
    const timers = vi.spyOn(globalThis, "setInterval");
    vi.stubEnv("NEXT_RUNTIME", "nodejs");
    const bundles = [await evaluate(), await evaluate(), await evaluate()] as const;
    expect(timers).not.toHaveBeenCalled();
    const [instrumentation, page, route] = bundles;
    await instrumentation.register();
    const { service } = page.getSyncs();
    cleanups.push(() => service.close());
    const server = await serveFetch((request) => {
      const method = request.method === "POST" || request.method === "PUT" ? request.method : "GET";
      return route[method](request);
    });
    const client = aNodeClient(`${server.url}/api`);
    cleanups.push(
      () => client.close(),
      () => server.close(),
    );
    return { bundles, service, client, url: server.url, timers };
  }

  it("share one service, and nothing runs at the start but what one has started", async () => {
    const { bundles, timers } = await start();
    const services = new Set(bundles.map(({ getSyncs }) => getSyncs().service));
    const routes = new Set(bundles.map(({ getSyncs }) => getSyncs().routes));
    expect([services.size, routes.size]).toEqual([1, 1]);
    const after = timers.mock.calls.length;
    for (const { GET } of bundles)
      expect((await GET(new Request("http://localhost/api/integrations"))).status).toBe(200);
    expect(timers.mock.calls).toHaveLength(after);
  });

  it("recover once, at the start of the server, and not on the edge", async () => {
    const { bundles, service } = await start();
    const recover = vi.spyOn(service, "recover");
    vi.stubEnv("NEXT_RUNTIME", "edge");
    await bundles[0].register();
    expect(recover).not.toHaveBeenCalled();
    vi.stubEnv("NEXT_RUNTIME", "nodejs");
    await bundles[0].register();
    for (const { GET } of bundles) await GET(new Request("http://localhost/api/integrations"));
    expect(recover).toHaveBeenCalledTimes(1);
  });

  it("stream a sync that another one has started", async () => {
    const { bundles, client, service } = await start();
    const { job, resolve } = aJob();
    const { syncId } = await bundles[1].getSyncs().service.run(ADA, job, { connectorType: "gmail" });
    const { view } = follow(client, syncId);
    await eventually(() => expect(view()?.connection).toBe("live"));
    expect(await client.startSync("gmail")).toBe(syncId);
    resolve();
    await eventually(() => expect(view()?.status).toBe("complete"));
    client.close();
    await eventually(() => expect(service.stats().activeSyncs).toBe(0));
  });

  it("run a whole sync for a client", async () => {
    const { client } = await start();
    const syncId = await client.startSync("gmail");
    const { view } = follow(client, syncId);
    await eventually(() => expect(view()).toMatchObject({ status: "complete", connection: "closed" }));
  });
});

describe("two copies of the package", () => {
  async function twoCopies() {
    const [first, second] = [await evaluate(), await evaluate()];
    const service: SyncService = first.getSyncs().service;
    cleanups.push(() => service.close());
    expect(first.SyncJobError).not.toBe(second.SyncJobError);
    return { first, second, service };
  }

  it("have one meaning of the error that a job throws for the person", async () => {
    const { second, service } = await twoCopies();
    const job = async () => {
      throw new second.SyncJobError("The mailbox is locked.");
    };
    const { settled } = await service.run(ADA, job, { connectorType: "gmail" });
    expect(await settled).toMatchObject({ status: "error", errorMessage: "The mailbox is locked." });
  });

  it("have one meaning of what a service refuses", async () => {
    const { second, service } = await twoCopies();
    const routes = second.createSyncRoutes({
      service,
      authenticate: () => ADA,
      integrations: [{ type: "gmail", name: "Gmail", sync: () => Promise.resolve() }],
    });
    const { job, resolve } = aJob();
    const { syncId, settled } = await service.run(ADA, job, { connectorType: "gmail" });
    const start = () => routes.request("/api/integrations/gmail/sync", { method: "POST" });
    const running = await start();
    expect([running.status, (await running.json()).sync_id]).toEqual([409, syncId]);
    expect((await routes.request("/api/sync-progress?cursor=x")).status).toBe(400);
    resolve();
    await settled;
    await service.close();
    expect((await start()).status).toBe(503);
  });
});
