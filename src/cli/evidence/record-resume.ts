import type { Endpoints } from "../../protocol/endpoints.js";
import type { ResumeEvidence, StreamEvidence } from "./evidence.js";
import type { Recorder } from "./recorder.js";
import { isPageEvent, statesOf } from "./stream-states.js";

/** Opens the stream once more, as a browser does that has lost its connection; `null` if it never brought a state. */
export async function recordResume(
  recorder: Recorder,
  endpoints: Endpoints,
  syncId: string,
  { record }: StreamEvidence,
): Promise<ResumeEvidence | null> {
  const states = statesOf(record.items);
  if (states.length === 0) return null;
  recorder.onActivity("Opening the stream again, with the id of the last event");
  const lastEventId = states.findLast(({ id }) => id !== null)?.id ?? null;
  return {
    lastEventId,
    record: await recorder.stream(endpoints.stream(syncId), recorder.target.timings.firstEventMs, {
      ...(lastEventId === null ? {} : { lastEventId }),
      follower: { onItem: (item) => (item.kind === "event" && isPageEvent(item.name) ? "stop" : undefined) },
    }),
  };
}
