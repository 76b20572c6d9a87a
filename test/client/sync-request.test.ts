import { describe, expect, it } from "vitest";
import { parseRetryAfter, requestText, SyncRequestError } from "../../src/client/sync-request.js";

const context = (fetch: typeof globalThis.fetch, timeoutMs = 1_000) => ({
  fetch,
  credentials: "include" as const,
  timeoutMs,
});

describe("Retry-After", () => {
  const now = Date.UTC(2026, 0, 1);
  it.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
    ["soon", null],
    ["", null],
    [null, null],
    ["7 s", null],
    ["x7", null],
    ["  ", null],
    ["1.5", null],
  ])("%j is %s ms", (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });
});

describe("a request", () => {
  it("that is refused separates the server's own sentence from words for the developer", async () => {
    const refusal = (body: string) => async () => new Response(body, { status: 503 });
    const own = requestText(context(refusal('{"success":false,"error":"Too busy."}')), "/api/x");
    await expect(own).rejects.toMatchObject({ message: "Too busy.", safeMessage: "Too busy." });
    const page = requestText(context(refusal("<h1>Bad gateway</h1>")), "/api/x");
    await expect(page).rejects.toMatchObject({ safeMessage: null });
    const lost = requestText(
      context(async () => Promise.reject(new TypeError("fetch failed"))),
      "/api/x",
    );
    await expect(lost).rejects.toMatchObject({ message: "GET /api/x failed: fetch failed.", safeMessage: null });
  });

  it("returns the text, and requests without a cache and with the given credentials", async () => {
    const asked: RequestInit[] = [];
    const text = await requestText(
      context(async (_, init) => {
        asked.push(init ?? {});
        return new Response("hello");
      }),
      "/api/x",
      { method: "POST", body: { a: 1 } },
    );
    expect(text).toBe("hello");
    expect(asked[0]).toMatchObject({ method: "POST", credentials: "include", cache: "no-store", body: '{"a":1}' });
    expect(asked[0]?.headers).toEqual({ accept: "application/json", "content-type": "application/json" });
  });

  it("without a body names no type of it", async () => {
    const asked: RequestInit[] = [];
    await requestText(
      context(async (_, init) => {
        asked.push(init ?? {});
        return new Response("hello");
      }),
      "/api/x",
    );
    expect(asked[0]?.headers).toEqual({ accept: "application/json" });
    expect(asked[0]).not.toHaveProperty("body");
  });

  it("has the server's own words when it is refused", async () => {
    const refused = requestText(
      context(async () => Response.json({ error: "Too many." }, { status: 429, headers: { "retry-after": "7" } })),
      "/api/x",
    );
    await expect(refused).rejects.toBeInstanceOf(SyncRequestError);
    await expect(refused).rejects.toMatchObject({ message: "Too many.", status: 429, retryAfterMs: 7_000 });
  });

  it("says what was requested if the server says nothing", async () => {
    const refused = requestText(
      context(async () => new Response("<html>", { status: 502 })),
      "/api/x",
    );
    await expect(refused).rejects.toMatchObject({
      message: "GET /api/x failed with status 502.",
      status: 502,
      retryAfterMs: null,
    });
  });

  it("separates a lost network from a slow server", async () => {
    const lost = requestText(
      context(async () => {
        throw new TypeError("Failed to fetch");
      }),
      "/api/x",
    );
    await expect(lost).rejects.toMatchObject({ message: "GET /api/x failed: Failed to fetch.", status: null });
    const slow = requestText(
      context(
        (_, init) =>
          new Promise((_resolve, reject) =>
            init?.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
          ),
        10,
      ),
      "/api/x",
    );
    await expect(slow).rejects.toMatchObject({ message: "GET /api/x failed: no response within 10 ms.", status: null });
  });

  it("is given up when the asker goes away", async () => {
    const gone = new AbortController();
    const request = requestText(
      context(
        (_, init) =>
          new Promise((_resolve, reject) =>
            init?.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
          ),
      ),
      "/api/x",
      { signal: gone.signal },
    );
    gone.abort();
    await expect(request).rejects.toMatchObject({ status: null });
  });
});
