import { EventSource } from "eventsource";
import { SyncClient } from "react-sync-progress/headless";

/** A client that proves who it is with a header, and never with a token in a URL. */
export function createTokenClient(baseUrl: string, token: { get(): string; renew(): Promise<void> }) {
  const withToken = (init: RequestInit = {}): RequestInit => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token.get()}`);
    return { ...init, headers };
  };
  return new SyncClient({
    baseUrl,
    fetch: (input, init) => fetch(input, withToken(init)),
    // The token is read anew for every attempt, so that a renewed one is used at once.
    createEventSource: (url) =>
      new EventSource(url, {
        fetch: (input, init) => fetch(input, withToken({ ...init, headers: { ...init.headers } })),
      }),
    onUnauthorized: () => token.renew(),
  });
}
