import { SyncClient } from "../../src/client/sync-client.js";

/** A request that waits for its response. */
export interface PendingRequest {
  readonly url: string;
  readonly signal: AbortSignal | null | undefined;
  readonly respond: (response: Response) => void;
}

/** A client, and a server that responds when the test says so; `requests` are those sent so far. */
export function aSlowServer() {
  const requests: PendingRequest[] = [];
  const client = new SyncClient({
    baseUrl: "https://api.test",
    fetch: (url, init) =>
      new Promise((respond, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
        requests.push({ url: String(url), signal: init?.signal, respond });
      }),
  });
  return { client, requests };
}
