import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeSseFrame } from "../../src/protocol/sse-frame.js";

describe("an SSE frame", () => {
  it("is read back by a conforming parser, whatever the data", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (data) => {
        const events: unknown[] = [];
        const parser = createParser({ onEvent: (event) => events.push(event) });
        parser.feed(encodeSseFrame({ event: "progress", id: 7, data }));
        expect(events).toEqual([{ event: "progress", id: "7", data: data.replace(/\r\n|\r/g, "\n") }]);
      }),
    );
  });

  it("carries the time to wait before a reconnection", () => {
    expect(encodeSseFrame({ retry: 2_000.4 })).toBe("retry: 2000\n\n");
  });

  it.each(["a\nb", "a\rb", "a\0b"])("refuses %j as a name or an id", (text) => {
    expect(() => encodeSseFrame({ event: text })).toThrow("an SSE event must hold no CR, LF or NUL");
    expect(() => encodeSseFrame({ id: text })).toThrow("an SSE id must hold no CR, LF or NUL");
  });
});
