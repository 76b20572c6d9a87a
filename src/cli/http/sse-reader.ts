/** A part of an event stream, as its reader needs it to judge the server: also what no page script sees. */
export type SsePart =
  | { readonly kind: "event"; readonly name: string; readonly data: string; readonly id: string | null }
  | { readonly kind: "comment"; readonly text: string }
  | { readonly kind: "retry"; readonly value: string };

/** A line ends with CR, LF or both (HTML standard, 9.2.5). A CR at the end of the text may be half of one. */
const LINE_END = /\r\n|\n|\r(?!$)/;

/** Reads the `text/event-stream` format piece by piece. Comments, and values of `retry` that browsers ignore, are kept. */
export class SseReader {
  #rest = "";
  #name = "";
  #id: string | null = null;
  #data: string[] = [];

  /** Takes the next piece of text, without a byte order mark. Returns what is complete. */
  read(text: string): readonly SsePart[] {
    const lines = (this.#rest + text).split(LINE_END);
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#readLine(line) ?? []);
  }

  #readLine(line: string): SsePart | null {
    if (line === "") return this.#endEvent();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    switch (field) {
      case "":
        return { kind: "comment", text: value };
      case "retry":
        return { kind: "retry", value };
      case "event":
        this.#name = value;
        return null;
      case "id":
        // Browsers ignore an id with NUL.
        if (!value.includes("\0")) this.#id = value;
        return null;
      case "data":
        this.#data.push(value);
        return null;
      default:
        return null;
    }
  }

  #endEvent(): SsePart | null {
    const part: SsePart = {
      kind: "event",
      name: this.#name === "" ? "message" : this.#name,
      data: this.#data.join("\n"),
      id: this.#id,
    };
    const isEvent = this.#data.length > 0;
    this.#name = "";
    this.#id = null;
    this.#data = [];
    return isEvent ? part : null;
  }
}
