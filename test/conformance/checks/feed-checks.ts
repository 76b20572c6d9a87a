import assert from "node:assert/strict";
import { isObject } from "../../../src/protocol/decoding.js";
import { problemsOf, schemaOf } from "../../contract/contract.js";
import type { ConformanceCheck } from "../check.js";
import { type EventReader, pause, type ReceivedEvent } from "../event-reader.js";
import { brokenRules } from "../snapshot-rules.js";

const FEED = "/sync-progress/stream";

/** What is expected of the stream of all syncs of a person. */
export const feedChecks: readonly ConformanceCheck[] = [
  {
    title: "has a feed exactly if the list says so",
    level: "required",
    needs: ["list"],
    async run({ ada }) {
      const { body } = await ada.request("/sync-progress?limit=1");
      assert.equal(body["feed"] === true, ada.backend.offers.has("feed"));
    },
  },
  {
    title: "begins with what runs, says when that is all, and brings every sync that is started later to its end",
    level: "required",
    needs: ["feed"],
    async run({ ada }) {
      const running = await ada.start("endless");
      const feed = await ada.open(FEED);
      const ready = await feed.waitFor(({ name }) => name === "ready", "ready", 3_000);
      assert.deepEqual(problemsOf(schemaOf("Ready"), ready.data, "open"), []);
      const initial = feed.events.slice(0, feed.events.indexOf(ready));
      assert.ok(initial.every(({ name }) => name === "current_state" || name === "heartbeat"));
      assert.ok(initial.some(isAbout(running)));
      const late = await ada.start("partlyFailed");
      const end = await feed.waitFor((event) => isAbout(late)(event) && event.name === "complete", "The end");
      assert.deepEqual(brokenRules(ofSync(feed, late)), []);
      assert.equal(ofSync(feed, late).at(-1), end.data);
      await feed.waitFor(({ at, name }) => at > end.at && name === "progress", "What runs, after an end,");
    },
  },
  {
    title: "brings nothing of another tenant",
    level: "required",
    needs: ["feed", "signIn"],
    async run({ ada, grace }) {
      const before = await grace.start("endless");
      const feed = await ada.open(FEED);
      const ready = await feed.waitFor(({ name }) => name === "ready", "ready");
      const foreignReady = await (await grace.open(FEED)).waitFor(({ name }) => name === "ready", "ready");
      const later = await grace.start("complete");
      const own = await ada.start("complete");
      await feed.waitFor((event) => isAbout(own)(event) && event.name === "complete", "The end");
      await grace.settled(later);
      await pause(200);
      assert.deepEqual(feed.events.filter(isAbout(before)), []);
      assert.deepEqual(feed.events.filter(isAbout(later)), []);
      const viewers = [ready, foreignReady].map(({ data }) => (isObject(data) ? data["viewer"] : null));
      assert.ok(viewers[0] === null || viewers[0] !== viewers[1], "each person has a viewer of their own");
      const { body } = await ada.request("/sync-progress?limit=1");
      assert.equal(body["viewer"] ?? null, viewers[0] ?? null, "the list and the feed name the same viewer");
    },
  },
  {
    title: "brings a reader who comes back what has changed, or everything anew",
    level: "required",
    needs: ["feed"],
    async run({ ada }) {
      const settled = await ada.start("complete");
      await ada.settled(settled);
      const first = await ada.open(FEED);
      await first.waitFor(({ name }) => name === "ready", "ready");
      const { id } = first.events.find((event) => event.name === "ready") ?? {};
      first.leave();
      const changed = await ada.start("complete");
      await ada.settled(changed);
      const again = await ada.open(FEED, typeof id === "string" ? { "last-event-id": id } : {});
      const ready = await again.waitFor(({ name }) => name === "ready", "ready");
      assert.ok(again.events.some(isAbout(changed)), "what has changed must come");
      const isReset = isObject(ready.data) && ready.data["reset"] !== false;
      assert.equal(again.events.some(isAbout(settled)), isReset, "a whole state has what has just ended, too");
      const unknown = await ada.open(FEED, { "last-event-id": "no-such-id.7" });
      const anew = await unknown.waitFor(({ name }) => name === "ready", "ready");
      assert.ok(isObject(anew.data) && anew.data["reset"] !== false, "an unknown id begins anew");
    },
  },
];

function isAbout(syncId: string): (event: ReceivedEvent) => boolean {
  return ({ data }) => isObject(data) && data["sync_id"] === syncId;
}

function ofSync(feed: EventReader, syncId: string): readonly unknown[] {
  return feed.snapshots.filter(isAbout(syncId)).map(({ data }) => data);
}
