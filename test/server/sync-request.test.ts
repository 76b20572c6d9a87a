import { describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import type { SyncRequestContext } from "../../src/server/integration-definition.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { createSyncRoutes } from "../../src/server/sync-routes.js";
import type { SyncRun } from "../../src/server/sync-run.js";
import { ada } from "./a-job.js";

type Work = (run: SyncRun, request: SyncRequestContext) => Promise<void>;

/** Routes whose syncs do what the test says, and what each was asked to do. */
function serve(work: Work) {
  const requests: SyncRequestContext[] = [];
  const resumedFrom: unknown[] = [];
  const service = createSyncService({ store: createMemoryStore() });
  const app = createSyncRoutes({
    service,
    authenticate: () => ada,
    integrations: [
      {
        type: "gmail",
        name: "Gmail",
        sync: (run, request) => {
          requests.push(request);
          resumedFrom.push(run.resumedFrom);
          return work(run, request);
        },
      },
    ],
  });
  const post = async (path: string, body: unknown = {}): Promise<string> => {
    const response = await app.request(`http://localhost/api${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(202);
    const { sync_id: syncId } = await response.json();
    await vi.waitFor(async () =>
      expect((await service.get(ada, syncId))?.snapshot.completedAt).toEqual(expect.any(Number)),
    );
    return syncId;
  };
  return { post, requests, resumedFrom, service };
}

describe("a retry", () => {
  it("is asked to do what the first sync was, however often", async () => {
    const { post, requests } = serve(async () => {});
    const first = await post("/integrations/gmail/sync", { full_sync: true, since: "2026-01-02T03:04:05Z" });
    const second = await post(`/sync-progress/${first}/retry`);
    await post(`/sync-progress/${second}/retry`);
    const request = { scope: ada, fullSync: true, since: Date.UTC(2026, 0, 2, 3, 4, 5), onlyFailed: null };
    expect(requests).toEqual([request, request, request]);
  });

  it("of only the failed items is about those, and so is a retry of that", async () => {
    const { post, requests, resumedFrom } = serve(async (run, { onlyFailed }) => {
      await run.checkpoint("here");
      if (onlyFailed === null) run.fail({ item: "a.md", reason: "broken" });
      else throw new Error("again");
    });
    const first = await post("/integrations/gmail/sync", { full_sync: true });
    const second = await post(`/sync-progress/${first}/retry`, { only: "failed" });
    await post(`/sync-progress/${second}/retry`);
    expect(requests.map(({ onlyFailed }) => onlyFailed?.map(({ item }) => item) ?? null)).toEqual([
      null,
      ["a.md"],
      ["a.md"],
    ]);
    expect(requests.every(({ fullSync }) => fullSync)).toBe(true);
    expect(resumedFrom).toEqual([null, null, "here"]);
  });

  it("of a sync that was started without the routes is a plain one", async () => {
    const { post, requests, service } = serve(async () => {});
    const { syncId, settled } = await service.run(ada, async () => {}, { connectorType: "gmail", input: ["other"] });
    await settled;
    await post(`/sync-progress/${syncId}/retry`);
    expect(requests).toEqual([{ scope: ada, fullSync: false, since: null, onlyFailed: null }]);
  });

  it("after an error continues from the checkpoint, after a complete sync it does not", async () => {
    let isBroken = true;
    const { post, resumedFrom } = serve(async (run) => {
      await run.checkpoint({ at: 5 });
      if (isBroken) throw new Error("broken");
    });
    const first = await post("/integrations/gmail/sync");
    isBroken = false;
    const second = await post(`/sync-progress/${first}/retry`);
    await post(`/sync-progress/${second}/retry`);
    expect(resumedFrom).toEqual([null, { at: 5 }, null]);
  });
});
