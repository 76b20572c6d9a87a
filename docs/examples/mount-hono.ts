import { Hono } from "hono";
import type { createSyncRoutes } from "react-sync-progress/server";

export function createHonoApp(routes: ReturnType<typeof createSyncRoutes>) {
  return new Hono().get("/api/hello", (context) => context.text("Hello")).route("/", routes);
}
