import { describe, expect, it, vi } from "vitest";
import type { QueuedSync } from "../../src/server/job-engine.js";
import { startSyncServer } from "../support/sync-server.js";
import { ada } from "./a-job.js";

/** Routes with an integration whose syncs are given to a job engine. */
async function startServer(enqueue: (sync: QueuedSync) => Promise<unknown> = async () => {}) {
  const added = vi.fn(enqueue);
  const server = await startSyncServer({ integrations: [{ type: "gmail", name: "Gmail", enqueue: added }] });
  const post = async (path: string, body = {}) => {
    const response = await server.call(path, { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  const progressOf = async (syncId: string) =>
    (await (await server.call(`/sync-progress/${syncId}`)).json()).progress as unknown;
  return { ...server, added, post, progressOf };
}

describe("an integration whose syncs are given to a job engine", () => {
  it("is started and tried again by adding a job, and no sync of the type is started beside it", async () => {
    const { added, post, progressOf, service } = await startServer();
    const started = await post("/integrations/gmail/sync", { full_sync: true });
    expect(started.status).toBe(202);
    const syncId: string = started.body.sync_id;
    expect(added).toHaveBeenCalledExactlyOnceWith({ scope: ada, syncId, connectorType: "gmail" });
    expect(await progressOf(syncId)).toMatchObject({ status: "queued" });
    expect(await post("/integrations/gmail/sync")).toMatchObject({ status: 409, body: { sync_id: syncId } });
    expect(added).toHaveBeenCalledOnce();

    await service.giveUp(ada, syncId);
    const again = await post(`/sync-progress/${syncId}/retry`);
    expect(again.status).toBe(202);
    expect(added).toHaveBeenCalledTimes(2);
    const record = await service.get(ada, String(again.body.sync_id));
    expect(JSON.parse(record?.input ?? "")).toMatchObject({ fullSync: true });
  });

  it("shows a sync that failed if no job could be added, with the reason kept to the server", async () => {
    const { post, progressOf } = await startServer(() => Promise.reject(new Error("no Redis at 10.0.0.7")));
    const started = await post("/integrations/gmail/sync");
    expect(started.status).toBe(202);
    expect(await progressOf(started.body.sync_id)).toMatchObject({
      status: "error",
      error_code: "internal",
      error_message: "Something went wrong on the server.",
    });
    expect((await post("/integrations/gmail/sync")).status).toBe(202);
  });
});
