import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  readFailureRequest,
  readFilter,
  readPage,
  readRetryBody,
  readStartBody,
} from "../../../src/server/http/request-input.js";
import { signIn } from "../../../src/server/http/sign-in.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LIMITS = { bodyBytes: 100, bodyTimeoutMs: 1_000 };
const post = (body: string | null) => new Request("http://x", { method: "POST", body });

/** A body that arrives in pieces; without an end, the last of them is awaited for ever. */
function postInPieces(pieces: readonly Uint8Array[], { hasEnd }: { hasEnd: boolean }) {
  const cancel = vi.fn();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      if (hasEnd) controller.close();
    },
    cancel,
  });
  const init = { method: "POST", body, duplex: "half" };
  return { request: new Request("http://x", init), cancel };
}

describe("the body of a start", () => {
  it.each([
    [null, false, null],
    ["", false, null],
    [" \n", false, null],
    ["{}", false, null],
    ['{"full_sync":true}', true, null],
    ['{"full_sync":false,"since":"1970-01-01T00:00:01Z"}', false, 1_000],
    ['{"since":null}', false, null],
  ])("%j says what is to be synced", async (body, fullSync, since) => {
    expect(await readStartBody(post(body), LIMITS)).toEqual({ fullSync, since });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("may arrive in pieces, also within a character", async () => {
    const bytes = new TextEncoder().encode('{"full_sync":true,"x":"ä"}');
    const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const { request } = postInPieces(pieces, { hasEnd: true });
    expect(await readStartBody(request, LIMITS)).toEqual({ fullSync: true, since: null });
  });

  it("may be as long as the limit, and is given up beyond it", async () => {
    const fitting = `{"x":"${"a".repeat(92)}"}`;
    expect(await readStartBody(post(fitting), LIMITS)).toEqual({ fullSync: false, since: null });
    const { request, cancel } = postInPieces([new Uint8Array(101)], { hasEnd: false });
    await expect(readStartBody(request, LIMITS)).rejects.toMatchObject({ status: 413, code: "too_large" });
    expect(cancel).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is given up when it does not arrive in time", async () => {
    const { request, cancel } = postInPieces([Uint8Array.of(123)], { hasEnd: false });
    const refused = expect(readStartBody(request, LIMITS)).rejects.toMatchObject({
      status: 408,
      message: "The body must arrive within 1000 ms.",
    });
    await vi.advanceTimersByTimeAsync(1_000);
    await refused;
    expect(cancel).toHaveBeenCalledOnce();
  });
});

describe("the body of a retry", () => {
  it("says whether it is about failed items only", async () => {
    expect(await readRetryBody(post('{"only":"failed"}'), LIMITS)).toEqual({ onlyFailed: true });
    expect(await readRetryBody(post(null), LIMITS)).toEqual({ onlyFailed: false });
    await expect(readRetryBody(post('{"only":"new"}'), LIMITS)).rejects.toThrow(
      'only must be "failed" if it is given.',
    );
  });
});

describe("the query of a list", () => {
  it("has a limit from 1 to 200, and 50 if it says none", () => {
    expect(readPage({})).toEqual({ limit: 50 });
    expect(readPage({ limit: "1" })).toEqual({ limit: 1 });
    expect(readPage({ limit: "200", cursor: "7" })).toEqual({ limit: 200, cursor: "7" });
    for (const limit of ["0", "201", "1.5", "x"]) {
      expect(() => readPage({ limit })).toThrow("limit must be a whole number from 1 to 200.");
    }
  });

  it("says whether only running syncs are listed", () => {
    expect([readFilter({}), readFilter({ active: ["false"] })]).toEqual([{}, {}]);
    expect(readFilter({ active: ["true"] })).toEqual({ active: true });
    for (const active of ["1", "", "yes"])
      expect(() => readFilter({ active: [active] })).toThrow("active must be true or false.");
  });

  it("says of which integration and with which results syncs are listed", () => {
    expect(readFilter({ type: ["gmail"], result: ["failed,cancelled", "complete"] })).toEqual({
      connectorType: "gmail",
      results: ["failed", "cancelled", "complete"],
    });
    for (const result of ["error", "", "failed,", "failed, complete", "constructor"]) {
      expect(() => readFilter({ result: [result] })).toThrow(
        "result must be one or more of complete, partly_failed, failed, cancelled.",
      );
    }
  });

  it("says which failed items are searched for", () => {
    expect(readFailureRequest({ limit: "7" })).toEqual({ limit: 7 });
    expect(readFailureRequest({ q: "" })).toEqual({ limit: 50 });
    expect(readFailureRequest({ q: "ä b", cursor: "3" })).toEqual({ limit: 50, cursor: "3", search: "ä b" });
    expect(() => readFailureRequest({ q: "x".repeat(201) })).toThrow("q must have at most 200 characters.");
  });
});

describe("a sign-in", () => {
  it("leaves no timer behind", async () => {
    const scope = { tenantId: "acme", userId: "ada" };
    const waiting = signIn(
      () => new Promise((resolve) => setTimeout(() => resolve(scope), 5)),
      new Request("http://x"),
    );
    await vi.advanceTimersByTimeAsync(5);
    expect(await waiting).toBe(scope);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that needs no wait has no deadline", () => {
    void signIn(() => null, new Request("http://x"));
    expect(vi.getTimerCount()).toBe(0);
  });
});
