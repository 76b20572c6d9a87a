import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SseReader } from "../../src/cli/http/sse-reader.js";

function read(pieces: readonly string[]) {
  const reader = new SseReader();
  return pieces.flatMap((piece) => reader.read(piece));
}

describe("the reader of event streams", () => {
  it("reads events with name, id and several lines of data", () => {
    expect(read(["id: 7\nevent: progress\ndata: a\ndata:b\n\n"])).toEqual([
      { kind: "event", name: "progress", data: "a\nb", id: "7" },
    ]);
  });

  it("keeps what no page sees: comments, and values of retry that browsers ignore", () => {
    expect(read([": ping\nretry: 1e3\n\n"])).toEqual([
      { kind: "comment", text: "ping" },
      { kind: "retry", value: "1e3" },
    ]);
  });

  it("says of each event whether it had an id of its own", () => {
    expect(read(["id: 7\ndata: a\n\ndata: b\n\n"]).map((part) => part.kind === "event" && part.id)).toEqual([
      "7",
      null,
    ]);
  });

  it("takes lines that end with CR, LF or both, wherever the pieces are cut", () => {
    const line = fc.constantFrom("data: a", "data", "data:  b", "event: x", "id: 1", ": c", "", "", "other: d");
    const end = fc.constantFrom("\n", "\r\n", "\r");
    fc.assert(
      fc.property(fc.array(fc.tuple(line, end)), fc.array(fc.nat(200)), (lines, cuts) => {
        const text = `${lines.map((pair) => pair.join("")).join("")}\n\n.`;
        const expected: unknown[] = [];
        const parser = createParser({ onEvent: ({ event = "message", data }) => expected.push({ name: event, data }) });
        parser.feed(text);
        const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((place, index) => text.slice(places[index], place));
        const events = read(pieces).flatMap((part) =>
          part.kind === "event" ? [{ name: part.name, data: part.data }] : [],
        );
        expect(events).toEqual(expected);
      }),
    );
  });
});
