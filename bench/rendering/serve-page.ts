import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Asks for the page's files to be served. */
export interface ServeRequest {
  readonly type: "serve";
  readonly script: string;
  readonly html: string;
}

/** Asks for events to be sent; `subject` says which, in the server's own words. */
export interface PlayRequest {
  readonly type: "play";
  readonly subject: string;
  readonly eventsPerSecond: number;
  readonly durationMs: number;
}

/** The page is served at `url`, or so many events were sent. */
export type ServerReply =
  | { readonly type: "serving"; readonly url: string }
  | { readonly type: "played"; readonly events: number };

/** What a server does beside serving the page. */
export interface BenchBackend {
  /** Responds to a request of the API; returns whether the URL is one of it. */
  respond(url: URL, response: ServerResponse): boolean;
  /** Returns how many events were sent, when they are. */
  play(request: PlayRequest): Promise<number>;
}

/** Serves a page with its backend, in a process of its own, as the parent requests. */
export function serveBackend(backend: BenchBackend): void {
  process.on("message", async (request: ServeRequest | PlayRequest) => {
    const reply: ServerReply =
      request.type === "serve"
        ? { type: "serving", url: await listen(backend, request) }
        : { type: "played", events: await backend.play(request) };
    process.send?.(reply);
  });
}

async function listen({ respond }: BenchBackend, { script, html }: ServeRequest): Promise<string> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (respond(url, response)) return;
    if (url.pathname === "/page.js") response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    else response.writeHead(200, { "content-type": "text/html" }).end(html);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
