import type { Endpoints } from "../../protocol/endpoints.js";
import { READY_EVENT } from "../../protocol/feed.js";
import { decodeSyncPage } from "../../protocol/sync-page.js";
import { type Identity, NOBODY } from "../target.js";
import type { OutsiderEvidence, StreamEvidence } from "./evidence.js";
import type { Recorder } from "./recorder.js";
import { isPageEvent } from "./stream-states.js";

/** What is recorded while the stream of the sync is open. */
export type BesideEvidence = Pick<StreamEvidence, "lists" | "feed" | "second" | "nobody">;

export const NOTHING_BESIDE: BesideEvidence = { lists: [], feed: null, second: null, nobody: null };

/** Reads list and feed, and tries to read the sync as somebody else. */
export async function recordBeside(recorder: Recorder, endpoints: Endpoints, syncId: string): Promise<BesideEvidence> {
  const { identity, secondIdentity, timings } = recorder.target;
  const getList = () => recorder.get(endpoints.syncs({ active: true, limit: 200 }));
  const first = await getList();
  const page = decodeSyncPage(first.body);
  const hasFeed = first.head?.status === 200 && page.ok && page.value.hasFeed;
  const feed = hasFeed
    ? await recorder.stream(endpoints.feed(), timings.firstEventMs, {
        follower: { onItem: (item) => (item.kind === "event" && item.name === READY_EVENT ? "stop" : undefined) },
      })
    : null;
  const isSignedIn = identity.cookie !== null || Object.keys(identity.headers).length > 0;
  return {
    lists: [first, ...(hasFeed ? [await getList()] : [])],
    feed,
    second: secondIdentity === null ? null : await recordOutsider(recorder, endpoints, syncId, secondIdentity),
    nobody: isSignedIn ? await recordOutsider(recorder, endpoints, syncId, NOBODY) : null,
  };
}

async function recordOutsider(
  recorder: Recorder,
  endpoints: Endpoints,
  syncId: string,
  identity: Identity,
): Promise<OutsiderEvidence> {
  const [snapshot, list, stream] = await Promise.all([
    recorder.get(endpoints.snapshot(syncId), identity),
    recorder.get(endpoints.syncs({ limit: 200 }), identity),
    recorder.stream(endpoints.stream(syncId), recorder.target.timings.firstEventMs, {
      identity,
      follower: { onItem: (item) => (item.kind === "event" && isPageEvent(item.name) ? "stop" : undefined) },
    }),
  ]);
  return { snapshot, list, stream };
}
