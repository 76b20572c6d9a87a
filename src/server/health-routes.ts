import { Hono } from "hono";
import { DEFAULT_BASE_PATH } from "../protocol/endpoints.js";
import { checkPositive } from "./http/route-limits.js";
import type { SyncHealth, SyncService } from "./sync-service.js";

/** Options of {@link createHealthRoutes}. */
export interface HealthRoutesOptions {
  readonly service: SyncService;
  /** ms after which a store that does not respond counts as unreachable. Default 1,000. */
  readonly timeoutMs?: number;
  /** The path in front of both routes. Default `"/api"`. */
  readonly basePath?: string;
}

/**
 * What a supervisor or a proxy asks of a process, as a Hono app of its own, so that you decide who reaches it. Nobody has to sign
 * in, and nothing of a person is in it.
 *
 * - `GET /sync-health/live`: 200 as long as the process responds at all.
 * - `GET /sync-health/ready`: 200 if it takes new syncs and the store responds; else 503, with the reason as `status`.
 *
 * @throws TypeError when `timeoutMs` is not a number above 0.
 */
export function createHealthRoutes({ service, timeoutMs = 1_000, basePath }: HealthRoutesOptions): Hono {
  checkPositive("timeoutMs", timeoutMs);
  const app = new Hono().basePath(basePath ?? DEFAULT_BASE_PATH);
  app.get("/sync-health/live", (context) => context.json({ status: "live" }, 200, NOT_CACHED));
  app.get("/sync-health/ready", async (context) => {
    const status = statusOf(await service.health({ timeoutMs }));
    return context.json({ status }, status === "ready" ? 200 : 503, NOT_CACHED);
  });
  return app;
}

const NOT_CACHED = { "cache-control": "no-store" };

function statusOf({ state, isStoreReachable }: SyncHealth): "ready" | "draining" | "closed" | "store_unreachable" {
  if (state !== "running") return state;
  return isStoreReachable ? "ready" : "store_unreachable";
}
