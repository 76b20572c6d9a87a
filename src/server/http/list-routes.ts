import type { Context, Hono } from "hono";
import type { DownloadFormat, DownloadList } from "../../protocol/download.js";
import { PATHS } from "../../protocol/endpoints.js";
import { encodeFailurePage } from "../../protocol/failure.js";
import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { encodeSyncPage } from "../../protocol/sync-page.js";
import type { SyncService } from "../sync-service.js";
import { createDownload, readFormat } from "./download.js";
import { readFailureRequest, readFilter, readPage } from "./request-input.js";
import { type RouteEnv, unknownSync } from "./route-env.js";
import { viewerKeyOf } from "./viewer-key.js";

/** Adds the list of syncs, and the lists of one sync with their downloads. */
export function addListRoutes(
  app: Hono<RouteEnv>,
  service: SyncService,
  withRoutes: (snapshot: SyncSnapshot) => SyncSnapshot,
): void {
  app.get(PATHS.syncs, async (context) => {
    const scope = context.get("scope");
    const { records, nextCursor } = await service.list(
      scope,
      readFilter(context.req.queries()),
      readPage(context.req.query()),
    );
    const syncs = records.map(({ snapshot }) => withRoutes(snapshot));
    return context.json(encodeSyncPage({ syncs, nextCursor, hasFeed: true, viewer: await viewerKeyOf(scope) }));
  });

  app.get(PATHS.log, (context) => download(context, "log", readFormat(context.req.query()) ?? "ndjson"));

  app.get(PATHS.failures, async (context) => {
    const format = readFormat(context.req.query());
    if (format !== null) return download(context, "failures", format);
    const request = readFailureRequest(context.req.query());
    const failures = await service.listFailures(context.get("scope"), context.req.param("syncId"), request);
    if (failures === null) throw unknownSync();
    return context.json(encodeFailurePage(failures));
  });

  async function download(context: Context<RouteEnv>, list: DownloadList, format: DownloadFormat) {
    const syncId = context.req.param("syncId") ?? "";
    const file = await createDownload(service, context.get("scope"), syncId, list, format);
    if (file === null) throw unknownSync();
    return context.body(file.body, 200, { ...file.headers });
  }
}
