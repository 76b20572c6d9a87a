/** A network between a client and a fetch handler that goes wrong by chance, the same way for the same numbers. */
export interface RandomNetwork {
  readonly fetch: typeof fetch;
  stats(): { readonly requests: number; readonly openStreams: number };
  /** Breaks every open stream, as a server does that is restarted. */
  restart(): void;
}

type Handler = (request: Request) => Response | Promise<Response>;

export function createRandomNetwork(handler: Handler, random: () => number): RandomNetwork {
  let requests = 0;
  const openStreams = new Set<() => void>();
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  /** The body as it arrives: cut, stalled, with chunks doubled or in the wrong order. */
  function spoil(body: ReadableStream<Uint8Array>, signal: AbortSignal | null): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    const lastChunk = random() < 0.5 ? 2 + Math.floor(random() * 12) : Number.POSITIVE_INFINITY;
    const ending = random();
    let chunks = 0;
    let held: Uint8Array | null = null;
    let cut = () => {};
    return new ReadableStream<Uint8Array>({
      start(controller) {
        cut = () => {
          if (!openStreams.delete(cut)) return;
          controller.error(new TypeError("connection lost"));
          void reader.cancel();
        };
        openStreams.add(cut);
        signal?.addEventListener("abort", cut);
      },
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!openStreams.has(cut)) return;
        if (done) {
          openStreams.delete(cut);
          if (held !== null) controller.enqueue(held);
          return controller.close();
        }
        chunks += 1;
        const luck = random();
        if (luck < 0.05 && held === null) {
          // It comes after the next one.
          held = value;
          controller.enqueue(new Uint8Array());
          return;
        }
        controller.enqueue(value);
        if (luck > 0.95) controller.enqueue(value);
        if (held !== null) controller.enqueue(held);
        held = null;
        if (chunks < lastChunk) return;
        if (ending < 0.4) cut();
        else if (ending < 0.7) {
          openStreams.delete(cut);
          controller.close();
          await reader.cancel();
        } else {
          // Open, and silent for ever: nothing is pulled any more until the client lets go.
          await new Promise(() => {});
        }
      },
      async cancel(reason) {
        openStreams.delete(cut);
        await reader.cancel(reason);
      },
    });
  }

  return {
    async fetch(input, init) {
      requests += 1;
      const request = new Request(input, init);
      // The asker's own signal: that of the request may be collected with it.
      const signal = init?.signal ?? null;
      const luck = random();
      if (random() < 0.3) await pause(random() * 30);
      if (luck < 0.1) throw new TypeError("connection refused");
      if (luck < 0.15) return new Response("<html>Bad gateway</html>", { status: 502 });
      if (luck < 0.18) return new Response("{}", { status: 429, headers: { "retry-after": "0" } });
      if (luck < 0.21)
        return new Response("<html>Sign in to the WLAN</html>", { headers: { "content-type": "text/html" } });
      const response = await handler(request);
      const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
      // A response on a long way has a state that is over.
      if (!isStream && random() < 0.3) await pause(random() * 60);
      if (signal?.aborted) {
        await response.body?.cancel();
        throw new DOMException("aborted", "AbortError");
      }
      return isStream && response.body !== null ? new Response(spoil(response.body, signal), response) : response;
    },
    stats: () => ({ requests, openStreams: openStreams.size }),
    restart() {
      for (const cut of [...openStreams]) cut();
    },
  };
}
