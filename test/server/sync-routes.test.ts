import { describe, expect, it, vi } from "vitest";
import type { WireSnapshot } from "../../src/protocol/snapshot.js";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { SyncJob } from "../../src/server/sync-run.js";
import { readEvents, startSyncServer } from "../support/sync-server.js";

describe("tenant isolation", () => {
  it.each([
    ["GET", ""],
    ["GET", "/stream"],
    ["GET", "/failures"],
    ["GET", "/failures?format=csv"],
    ["GET", "/log"],
    ["PUT", "/notify"],
    ["POST", "/cancel"],
    ["POST", "/pause"],
    ["POST", "/resume"],
    ["POST", "/retry"],
  ])("answers %s %s of a foreign sync like that of an unknown one", async (method, path) => {
    const { call, start } = await startSyncServer();
    const { syncId } = await start();
    const init = { method, ...(method === "PUT" ? { body: '{"email":true}' } : {}) };
    const answers = await Promise.all([
      call(`/sync-progress/${syncId}${path}`, { ...init, user: "globex/grace" }),
      call(`/sync-progress/${syncId}${path}`, { ...init, user: "acme/eve" }),
      call(`/sync-progress/00000000-0000-4000-8000-000000000000${path}`, init),
      call(`/sync-progress/${encodeURIComponent("../../etc/passwd")}${path}`, init),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(bodies).size).toBe(1);
    expect((await call(`/sync-progress/${syncId}`)).status).toBe(200);
  });

  it.each(["/integrations", "/sync-progress", "/sync-progress/x", "/sync-progress/x/stream"])(
    "answers %s with 401 to whoever is not signed in",
    async (path) => {
      const { call } = await startSyncServer();
      const answer = await call(path, { user: "" });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ success: false, code: "unauthorized" });
    },
  );

  it("lists only one's own syncs", async () => {
    const { call, start } = await startSyncServer();
    const { syncId } = await start();
    const own = await (await call("/sync-progress?active=true")).json();
    expect(own.syncs).toMatchObject([{ sync_id: syncId }]);
    const foreign = await (await call("/sync-progress", { user: "globex/grace" })).json();
    expect(foreign.syncs).toEqual([]);
  });
});

describe("the list", () => {
  it("is that of an integration or a result, if one is named", async () => {
    const { call, service } = await startSyncServer();
    const scope = { tenantId: "acme", userId: "ada" };
    const run = (connectorType: string, job: SyncJob) => service.run(scope, job, { connectorType });
    const failing = async () => Promise.reject(new Error("no"));
    for (const { settled } of [await run("gmail", async () => {}), await run("slack", failing)]) await settled;
    const partly = await run("gmail", async (sync) => sync.fail({ item: "a", reason: "b" }));
    await partly.settled;
    const ids = async (query: string) => {
      const { syncs } = await (await call(`/sync-progress?${query}`)).json();
      return syncs.map((sync: WireSnapshot) => `${sync.connector_type} ${sync.status} ${sync.failed_items}`);
    };
    expect(await ids("type=slack")).toEqual(["slack error 0"]);
    expect(await ids("result=partly_failed")).toEqual(["gmail complete 1"]);
    expect(await ids("result=complete&result=failed")).toEqual(["slack error 0", "gmail complete 0"]);
    expect(await ids("result=failed,partly_failed&type=gmail")).toEqual(["gmail complete 1"]);
    expect((await call("/sync-progress?result=none")).status).toBe(400);
  });

  it("names the reader by a key that is the same in every process and says nothing about them", async () => {
    const viewerOf = async (user: string) => {
      const { call } = await startSyncServer();
      return (await (await call("/sync-progress", { user })).json()).viewer;
    };
    const key = await viewerOf("acme/ada");
    expect(key).toBe("xl69VseSWrpqPux5EMtIXg4OVjHUJ1ygpHRwi6f4LM8");
    expect(await viewerOf("acme/ada")).toBe(key);
    expect(new Set([key, await viewerOf("acme/eve"), await viewerOf("globex/ada")]).size).toBe(3);
  });

  it("says who has started a sync, if the sign-in does, also of one that was tried again", async () => {
    let displayName: string | undefined = "Ada\u0000Lovelace";
    const authenticate = () => ({ tenantId: "acme", userId: "team", displayName });
    const { call, start, service } = await startSyncServer({ authenticate });
    const { syncId, finish } = await start();
    const startedBy = async () => (await (await call("/sync-progress")).json()).syncs[0].started_by;
    expect(await startedBy()).toBe("Ada Lovelace");
    finish();
    await vi.waitFor(() => expect(service.stats().activeSyncs).toBe(0));
    displayName = "Grace Hopper";
    await call(`/sync-progress/${syncId}/retry`, { method: "POST" });
    expect(await startedBy()).toBe("Grace Hopper");
  });

  it("says nobody if the sign-in does not", async () => {
    const { call, start } = await startSyncServer();
    await start();
    expect((await (await call("/sync-progress")).json()).syncs[0]).not.toHaveProperty("started_by");
  });
});

