import assert from "node:assert/strict";
import { isObject } from "../../../src/protocol/decoding.js";
import type { ConformanceCheck } from "../check.js";
import type { Visitor } from "../visitor.js";
import { assertRefused } from "./request-checks.js";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const EVIL = "https://evil.example";

/** What is expected of who may see and change what. */
export const isolationChecks: readonly ConformanceCheck[] = [
  {
    title: "responds with 404 for a sync that does not exist, the stream too, before any event",
    level: "required",
    async run({ ada }) {
      for (const id of [UNKNOWN, encodeURIComponent("../../etc/passwd"), "%00", "x".repeat(500)]) {
        assert.equal((await ada.request(`/sync-progress/${id}`)).status, 404, id);
        const reader = await ada.stream(id);
        assert.equal(reader.response.status, 404, `the stream of ${id}`);
        assert.deepEqual(reader.events, []);
      }
      assertRefused(await ada.request(`/sync-progress/${UNKNOWN}`), 404);
    },
  },
  {
    title: "treats the sync of another tenant like one that does not exist, to the byte",
    level: "required",
    needs: ["signIn"],
    async run({ ada, grace }) {
      const syncId = await ada.start("endless");
      for (const [method, path] of pathsOf(grace)) {
        const foreign = await grace.request(`/sync-progress/${syncId}${path}`, { method });
        const unknown = await grace.request(`/sync-progress/${UNKNOWN}${path}`, { method });
        assertRefused(foreign, 404);
        assert.equal(foreign.text, unknown.text, `${method} ${path}`);
      }
      assert.notEqual((await ada.snapshot(syncId))["status"], "cancelled");
    },
  },
  {
    title: "lists only one's own syncs, and runs those of two people beside each other",
    level: "required",
    needs: ["signIn", "list"],
    async run({ ada, grace }) {
      const own = await ada.start("endless");
      const foreign = await grace.start("endless");
      assert.notEqual(own, foreign);
      const idsOf = async (person: Visitor) => {
        const { body } = await person.request("/sync-progress?limit=200");
        return Array.isArray(body["syncs"]) ? body["syncs"].filter(isObject).map((sync) => sync["sync_id"]) : [];
      };
      assert.ok((await idsOf(ada)).includes(own));
      assert.ok(!(await idsOf(ada)).includes(foreign));
      assert.ok(!(await idsOf(grace)).includes(own));
    },
  },
  {
    title: "responds with 401 to whoever is not signed in",
    level: "required",
    needs: ["signIn"],
    async run({ ada, nobody }) {
      const syncId = await ada.start("endless");
      for (const [method, path] of pathsOf(nobody)) {
        assertRefused(await nobody.request(`/sync-progress/${syncId}${path}`, { method }), 401);
        assertRefused(await nobody.request(`/sync-progress/${UNKNOWN}${path}`, { method }), 401);
      }
      if (ada.backend.offers.has("list")) assertRefused(await nobody.request("/sync-progress"), 401);
    },
  },
  {
    title: "lets pages of one other origin call with cookies, and no others",
    level: "recommended",
    needs: ["cors"],
    async run({ ada, nobody }) {
      const { origin = "" } = ada.backend;
      const syncId = await ada.start("endless");
      const reader = await ada.stream(syncId, { origin });
      const replies = [
        await ada.request(`/sync-progress/${syncId}`, { headers: { origin } }),
        await ada.request(`/sync-progress/${UNKNOWN}`, { headers: { origin } }),
        await nobody.request(`/sync-progress/${syncId}`, { headers: { origin } }),
        reader.response,
      ];
      for (const { headers, status } of replies) {
        assert.equal(headers.get("access-control-allow-origin"), origin, `a response with ${status}`);
        assert.equal(headers.get("access-control-allow-credentials"), "true", `a response with ${status}`);
        assert.match(headers.get("vary") ?? "", /\borigin\b/i, `a response with ${status}`);
      }
      const stranger = await ada.request(`/sync-progress/${syncId}`, { headers: { origin: EVIL } });
      assert.notEqual(stranger.headers.get("access-control-allow-origin"), EVIL);
      assert.notEqual(stranger.headers.get("access-control-allow-origin"), "*");
    },
  },
  {
    title: "responds to the preflight of that origin, without a sign-in",
    level: "recommended",
    needs: ["cors", "start"],
    async run({ ada, nobody }) {
      const { origin = "", types } = ada.backend;
      const headers = {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      };
      const reply = await nobody.request(`/integrations/${types.complete}/sync`, { method: "OPTIONS", headers });
      assert.ok(reply.status === 200 || reply.status === 204, `the status must be 200 or 204, not ${reply.status}`);
      assert.equal(reply.headers.get("access-control-allow-origin"), origin);
      assert.equal(reply.headers.get("access-control-allow-credentials"), "true");
      assert.match(reply.headers.get("access-control-allow-methods") ?? "", /\bPOST\b/);
      assert.match(reply.headers.get("access-control-allow-headers") ?? "", /content-type/i);
    },
  },
  {
    title: "refuses starts and commands that come from the page of any other origin",
    level: "required",
    needs: ["start", "cancel"],
    async run({ ada }) {
      const syncId = await ada.start("endless");
      const headers = { origin: EVIL };
      const { types, origin } = ada.backend;
      assertRefused(await ada.post(`/integrations/${types.complete}/sync`, { headers }), 403);
      assertRefused(await ada.post(`/sync-progress/${syncId}/cancel`, { headers }), 403);
      assertRefused(await ada.post(`/sync-progress/${syncId}/cancel`, { headers: { origin: "null" } }), 403);
      assert.notEqual((await ada.snapshot(syncId))["status"], "cancelled");
      const allowed = origin === undefined ? {} : { headers: { origin } };
      assert.equal((await ada.post(`/sync-progress/${syncId}/cancel`, allowed)).status, 200);
    },
  },
];

/** Each path of a sync that the backend offers. */
function pathsOf({ backend: { offers } }: Visitor): readonly (readonly [method: string, path: string])[] {
  return [
    ["GET", ""],
    ["GET", "/stream"],
    ...(offers.has("cancel") ? [["POST", "/cancel"] as const] : []),
    ...(offers.has("pause") ? [["POST", "/pause"] as const, ["POST", "/resume"] as const] : []),
    ...(offers.has("retry") ? [["POST", "/retry"] as const] : []),
    ...(offers.has("failures") ? [["GET", "/failures"] as const] : []),
    ...(offers.has("log") ? [["GET", "/log"] as const] : []),
  ];
}
