import { describe, expect, it } from "vitest";
import { decodeFailurePage, encodeFailurePage } from "../../src/protocol/failure.js";
import { decodeIntegrations, encodeIntegrations, type Integration } from "../../src/protocol/integration.js";
import { decodeErrorMessage, decodeStartResponse } from "../../src/protocol/responses.js";

describe("the response to a start", () => {
  it("names the sync", () => {
    expect(decodeStartResponse('{"success":true,"sync_id":"abc"}')).toEqual({ ok: true, value: "abc" });
  });

  it.each(["{}", "[]", "null", '{"sync_id":7}'])("is refused without one: %s", (text) => {
    expect(decodeStartResponse(text)).toMatchObject({ ok: false, problem: { kind: "missing-field" } });
  });
});

describe("an error response", () => {
  it.each([
    ['{"success":false,"error":"Not now."}', "Not now."],
    ['{"message":"Not now."}', "Not now."],
    ["<html>", null],
    ["[]", null],
    ['{"error":{"a":1}}', null],
  ])("%s says %s", (text, message) => {
    expect(decodeErrorMessage(text)).toBe(message);
  });
});

describe("the integrations", () => {
  const gmail: Integration = {
    type: "gmail",
    name: "Gmail",
    description: "Your mail",
    icon: "/gmail.svg",
    status: "syncing",
    lastSyncAt: 1_000,
    totalItemsSynced: 12,
    errorMessage: null,
    activeSyncId: "abc",
  };

  it("are read back as they were written", () => {
    const text = JSON.stringify(encodeIntegrations([gmail, { ...gmail, type: "slack", status: "not_connected" }]));
    expect(JSON.parse(text)).toMatchObject({ success: true, connected_count: 1 });
    expect(decodeIntegrations(text)).toEqual({
      ok: true,
      value: [gmail, { ...gmail, type: "slack", status: "not_connected" }],
    });
  });

  it("leave out what is none, and are connected where the status is unknown", () => {
    const text = JSON.stringify({ integrations: [null, 7, {}, { type: "a" }, { type: "b", status: "constructor" }] });
    const result = decodeIntegrations(text);
    expect(result.ok && result.value.map(({ type, name, status }) => [type, name, status])).toEqual([
      ["a", "a", "connected"],
      ["b", "b", "connected"],
    ]);
  });

  it.each(["{}", "[]", '{"integrations":{}}'])("are refused where there is no list: %s", (text) => {
    expect(decodeIntegrations(text).ok).toBe(false);
  });
});

describe("a page of failures", () => {
  it("is read back as it was written", () => {
    const page = { failures: [{ item: "a.md", reason: "not UTF-8", at: 1_000 }], nextCursor: "2" };
    expect(decodeFailurePage(JSON.stringify(encodeFailurePage(page)))).toEqual({ ok: true, value: page });
  });

  it("leaves out what names no item", () => {
    const text = JSON.stringify({ failures: [{ reason: "?" }, null, { item: "b" }] });
    expect(decodeFailurePage(text)).toEqual({
      ok: true,
      value: { failures: [{ item: "b", reason: "", at: null }], nextCursor: null },
    });
  });
});
