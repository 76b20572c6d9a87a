import { Agent, type IncomingMessage, request } from "node:http";

/** A reader of a stream over a connection of its own. */
export interface StreamReader {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** All that has come so far. */
  readonly text: () => string;
  /** Names of the events that have come so far, heartbeats left out. */
  readonly events: () => string[];
  /** Resolves when the response has ended or the connection was closed. */
  readonly closed: Promise<void>;
  /** Stops and goes on to read from the connection. */
  pause(): void;
  resume(): void;
  /** Leaves. */
  leave(): void;
}

/** Opens a stream and resolves when its head is there. */
export function readStream(
  url: string,
  headers: Record<string, string> = {},
  onText: (text: string) => void = () => {},
): Promise<StreamReader> {
  const { promise, resolve, reject } = Promise.withResolvers<StreamReader>();
  const agent = new Agent({ maxSockets: 1 });
  const sent = request(url, { headers: { "x-user": "acme/ada", ...headers }, agent });
  sent.on("error", reject);
  sent.on("response", (response) => {
    let text = "";
    const closed = Promise.withResolvers<void>();
    response.setEncoding("utf8");
    response.on("data", (chunk) => {
      text += chunk;
      onText(chunk);
    });
    response.on("error", () => {});
    response.on("close", () => closed.resolve());
    resolve({
      status: response.statusCode ?? 0,
      headers: response.headers,
      text: () => text,
      events: () =>
        [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name ?? "").filter((name) => name !== "heartbeat"),
      closed: closed.promise,
      pause: () => response.pause(),
      resume: () => response.resume(),
      leave: () => agent.destroy(),
    });
  });
  sent.end();
  return promise;
}
