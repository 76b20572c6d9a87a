import { Agent, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";
import type { createSyncRoutes } from "../../../src/server/sync-routes.js";

/** How a route is requested. */
export interface RouteRequest {
  /** `METHOD /path` as the app has it. */
  readonly route: string;
  readonly method: string;
  /** With `:syncId` for an id. */
  readonly path: string;
  readonly body: string | null;
  /** Whether it is about one sync. */
  readonly isAboutSync: boolean;
}

/** The body of a request for each route; `null` for none. A route that is missing here fails the tests that walk them. */
const BODIES: Readonly<Record<string, object | null>> = {
  "GET /api/integrations": null,
  "POST /api/integrations/:type/sync": { full_sync: true },
  "GET /api/sync-progress": null,
  "GET /api/sync-progress/stream": null,
  "GET /api/sync-progress/:syncId": null,
  "GET /api/sync-progress/:syncId/stream": null,
  "GET /api/sync-progress/:syncId/failures": null,
  "GET /api/sync-progress/:syncId/log": null,
  "POST /api/sync-progress/:syncId/pause": null,
  "POST /api/sync-progress/:syncId/resume": null,
  "POST /api/sync-progress/:syncId/cancel": null,
  "POST /api/sync-progress/:syncId/retry": { only: "failed" },
  "PUT /api/sync-progress/:syncId/notify": { email: true },
};

/** A request for every route of an app, in the order of `BODIES`, and GET as HEAD as well. */
export function requestsOf(app: ReturnType<typeof createSyncRoutes>, type: string): readonly RouteRequest[] {
  // Middleware is for all methods.
  const routes = new Set(
    app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`),
  );
  const missing = [...routes].filter((route) => !Object.hasOwn(BODIES, route));
  if (missing.length > 0) throw new Error(`Say how these routes are requested: ${missing.join(", ")}`);
  return Object.entries(BODIES)
    .filter(([route]) => routes.has(route))
    .flatMap(([route, body]) => {
      const [method = "", path = ""] = route.split(" ");
      const one: RouteRequest = {
        route,
        method,
        path: path.replace(":type", type),
        body: body === null ? null : JSON.stringify(body),
        isAboutSync: path.includes(":syncId"),
      };
      return method === "GET" ? [one, { ...one, route: `HEAD ${path}`, method: "HEAD" }] : [one];
    });
}

/** Everything of a response, except for its date. */
export interface WholeResponse {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

/** Requests a route over a connection of its own; of a stream it reads the state at the beginning. */
export async function requestRoute(
  url: string,
  { method, path, body, isAboutSync }: RouteRequest,
  headers: Record<string, string>,
  syncId: string,
): Promise<WholeResponse> {
  const agent = new Agent();
  const content = body === null ? {} : { "content-type": "application/json", "content-length": String(body.length) };
  const sent = request(url + path.replace(":syncId", syncId), { method, agent, headers: { ...content, ...headers } });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  sent.on("response", resolve).on("error", reject);
  sent.end(body ?? undefined);
  try {
    const response = await promise;
    const isStream = response.headers["content-type"] === "text/event-stream" && method !== "HEAD";
    return {
      status: response.statusCode ?? 0,
      headers: response.rawHeaders.filter((_, at, all) => all[at - (at % 2)] !== "Date"),
      body: isStream
        ? await readUntil(response, isAboutSync ? "event: current_state" : "event: ready")
        : (await buffer(response)).toString("base64"),
    };
  } finally {
    agent.destroy();
  }
}

/** The text of a response in base64, as `requestRoute` returns it. */
export const textOf = ({ body }: WholeResponse) => Buffer.from(body, "base64").toString();

async function readUntil(response: IncomingMessage, until: string): Promise<string> {
  let text = "";
  for await (const chunk of response) {
    text += String(chunk);
    if (text.includes(until)) break;
  }
  return Buffer.from(text).toString("base64");
}