describe("the commands", () => {
  it("answer a second start with the sync that runs", async () => {
    const { call, start } = await startSyncServer();
    const { syncId } = await start();
    const second = await call("/integrations/gmail/sync", { method: "POST" });
    expect(second.status).toBe(409);
    expect(await second.json()).toMatchObject({ success: false, sync_id: syncId });
  });

  it("pause, resume and cancel, and refuse what the state forbids", async () => {
    const { call, start } = await startSyncServer();
    const { syncId } = await start();
    const command = async (name: string) => {
      const answer = await call(`/sync-progress/${syncId}/${name}`, { method: "POST" });
      const body = await answer.json();
      return [answer.status, answer.ok ? body.status : body.code];
    };
    expect(await command("resume")).toEqual([409, "wrong_state"]);
    expect(await command("pause")).toEqual([200, "paused"]);
    expect(await command("pause")).toEqual([409, "wrong_state"]);
    expect(await command("resume")).toEqual([200, "queued"]);
    expect(await command("retry")).toEqual([409, "running"]);
    expect(await command("cancel")).toEqual([200, "cancelled"]);
    expect(await command("cancel")).toEqual([409, "wrong_state"]);
  });

  it("request and revoke a mail for the end, unless none is offered or the sync has ended", async () => {
    const service = createSyncService({ notices: { email: {} } });
    const { call, start } = await startSyncServer({ service });
    const { syncId, finish } = await start();
    const put = async (body: string, id = syncId) => {
      const response = await call(`/sync-progress/${id}/notify`, { method: "PUT", body });
      const result = await response.json();
      return [response.status, response.ok ? result.notify_email : result.code];
    };
    expect(await put('{"email":true}')).toEqual([200, true]);
    expect((await (await call(`/sync-progress/${syncId}`)).json()).progress).toMatchObject({ notify_email: true });
    expect(await put('{"email":false}')).toEqual([200, false]);
    for (const body of ["{}", '{"email":"yes"}', "true", ""]) expect(await put(body)).toEqual([400, "bad_request"]);
    finish();
    await vi.waitFor(() => expect(service.stats().activeSyncs).toBe(0));
    expect(await put('{"email":true}')).toEqual([409, "wrong_state"]);
    const plain = await startSyncServer();
    const sync = await plain.start();
    const refused = await plain.call(`/sync-progress/${sync.syncId}/notify`, { method: "PUT", body: '{"email":true}' });
    expect([refused.status, (await refused.json()).code]).toEqual([409, "not_offered"]);
  });

  it("retry only what failed", async () => {
    const { call, start, service } = await startSyncServer();
    const { syncId, run, finish } = await start();
    run.fail({ item: "a.md", reason: "not UTF-8" });
    run.fail({ item: "B.md", reason: "too large" });
    finish();
    await vi.waitFor(() => expect(service.stats().activeSyncs).toBe(0));
    const found = await (await call(`/sync-progress/${syncId}/failures?q=b.MD`)).json();
    expect(found).toMatchObject({ failures: [{ item: "B.md" }], next_cursor: null });
    const failures = await (await call(`/sync-progress/${syncId}/failures`)).json();
    expect(failures).toMatchObject({
      success: true,
      failures: [{ item: "a.md", reason: "not UTF-8" }, { item: "B.md" }],
      next_cursor: null,
    });
    const answer = await call(`/sync-progress/${syncId}/retry`, { method: "POST", body: '{"only":"failed"}' });
    expect(answer.status).toBe(202);
    const second = await start();
    expect(second.syncId).not.toBe(syncId);
    expect(second.onlyFailed).toMatchObject([{ item: "a.md" }, { item: "B.md" }]);
  });

  it("describe the integration by how its syncs went", async () => {
    const { call, start, service } = await startSyncServer();
    const describe = async () => (await (await call("/integrations")).json()).integrations[0];
    expect(await describe()).toMatchObject({
      type: "gmail",
      status: "connected",
      last_sync_at: null,
      active_sync_id: null,
    });
    const first = await start();
    expect(await describe()).toMatchObject({ status: "syncing", active_sync_id: first.syncId });
    first.run.update({ status: "syncing", totalItems: 1 });
    first.run.advance();
    first.finish();
    await vi.waitFor(() => expect(service.stats().activeSyncs).toBe(0));
    expect(await describe()).toMatchObject({ status: "connected", total_items_synced: 1, active_sync_id: null });
    const second = await start();
    second.crash(new Error("boom"));
    await vi.waitFor(() => expect(service.stats().activeSyncs).toBe(0));
    expect(await describe()).toMatchObject({
      status: "error",
      error_message: "Something went wrong on the server.",
      total_items_synced: 1,
    });
  });
});

