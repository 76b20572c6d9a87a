import type { Faults } from "./scenarios.js";

/** Spoils the responses of snapshot, list and stream on their way, as networks and proxies do. */
export interface FaultGate {
  /** Passes a response on, spoiled or not. */
  pass(response: Response): Response;
  /** Passes a list on: one that a sync is not found in is a list nevertheless. */
  passList(response: Response): Response;
  /** Breaks every open stream now. */
  dropStreams(): void;
  /** What happens to responses from now on. */
  setFaults(faults: Faults): void;
}

const FIRST_EVENT_CHUNKS = 2;

const ERRORS = {
  401: "Sign in to see this.",
  404: "There is no such sync.",
  503: "The server is not available.",
} as const;

export function createFaultGate(initial: Faults): FaultGate {
  let faults = initial;
  let drops = 0;
  let changed = Promise.withResolvers<void>();
  const openStreams = new Set<() => void>();

  function passStream(body: ReadableStream<Uint8Array>, { dropAfter, garble }: Faults): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    // A stream that ends before its time has used up none of the drops.
    const isDue = (chunks: number) => dropAfter !== undefined && chunks >= dropAfter.chunks && drops < dropAfter.times;
    let chunks = 0;
    let drop = () => {};
    return new ReadableStream<Uint8Array>(
      {
        start(controller) {
          drop = () => {
            openStreams.delete(drop);
            controller.close();
            void reader.cancel();
          };
          openStreams.add(drop);
        },
        async pull(controller) {
          const { done, value } = await reader.read();
          while (faults.isSilent && openStreams.has(drop)) await changed.promise;
          if (!openStreams.has(drop)) return;
          if (done) return drop();
          chunks += 1;
          controller.enqueue(garble && chunks > FIRST_EVENT_CHUNKS ? garbled(value) : value);
          if (!isDue(chunks)) return;
          drops += 1;
          drop();
        },
        cancel(reason) {
          openStreams.delete(drop);
          notifyChange();
          return reader.cancel(reason);
        },
      },
      // Nothing is read ahead: the server must see how much its reader can take.
      { highWaterMark: 0 },
    );
  }

  function dropStreams(): void {
    for (const drop of [...openStreams]) drop();
    notifyChange();
  }

  /** Lets the streams that are kept back look again. */
  function notifyChange(): void {
    changed.resolve();
    changed = Promise.withResolvers();
  }

  function pass(response: Response): Response {
    if (!response.ok) return response;
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (faults.status !== undefined && (isStream || !faults.isStreamOnly)) {
      void response.body?.cancel();
      return Response.json({ success: false, error: ERRORS[faults.status] }, { status: faults.status });
    }
    if (!isStream || response.body === null) return response;
    return new Response(passStream(response.body, faults), response);
  }

  return {
    pass,
    passList: (response) => (faults.status === 404 ? response : pass(response)),
    dropStreams,
    setFaults(given) {
      faults = given;
      drops = 0;
      notifyChange();
      if (given.status !== undefined) dropStreams();
    },
  };
}

function garbled(chunk: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(chunk);
  return new TextEncoder().encode(text.replace(/^data: \{.+$/m, 'data: {"sync_id":'));
}
