import { SyncClient } from "../../src/client/sync-client.js";

/** A request that waits for its answer. */
export interface AskedRequest {
  readonly url: string;
  readonly signal: AbortSignal | null | undefined;
  readonly answer: (response: Response) => void;
}

/** A client, and a server that answers when it is told; `asked` are the requests so far. */
export function aSlowServer() {
  const asked: AskedRequest[] = [];
  const client = new SyncClient({
    baseUrl: "https://api.test",
    fetch: (url, init) =>
      new Promise((answer, refuse) => {
        init?.signal?.addEventListener("abort", () => refuse(init.signal?.reason));
        asked.push({ url: String(url), signal: init?.signal, answer });
      }),
  });
  return { client, asked };
}
