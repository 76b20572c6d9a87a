import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createHealthRoutes } from "../../src/server/health-routes.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { createSyncRoutes } from "../../src/server/sync-routes.js";
import { startIn } from "./a-job.js";
import { createFaultyStore, type Fault } from "./faulty-store.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A service with its health routes, on a store that goes wrong as the test says. */
function aProcess() {
  const faults = { fault: "none" as Fault };
  const reads = vi.fn();
  const store = createFaultyStore(createMemoryStore(), (method, args) => {
    if (method === "get") reads(...args);
    return faults.fault;
  });
  const service = createSyncService({ store });
  const routes = createHealthRoutes({ service });
  const look = async (path: "live" | "ready") => {
    const response = await routes.request(`/api/sync-health/${path}`);
    return [response.status, await response.json()];
  };
  /** What was seen before counts for a second. */
  const later = () => vi.advanceTimersByTimeAsync(1_000);
  return { service, faults, reads, look, later };
}

describe("a process", () => {
  it("is live and ready if it takes syncs and its store responds", async () => {
    const { look } = aProcess();
    expect(await look("live")).toEqual([200, { status: "live" }]);
    expect(await look("ready")).toEqual([200, { status: "ready" }]);
  });

  it("is not ready while its store fails, and live all the time: to start it again would not help", async () => {
    const { look, faults, later } = aProcess();
    faults.fault = "fail";
    expect(await look("ready")).toEqual([503, { status: "store_unreachable" }]);
    expect(await look("live")).toEqual([200, { status: "live" }]);
    faults.fault = "none";
    await later();
    expect(await look("ready")).toEqual([200, { status: "ready" }]);
  });

  it("is not ready if its store hangs, and says so within a second", async () => {
    const { look, faults } = aProcess();
    faults.fault = "hang";
    const looked = look("ready");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await looked).toEqual([503, { status: "store_unreachable" }]);
  });

  it("is not ready while it drains and after it was closed", async () => {
    const { service, look } = aProcess();
    const { finish } = await startIn(service);
    const drained = service.drain();
    expect(await look("ready")).toEqual([503, { status: "draining" }]);
    finish();
    await drained;
    expect(await look("ready")).toEqual([503, { status: "closed" }]);
    expect(await look("live")).toEqual([200, { status: "live" }]);
  });

  it("reads the store once a second, however often somebody looks, and never in the name of a person", async () => {
    const { look, reads, later } = aProcess();
    await Promise.all(Array.from({ length: 100 }, () => look("ready")));
    expect(reads).toHaveBeenCalledTimes(1);
    expect(reads.mock.calls[0]?.slice(0, 2)).toEqual([{ tenantId: "", userId: "" }, "health"]);
    await later();
    await look("ready");
    expect(reads).toHaveBeenCalledTimes(2);
  });
});

describe("the health routes", () => {
  it("stand beside the others without a sign-in, at the base path", async () => {
    const service = createSyncService();
    const authenticate = vi.fn(() => null);
    const app = new Hono()
      .route("/", createHealthRoutes({ service, basePath: "/v1" }))
      .route("/", createSyncRoutes({ service, authenticate, integrations: [], basePath: "/v1" }));
    const response = await app.request("/v1/sync-health/ready");
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(authenticate).not.toHaveBeenCalled();
    expect((await app.request("/v1/integrations")).status).toBe(401);
  });

  it("refuse a time that is none", () => {
    expect(() => createHealthRoutes({ service: createSyncService(), timeoutMs: 0 })).toThrow(
      "SyncProgressError: timeoutMs must be a number above 0, got 0.",
    );
  });
});
