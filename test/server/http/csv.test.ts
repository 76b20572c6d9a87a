import { describe, expect, it } from "vitest";
import { encodeCsv } from "../../../src/server/http/csv.js";

const cellOf = (text: string) => encodeCsv([[text]]).replace(/^\uFEFF"|"\r\n$/g, "");

describe("CSV", () => {
  it("has every cell in quotes and every row on a line, after the mark of UTF-8", () => {
    expect(encodeCsv([["item", "reason"], ['a "b"', "c,\nd"], [""]])).toBe(
      '\uFEFF"item","reason"\r\n"a ""b""","c,\nd"\r\n""\r\n',
    );
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "－1", "＋1", "＠x", "=cmd|' /C calc'!A0"])(
    "has no cell that begins as the formula %s",
    (text) => {
      expect(cellOf(text)).toBe(`'${text}`);
      expect(cellOf(`  ${text}`)).toBe(`  '${text}`);
      // What comes after the separator of another language is a cell there.
      expect(cellOf(`a; ${text}`)).toBe(`a; '${text}`);
      for (const separator of ["\t", "\r", "\n"]) expect(cellOf(`a${separator}${text}`)).toBe(`a${separator}'${text}`);
    },
  );

  it.each(["a=b", "2026-11-25T10:00:00.000Z", "a - b", "ada@example.com", "résumé; part 2", "'=1"])(
    "keeps %s",
    (text) => {
      expect(cellOf(text)).toBe(text);
    },
  );
});
