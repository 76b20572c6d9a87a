import express from "express";
import type { createSyncRoutes } from "react-sync-progress/server";
import { toNodeHandler } from "react-sync-progress/server/node";

export function createExpressApp(routes: ReturnType<typeof createSyncRoutes>, path = "/api") {
  const app = express();
  app.use(express.json());
  app.get(`${path}/hello`, (_request, response) => void response.send("Hello"));
  app.use(path, toNodeHandler(routes));
  return app;
}
