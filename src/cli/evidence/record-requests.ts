import { randomUUID } from "node:crypto";
import type { Endpoints } from "../../protocol/endpoints.js";
import { preflightRequest } from "../http/browser-request.js";
import { exchange } from "../http/exchange.js";
import { isCrossOrigin } from "../target.js";
import type { Evidence, Preflight } from "./evidence.js";
import type { Recorder } from "./recorder.js";
import { isPageEvent } from "./stream-states.js";

/** What needs no sync: the stream of an unknown id, and the preflights of a page of another origin. */
export async function recordRequests(
  recorder: Recorder,
  endpoints: Endpoints,
): Promise<Pick<Evidence, "unknownStream" | "preflights">> {
  recorder.onActivity("Opening the stream of a sync that is not there");
  const [unknownStream, preflights] = await Promise.all([
    recorder.stream(endpoints.stream(randomUUID()), recorder.target.timings.firstEventMs, {
      follower: { onItem: (item) => (item.kind === "event" && isPageEvent(item.name) ? "stop" : undefined) },
    }),
    recordPreflights(recorder, endpoints),
  ]);
  return { unknownStream, preflights };
}

async function recordPreflights(recorder: Recorder, endpoints: Endpoints): Promise<readonly Preflight[]> {
  const { target } = recorder;
  if (!isCrossOrigin(target)) return [];
  const own = Object.keys(target.identity.headers);
  const type = target.sync.kind === "start" ? target.sync.type : "any";
  const wanted = [
    { purpose: "to start a sync", url: endpoints.startSync(type), method: "POST", headers: ["content-type", ...own] },
    // Without headers of its own, a GET is sent without a preflight.
    ...(own.length === 0
      ? []
      : [{ purpose: "to read a stream", url: endpoints.stream(randomUUID()), method: "GET", headers: own }]),
  ];
  return Promise.all(
    wanted.map(async ({ purpose, url, method, headers }) => ({
      purpose,
      headers,
      exchange: await exchange(preflightRequest(target, url, method, headers), recorder.limits),
    })),
  );
}
