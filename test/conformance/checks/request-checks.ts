import assert from "node:assert/strict";
import { isObject } from "../../../src/protocol/decoding.js";
import { problemsOf, schemaOf } from "../../contract/contract.js";
import type { ConformanceCheck } from "../check.js";
import { brokenRules } from "../snapshot-rules.js";
import { isEnd, type Reply } from "../visitor.js";

/** What is expected of snapshots, starts, commands and lists. */
export const requestChecks: readonly ConformanceCheck[] = [
  {
    title: "responds with the snapshot of a sync",
    level: "required",
    async run({ ada }) {
      const syncId = await ada.start("endless");
      const reply = await ada.request(`/sync-progress/${syncId}`);
      assert.equal(reply.status, 200);
      assert.match(reply.headers.get("content-type") ?? "", /^application\/json\b/);
      const snapshot = await ada.snapshot(syncId);
      assert.equal(snapshot["sync_id"], syncId);
      assert.deepEqual(brokenRules([snapshot]), []);
      const settled = await ada.settled(await ada.start("complete"));
      assert.deepEqual(brokenRules([settled]), []);
      assert.equal(settled["status"], "complete");
    },
  },
  {
    title: "starts one sync of a type at a time, and responds to a second start with the one that runs",
    level: "recommended",
    needs: ["start"],
    async run({ ada }) {
      const syncId = await ada.start("endless");
      const path = `/integrations/${ada.backend.types.endless}/sync`;
      const replies = await Promise.all(Array.from({ length: 5 }, () => ada.post(path, { body: "{}" })));
      for (const reply of replies) {
        assertRefused(reply, 409);
        assert.equal(reply.body["sync_id"], syncId);
      }
    },
  },
  {
    title: "starts one sync for five requests at once",
    level: "recommended",
    needs: ["start"],
    async run({ ada }) {
      const path = `/integrations/${ada.backend.types.endless}/sync`;
      const replies = await Promise.all(Array.from({ length: 5 }, () => ada.post(path)));
      assert.deepEqual(replies.map(({ status }) => status).sort(), [202, 409, 409, 409, 409]);
      assert.equal(new Set(replies.map(({ body }) => body["sync_id"])).size, 1);
    },
  },
  {
    title: "has no integration of an unknown type",
    level: "recommended",
    needs: ["start"],
    async run({ ada }) {
      assertRefused(await ada.post("/integrations/no-such-type/sync"), 404);
    },
  },
  {
    title: "cancels a sync once, at once and for all readers",
    level: "recommended",
    needs: ["cancel"],
    async run({ ada }) {
      const syncId = await ada.start("endless");
      const reader = await ada.stream(syncId);
      const before = await reader.waitFor(({ name }) => name === "progress", "progress");
      assert.ok(capabilitiesOf(before.data).includes("cancel"), "capabilities must name cancel");
      const reply = await ada.post(`/sync-progress/${syncId}/cancel`);
      assert.equal(reply.status, 200, reply.text);
      assert.deepEqual(brokenRules([before.data, reply.body]), []);
      assert.equal(reply.body["status"], "cancelled");
      await reader.waitForEnd();
      assert.equal(reader.snapshots.at(-1)?.name, "cancelled");
      assert.deepEqual(reader.snapshots.at(-1)?.data, reply.body);
      assertRefused(await ada.post(`/sync-progress/${syncId}/cancel`), 409);
      assert.equal((await ada.snapshot(syncId))["status"], "cancelled");
    },
  },
  {
    title: "pauses and resumes a sync, and refuses what its status does not allow",
    level: "recommended",
    needs: ["pause"],
    async run({ ada }) {
      const syncId = await ada.start("endless");
      await ada.settled(syncId, (status) => status === "syncing");
      const command = async (name: string) => {
        const { status, body } = await ada.post(`/sync-progress/${syncId}/${name}`);
        return [status, body["status"] ?? body["code"]];
      };
      assert.deepEqual(await command("resume"), [409, "wrong_state"]);
      assert.deepEqual(await command("pause"), [200, "paused"]);
      assert.deepEqual(await command("pause"), [409, "wrong_state"]);
      assert.equal((await command("resume"))[0], 200);
      await ada.settled(syncId, (status) => status === "syncing");
    },
  },
  {
    title: "retries a sync that has ended as a new one, and none that runs",
    level: "recommended",
    needs: ["retry"],
    async run({ ada }) {
      const running = await ada.start("endless");
      assertRefused(await ada.post(`/sync-progress/${running}/retry`), 409);
      const failed = await ada.start("failed");
      await ada.settled(failed);
      const { status, body, text } = await ada.post(`/sync-progress/${failed}/retry`, { body: "{}" });
      assert.equal(status, 202, text);
      assert.notEqual(body["sync_id"], failed);
      assert.equal((await ada.settled(String(body["sync_id"])))["status"], "error");
    },
  },
  {
    title: "lists the failed items of a sync, and finds them by a part of their text",
    level: "recommended",
    needs: ["failures"],
    async run({ ada }) {
      const syncId = await ada.start("partlyFailed");
      const snapshot = await ada.settled(syncId);
      assert.ok(capabilitiesOf(snapshot).includes("failures"), "capabilities must name failures");
      const { status, body } = await ada.request(`/sync-progress/${syncId}/failures`);
      assert.equal(status, 200);
      assert.deepEqual(problemsOf(schemaOf("FailurePage"), body, "open"), []);
      const all = failuresOf(body);
      assert.equal(all.length, snapshot["failed_items"]);
      const item = String(all[0]?.["item"]);
      const found = await ada.request(
        `/sync-progress/${syncId}/failures?limit=200&q=${encodeURIComponent(item.toUpperCase())}`,
      );
      assert.ok(failuresOf(found.body).some((failure) => failure["item"] === item));
      const none = await ada.request(`/sync-progress/${syncId}/failures?q=no-such-item`);
      assert.deepEqual(failuresOf(none.body), []);
    },
  },
  {
    title: "has the log of a sync as a file",
    level: "recommended",
    needs: ["log"],
    async run({ ada }) {
      const syncId = await ada.start("complete");
      await ada.settled(syncId);
      const { status, headers, text } = await ada.request(`/sync-progress/${syncId}/log?format=ndjson`);
      assert.equal(status, 200);
      assert.match(headers.get("content-disposition") ?? "", /^attachment/);
      for (const line of text.trimEnd().split("\n")) {
        assert.deepEqual(problemsOf(schemaOf("DownloadedLogLine"), JSON.parse(line), "open"), []);
      }
    },
  },
  {
    title: "lists what runs and what has ended, newest first",
    level: "recommended",
    needs: ["list"],
    async run({ ada }) {
      const ended = await ada.start("complete");
      await ada.settled(ended);
      const failed = await ada.start("failed");
      await ada.settled(failed);
      const running = await ada.start("endless");
      const ids = async (query: string) => {
        const { status, body, text } = await ada.request(`/sync-progress?${query}`);
        assert.equal(status, 200, text);
        assert.deepEqual(problemsOf(schemaOf("SyncPage"), body, "open"), []);
        const syncs = Array.isArray(body["syncs"]) ? body["syncs"].filter(isObject) : [];
        assert.deepEqual(
          syncs.flatMap((sync) => brokenRules([sync])),
          [],
        );
        return syncs.map((sync) => sync["sync_id"]);
      };
      assert.deepEqual(await ids("active=true"), [running]);
      assert.deepEqual((await ids("limit=200")).slice(0, 3), [running, failed, ended]);
      assert.equal((await ids(`type=${ada.backend.types.complete}`))[0], ended);
      assert.equal((await ids("result=failed"))[0], failed);
      assert.equal((await ids("result=complete,failed"))[0], failed);
    },
  },
  {
    title: "begins with no sync as ended",
    level: "required",
    async run({ ada }) {
      const first = await ada.start("complete");
      await ada.settled(first);
      const second = await ada.start("complete");
      assert.notEqual(first, second, "a new sync has an id of its own");
      assert.equal(isEnd((await ada.snapshot(second))["status"]), false);
      assert.equal((await ada.settled(second))["status"], "complete");
    },
  },
];

/** Asserts that a request was refused, with a sentence. */
export function assertRefused({ status, body, text }: Reply, expected: number): void {
  assert.equal(status, expected, `the response must have the status ${expected}, not ${status}: ${text}`);
  assert.equal(body["success"], false, `the body must say "success": false: ${text}`);
  assert.ok(typeof body["error"] === "string" && body["error"] !== "", `the body must have an error: ${text}`);
}

function capabilitiesOf(snapshot: unknown): readonly unknown[] {
  return isObject(snapshot) && Array.isArray(snapshot["capabilities"]) ? snapshot["capabilities"] : [];
}

function failuresOf(body: unknown) {
  return isObject(body) && Array.isArray(body["failures"]) ? body["failures"].filter(isObject) : [];
}
