import { performance } from "node:perf_hooks";
import { decompress } from "./decompress.js";
import { type Exchange, openFollowing, readBody } from "./exchange.js";
import type { OpenResponse, OutgoingRequest, RequestLimits } from "./send-request.js";
import { type SsePart, SseReader } from "./sse-reader.js";

/** A part of a stream, and when it came. */
export type StreamItem = SsePart & {
  /** ms on a monotonic clock. */
  readonly atMs: number;
};

/** A stream as it was read. Times are in ms on a monotonic clock. */
export interface StreamRecord {
  /** The request and the head of its response; with the body if it was no stream. */
  readonly exchange: Exchange;
  readonly items: readonly StreamItem[];
  /** When bytes came. */
  readonly chunkTimes: readonly number[];
  /** Who ended it: the server properly, something on the way, or the doctor. */
  readonly endedBy: "server" | "break" | "doctor";
  readonly endedAtMs: number;
}

/** Follows a stream while it is read. */
export interface StreamFollower {
  /** Something came. Returns `"stop"` to end the reading. */
  onItem?(item: StreamItem): "stop" | undefined;
}

/** More items than any sync sends while it is looked at. */
const MAX_ITEMS = 50_000;

/** Opens a stream and reads it until it ends, `limits.signal` is aborted or the follower stops. Never rejects. */
export async function readStream(
  request: OutgoingRequest,
  limits: RequestLimits,
  follower: StreamFollower = {},
): Promise<StreamRecord> {
  const sentAtMs = performance.now();
  const { url, redirects, response, failure } = await openFollowing(request, limits);
  const finish = (part: Partial<StreamRecord>, body = ""): StreamRecord => ({
    exchange: {
      method: request.method,
      url,
      redirects,
      sentAtMs,
      durationMs: performance.now() - sentAtMs,
      head: response?.head ?? null,
      body,
      failure,
    },
    items: [],
    chunkTimes: [],
    endedBy: "server",
    endedAtMs: performance.now(),
    ...part,
  });
  if (response === null) return finish({ endedBy: limits.signal.aborted ? "doctor" : "break" });
  if (response.head.status !== 200) return finish({}, (await readBody(response, limits.timeoutMs)).text);
  const headAtMs = performance.now();
  const record = finish(await readItems(response, limits.signal, follower));
  return { ...record, exchange: { ...record.exchange, durationMs: headAtMs - sentAtMs } };
}

async function readItems(response: OpenResponse, signal: AbortSignal, follower: StreamFollower) {
  const items: StreamItem[] = [];
  const chunkTimes: number[] = [];
  const reader = new SseReader();
  const decoder = new TextDecoder();
  const body = decompress(response.message);
  let isStopped = false;
  let isBroken = false;
  const stop = () => {
    isStopped = true;
    body.destroy();
    response.close();
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    for await (const chunk of body) {
      const atMs = performance.now();
      chunkTimes.push(atMs);
      for (const part of reader.read(decoder.decode(chunk, { stream: true }))) {
        const item = { ...part, atMs };
        items.push(item);
        if (follower.onItem?.(item) === "stop" || items.length >= MAX_ITEMS) stop();
      }
    }
    isBroken = !response.message.complete;
  } catch {
    isBroken = true;
  }
  signal.removeEventListener("abort", stop);
  response.close();
  const endedBy: StreamRecord["endedBy"] = isStopped ? "doctor" : isBroken ? "break" : "server";
  return { items, chunkTimes, endedBy, endedAtMs: performance.now() };
}
