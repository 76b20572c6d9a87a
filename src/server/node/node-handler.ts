import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";

/** What responds to web-standard requests, such as `createSyncRoutes(...)`. */
export interface FetchApp {
  fetch(request: Request, env?: object): Response | Promise<Response>;
}

/** A request listener of Node's `http`, and middleware of Express, Connect, Polka and the like. */
export type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/**
 * Serves an app on Node's own requests and responses, such as those of `http.createServer`, Express and Fastify. It sees the
 * whole path, whatever prefix a framework has removed, and the body of a request even if a parser has read it already. It
 * responds to every request that it gets, also with 404: mount it under the path of the routes, behind others of that path.
 *
 * @example
 * express().use("/api", toNodeHandler(createSyncRoutes({ service, authenticate, integrations })));
 */
export function toNodeHandler(app: FetchApp): NodeHandler {
  // The Request and Response of an application are not ours to replace.
  const listen = getRequestListener((request, env) => app.fetch(request, env), { overrideGlobalObjects: false });
  return (incoming, outgoing) => {
    restoreUrl(incoming);
    restoreBody(incoming);
    void listen(incoming, outgoing);
  };
}

/** Express and Connect remove the path that middleware is mounted at. */
function restoreUrl(incoming: IncomingMessage): void {
  if ("originalUrl" in incoming && typeof incoming.originalUrl === "string") incoming.url = incoming.originalUrl;
}

/** A parser in front, such as `express.json()`, has read the body, and left what it made of it. */
function restoreBody(incoming: IncomingMessage): void {
  if (!incoming.readableDidRead || !("body" in incoming) || "rawBody" in incoming) return;
  const { body } = incoming;
  if (body === undefined || body === null) return;
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  // By this name `@hono/node-server` finds it.
  Object.assign(incoming, { rawBody: Buffer.from(isRaw ? body : JSON.stringify(body)) });
}
