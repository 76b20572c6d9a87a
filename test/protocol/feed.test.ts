import { describe, expect, it } from "vitest";
import { decodeReady, decodeRemoved, encodeReady, encodeRemoved } from "../../src/protocol/feed.js";

describe("the events of a feed", () => {
  it.each([
    { isReset: true, omitted: 3, viewer: "3q2-7wAAAAAAAAAA" },
    { isReset: false, omitted: 0, viewer: null },
  ])("read back what was written when the state is complete: %j", (ready) => {
    expect(decodeReady(encodeReady(ready))).toEqual(ready);
  });

  it.each(["", "{}", "[]", "null", '{"reset":null,"omitted":-1,"viewer":7}', undefined])(
    "take %j for a whole state with nothing omitted",
    (data) => {
      expect(decodeReady(data)).toEqual({ isReset: true, omitted: 0, viewer: null });
    },
  );

  it("name the sync that was deleted", () => {
    expect(encodeRemoved("a")).toBe('{"sync_id":"a"}');
    expect(decodeRemoved(encodeRemoved('"\n'))).toBe('"');
    for (const data of ["", "{}", '{"sync_id":""}', '{"sync_id":7}', undefined]) expect(decodeRemoved(data)).toBeNull();
  });
});
