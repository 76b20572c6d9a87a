import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEmailAddress } from "../../../src/server/email/email-address.js";

describe("an address", () => {
  it.each([
    "ada@example.com",
    "ada.lovelace+syncs@mail.example.co.uk",
    "o'neill@example.com",
    "ada@localhost",
    "jörg@exämple.de",
  ])("is taken: %s", (text) => expect(isEmailAddress(text)).toBe(true));

  it.each([
    "",
    "ada",
    "@example.com",
    "ada@",
    "ada@@example.com",
    "ada@example.com,eve@example.com",
    "ada@example.com;eve@example.com",
    "ada@example.com eve@example.com",
    "Ada <ada@example.com>",
    '"ada eve"@example.com',
    "friends: ada@example.com",
    "ada(comment)@example.com",
    "ada@example.com\r\nBcc: eve@example.com",
    "ada@example.com\n",
    "ada@example.com\u0000",
    "ada\u2028@example.com",
    "ada@[127.0.0.1]",
    `${"a".repeat(65)}@example.com`,
    `ada@${"a".repeat(251)}`,
    `ada@${"ä".repeat(130)}`,
  ])("is refused if it is not exactly one: %j", (text) => expect(isEmailAddress(text)).toBe(false));

  it("never has what separates addresses or headers", () => {
    const part = fc.constantFrom("ada", "@", ",", ";", "\r\n", " ", "<", ">", "example.com", "Bcc:", '"', "\\");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = parts.join("");
        return !isEmailAddress(text) || /^[^\s,;:<>"\\@]+@[^\s,;:<>"\\@]+$/.test(text);
      }),
    );
  });
});
