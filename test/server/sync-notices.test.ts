import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createMemoryStore } from "../../src/server/memory-store.js";
import { SyncJobError } from "../../src/server/sync-job-error.js";
import type { SyncNotices } from "../../src/server/sync-notices.js";
import { ada, settle, startIn } from "./a-job.js";
import { createFaultyStore } from "./faulty-store.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function aService(notices?: SyncNotices) {
  const store = createMemoryStore();
  const onError = vi.fn();
  const service = createSyncService({ store, onError, ...(notices === undefined ? {} : { notices }) });
  const outbox = async () => {
    const due = await store.claimNotices("email", 60_000, 10);
    return due.map(({ kind, syncId, payload }) => ({ kind, syncId, ...JSON.parse(payload) }));
  };
  return { store, service, outbox, onError };
}

describe("a mail at the end of a sync", () => {
  it("is not offered as long as nothing sends it", async () => {
    const { service, outbox } = aService();
    const { syncId, finish, settled } = await startIn(service);
    const record = await service.get(ada, syncId);
    expect(record?.snapshot).toMatchObject({ notifyEmail: null, capabilities: ["cancel", "pause", "failures", "log"] });
    expect(await service.setNotifyEmail(ada, syncId, true)).toMatchObject({ isDone: false });
    finish();
    await settled;
    expect(await outbox()).toEqual([]);
  });

  it("is in the outbox once the sync has ended, if the person has requested it", async () => {
    const { service, outbox } = aService({ email: {} });
    const { syncId, run, seen, finish, settled } = await startIn(service);
    expect((await service.get(ada, syncId))?.snapshot).toMatchObject({ notifyEmail: false });
    expect((await service.get(ada, syncId))?.snapshot.capabilities).toContain("notify");
    const set = await service.setNotifyEmail(ada, syncId, true);
    expect(set).toMatchObject({ isDone: true, snapshot: { notifyEmail: true, seq: 2 } });
    expect(seen).toEqual([set?.snapshot]);
    run.advance({ count: 3 });
    expect(await outbox()).toEqual([]);
    finish();
    expect(await settled).toMatchObject({ status: "complete", notifyEmail: true });
    expect(await outbox()).toMatchObject([
      { kind: "email", syncId, scope: ada, snapshot: { sync_id: syncId, status: "complete", processed_items: 3 } },
    ]);
    expect(await service.setNotifyEmail(ada, syncId, false)).toMatchObject({ isDone: false });
    expect(await service.setNotifyEmail({ tenantId: "globex", userId: "ada" }, syncId, true)).toBeNull();
  });

  it("is not, if nobody has requested it or the request was revoked", async () => {
    const { service, outbox } = aService({ email: { isRequestedByDefault: true } });
    const { syncId, finish, settled } = await startIn(service);
    expect(await service.setNotifyEmail(ada, syncId, false)).toMatchObject({ snapshot: { notifyEmail: false } });
    finish();
    await settled;
    const other = aService({ email: {} });
    const unasked = await startIn(other.service);
    unasked.finish();
    await unasked.settled;
    expect([await outbox(), await other.outbox()]).toEqual([[], []]);
  });

  it("can be requested by default", async () => {
    const { service, outbox } = aService({ email: { isRequestedByDefault: true } });
    const { crash, settled } = await startIn(service);
    crash(new SyncJobError("Gmail refuses.", { code: "rate_limited" }));
    await settled;
    expect(await outbox()).toMatchObject([{ snapshot: { status: "error", error_message: "Gmail refuses." } }]);
  });

  it("can be sent in any case for some ends; a rule that throws is reported and counts as none", async () => {
    const isAlwaysSent = vi.fn(({ status }: { status: string }) => status === "error");
    const { service, outbox, onError } = aService({ email: { isAlwaysSent } });
    const failing = await startIn(service);
    failing.crash(new Error("boom"));
    await failing.settled;
    expect(await outbox()).toMatchObject([{ syncId: failing.syncId }]);
    isAlwaysSent.mockImplementation(() => {
      throw new Error("the rule");
    });
    const complete = await startIn(service);
    complete.finish();
    await complete.settled;
    expect(await outbox()).toEqual([]);
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: "the rule" }), complete.syncId);
  });

  it("is sent without a request for a sync that took at least the minimum duration, and to who requested it for any", async () => {
    const { service, outbox } = aService({ email: { minDurationMs: 60_000 } });
    const ids: string[] = [];
    for (const [durationMs, isRequested] of [
      [59_999, false],
      [60_000, false],
      [1, true],
    ] as const) {
      const { syncId, finish, settled } = await startIn(service);
      if (isRequested) await service.setNotifyEmail(ada, syncId, true);
      ids.push(syncId);
      await vi.advanceTimersByTimeAsync(durationMs);
      finish();
      await settled;
    }
    expect((await outbox()).map(({ syncId }) => syncId).sort()).toEqual(ids.slice(1).sort());
  });

  it("is sent without a request only if rule and minimum duration allow it, when there are both", async () => {
    const isAlwaysSent = ({ status }: { status: string }) => status === "error";
    const { service, outbox } = aService({ email: { isAlwaysSent, minDurationMs: 60_000 } });
    const sent: string[] = [];
    for (const [durationMs, end] of [
      [1_000, "crash"],
      [60_000, "finish"],
      [60_000, "crash"],
    ] as const) {
      const { syncId, finish, crash, settled } = await startIn(service);
      await vi.advanceTimersByTimeAsync(durationMs);
      if (end === "crash") crash(new Error("boom"));
      else finish();
      await settled;
      sent.push(syncId);
    }
    expect((await outbox()).map(({ syncId }) => syncId)).toEqual(sent.slice(2));
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("has no minimum duration of %d", (minDurationMs) => {
    expect(() => createSyncService({ notices: { email: { minDurationMs } } })).toThrow(
      "SyncProgressError: notices.email.minDurationMs must be",
    );
  });

  it("is not sent for a sync that was cancelled", async () => {
    const { service, outbox } = aService({ email: { isRequestedByDefault: true, isAlwaysSent: () => true } });
    const { syncId, settled } = await startIn(service);
    await service.cancel(ada, syncId);
    await settled;
    expect(await outbox()).toEqual([]);
  });

  it("is sent for a sync whose process is gone, by whichever ends it", async () => {
    const store = createMemoryStore();
    const notices = { email: { isRequestedByDefault: true } };
    let isKilled = false;
    const cuttable = createFaultyStore(store, () => (isKilled ? "hang" : "none"));
    const { syncId } = await startIn(createSyncService({ store: cuttable, notices }));
    isKilled = true;
    const living = createSyncService({ store, notices });
    await living.recover();
    await vi.advanceTimersByTimeAsync(20_000);
    await settle();
    const due = await store.claimNotices("email", 60_000, 10);
    expect(due.map((notice) => [notice.syncId, JSON.parse(notice.payload).snapshot.error_code])).toEqual([
      [syncId, "interrupted"],
    ]);
    expect((await living.listLog(ada, syncId, { limit: 10 }))?.lines.at(-1)).toContain('"event":"error"');
  });
});