describe("capabilities", () => {
  it("are in every snapshot: what the service and the routes offer", async () => {
    const { call, start } = await startSyncServer();
    const { syncId, finish } = await start();
    const offered = ["cancel", "pause", "failures", "log", "retry", "retry_failed"];
    const { progress } = await (await call(`/sync-progress/${syncId}`)).json();
    expect(progress.capabilities).toEqual(offered);
    const { syncs } = await (await call("/sync-progress")).json();
    expect(syncs[0].capabilities).toEqual(offered);
    const paused = await (await call(`/sync-progress/${syncId}/pause`, { method: "POST" })).json();
    expect(paused.capabilities).toEqual(offered);
    finish();
    const { events } = await readEvents(await call(`/sync-progress/${syncId}/stream`));
    expect(events.map(({ data }) => JSON.parse(data).capabilities)).toEqual(events.map(() => offered));
  });

  it("have no retry if the integration is no longer registered", async () => {
    const { call, service } = await startSyncServer();
    const { syncId, settled } = await service.run({ tenantId: "acme", userId: "ada" }, async () => {}, {
      connectorType: "slack",
    });
    await settled;
    const { progress } = await (await call(`/sync-progress/${syncId}`)).json();
    expect(progress.capabilities).toEqual(["cancel", "pause", "failures", "log"]);
    expect((await call(`/sync-progress/${syncId}/retry`, { method: "POST" })).status).toBe(404);
  });
});

describe("phases", () => {
  const phases = [
    { name: "fetch", label: "Fetch", weight: 3 },
    { name: "index", label: "Index", weight: 1 },
  ];

  it("are sent as the integration declares them", async () => {
    const work = Promise.withResolvers<void>();
    const { call } = await startSyncServer({
      integrations: [{ type: "gmail", name: "Gmail", phases, sync: () => work.promise }],
    });
    const { sync_id: syncId } = await (await call("/integrations/gmail/sync", { method: "POST" })).json();
    const { progress } = await (await call(`/sync-progress/${syncId}`)).json();
    expect(progress).toMatchObject({ phases, phase: null, percent_complete: null });
    work.resolve();
  });

  it("that are not valid are refused when the routes are made", async () => {
    const integration = { type: "gmail", name: "Gmail", phases: [...phases, ...phases], sync: async () => {} };
    await expect(startSyncServer({ integrations: [integration] })).rejects.toThrow(
      'the phase "fetch" is declared twice',
    );
  });
});

describe("bad requests", () => {
  it.each([
    ["{", "The body must be JSON."],
    ["[]", "The body must be a JSON object."],
    ['{"full_sync":"yes"}', "full_sync must be true or false."],
    ['{"since":"yesterday"}', "since must be a time in ISO 8601."],
  ])("are told what is wrong: %.30s", async (body, error) => {
    const { call } = await startSyncServer();
    const answer = await call("/integrations/gmail/sync", { method: "POST", body });
    expect([answer.status, await answer.json()]).toEqual([400, { success: false, error, code: "bad_request" }]);
  });

  it.each(["limit=0", "limit=1000", "limit=x", "cursor=x", "active=1"])("are refused: ?%s", async (query) => {
    const { call } = await startSyncServer();
    expect((await call(`/sync-progress?${query}`)).status).toBe(400);
  });

  it("name an unknown integration or address", async () => {
    const { call } = await startSyncServer();
    expect((await call("/integrations/nothing/sync", { method: "POST" })).status).toBe(404);
    expect((await call("/nothing")).status).toBe(404);
  });

  it("hide what broke inside", async () => {
    const onError = vi.fn();
    const { call, service } = await startSyncServer({ onError });
    vi.spyOn(service, "list").mockRejectedValue(new Error("password=hunter2"));
    const answer = await call("/sync-progress");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("hunter2");
    expect(onError).toHaveBeenCalledOnce();
  });
});

describe("other origins", () => {
  it("may call with cookies where they are named, and not otherwise", async () => {
    const { call } = await startSyncServer({ cors: { origin: "https://app.example.test" } });
    const headers = { origin: "https://app.example.test", "access-control-request-method": "POST" };
    const preflight = await call("/integrations/gmail/sync", { method: "OPTIONS", headers, user: "" });
    expect(preflight.headers.get("access-control-allow-origin")).toBe("https://app.example.test");
    expect(preflight.headers.get("access-control-allow-credentials")).toBe("true");
    const foreign = await call("/integrations", { headers: { origin: "https://evil.example.test" } });
    expect(foreign.headers.get("access-control-allow-origin")).not.toBe("https://evil.example.test");
    const { call: closed } = await startSyncServer();
    expect((await closed("/integrations", { headers })).headers.get("access-control-allow-origin")).toBeNull();
  });
});
