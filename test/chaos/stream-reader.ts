import { Agent, type ClientRequest, request } from "node:http";
import { createParser, type EventSourceMessage } from "eventsource-parser";

export interface StreamReaderOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Returns whether the stream is to be left. */
  readonly onEvent: (event: EventSourceMessage) => boolean;
  /** A response that is no stream. */
  readonly onRefused: (status: number) => void;
  readonly onConnect: () => void;
}

/** Of a connection each, as browsers have for streams. */
const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
const RETRY_MS = 2_000;

/**
 * Reads an event stream, and comes back after the advised time with the id of the last event when the connection is lost, as
 * `EventSource` does; unlike that also after a response that is no stream. Returns a function that leaves it.
 */
export function readEventStream(options: StreamReaderOptions): () => void {
  let lastEventId = "";
  let retryMs = RETRY_MS;
  let isLeft = false;
  let sent: ClientRequest | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function leave(): void {
    isLeft = true;
    clearTimeout(timer);
    sent?.destroy();
  }

  function comeBack(): void {
    if (!isLeft) timer = setTimeout(open, retryMs);
  }

  function open(): void {
    const position = lastEventId === "" ? {} : { "last-event-id": lastEventId };
    const own = request(options.url, { agent, headers: { ...options.headers, ...position } });
    sent = own;
    own.on("error", () => {});
    own.on("close", comeBack);
    own.on("response", (response) => {
      response.on("error", () => {});
      if (response.statusCode !== 200) {
        options.onRefused(response.statusCode ?? 0);
        response.resume();
        return;
      }
      options.onConnect();
      const parser = createParser({
        onRetry: (ms) => {
          retryMs = ms;
        },
        onEvent: (event) => {
          if (event.id !== undefined) lastEventId = event.id;
          if (!isLeft && options.onEvent(event)) leave();
        },
      });
      response.setEncoding("utf8");
      response.on("data", (text: string) => parser.feed(text));
    });
    own.end();
  }

  open();
  return leave;
}
