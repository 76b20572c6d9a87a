import { describe, expect, it } from "vitest";
import { decodeSyncPage, encodeSyncPage } from "../../src/protocol/sync-page.js";
import { aSnapshot } from "../support/a-snapshot.js";

describe("a page of syncs", () => {
  it("is read back as it was written", () => {
    const syncs = [aSnapshot({ seq: 7 }), aSnapshot({ syncId: "sync-2" })];
    const page = { syncs, nextCursor: "2", hasFeed: true, viewer: "3q2-7wAAAAAAAAAA" };
    const text = JSON.stringify(encodeSyncPage(page));
    expect(JSON.parse(text)).toMatchObject({ success: true, next_cursor: "2", syncs: [{ sync_id: "sync-1" }, {}] });
    expect(decodeSyncPage(text)).toEqual({ ok: true, value: page });
  });

  it("has neither a feed nor a viewer if an older backend does not say so", () => {
    for (const said of [{}, { feed: "yes", viewer: 7 }]) {
      const page = decodeSyncPage(JSON.stringify({ syncs: [], ...said }));
      expect(page).toMatchObject({ ok: true, value: { hasFeed: false, viewer: null } });
    }
  });

  it("leaves out what is no snapshot", () => {
    const text = JSON.stringify({ syncs: [null, { status: "syncing" }, { sync_id: "a", status: "syncing" }] });
    expect(decodeSyncPage(text)).toMatchObject({ ok: true, value: { syncs: [{ syncId: "a" }], nextCursor: null } });
  });

  it.each(["{}", "[]", '{"syncs":{}}', "<html>"])("is refused when it has no list: %s", (text) => {
    expect(decodeSyncPage(text).ok).toBe(false);
  });
});
