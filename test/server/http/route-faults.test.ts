import { describe, expect, it, vi } from "vitest";
import { signIn } from "../../../src/server/http/sign-in.js";
import { startSyncServer } from "../../support/sync-server.js";

const SECRET = "password=hunter2";

/** What can be thrown. Hono itself only handles the first. */
const THROWN = [new Error(SECRET), SECRET, { token: SECRET }, null] as const;

describe("what an application's function throws", () => {
  it.each([
    ["authenticate", (thrown: unknown) => ({ authenticate: () => Promise.reject(thrown) })],
    [
      "authenticate, at once",
      (thrown: unknown) => ({
        authenticate: () => {
          throw thrown;
        },
      }),
    ],
    [
      "status of an integration",
      (thrown: unknown) => ({
        integrations: [
          { type: "gmail", name: "Gmail", sync: async () => {}, status: async () => Promise.reject(thrown) },
        ],
      }),
    ],
  ])("is a 500 that says nothing, and goes to onError: %s", async (_, optionsFor) => {
    for (const thrown of THROWN) {
      const onError = vi.fn();
      const { call } = await startSyncServer({ ...optionsFor(thrown), onError });
      const response = await call("/integrations");
      expect([response.status, await response.json()]).toEqual([
        500,
        { success: false, error: "Something went wrong on the server.", code: "internal" },
      ]);
      expect(onError).toHaveBeenCalledExactlyOnceWith(thrown);
    }
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error(SECRET);
      },
    ],
    ["rejects", () => Promise.reject(new Error(SECRET))],
  ])("is ignored if it is onError itself, which %s", async (_, onError) => {
    const { call, service } = await startSyncServer({ onError });
    vi.spyOn(service, "list").mockRejectedValue(new Error(SECRET));
    const response = await call("/sync-progress");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain(SECRET);
  });
});

describe("the times", () => {
  it.each(["heartbeatMs", "retryMs", "reauthenticateMs"])("must be positive numbers: %s", async (name) => {
    for (const value of [0, -1, Number.NaN]) {
      await expect(startSyncServer({ [name]: value })).rejects.toThrow(
        `SyncProgressError: ${name} must be a number above 0`,
      );
    }
  });

  it.each(["heartbeatMs", "retryMs"])("must have an end: %s", async (name) => {
    await expect(startSyncServer({ [name]: Number.POSITIVE_INFINITY })).rejects.toThrow("got Infinity");
  });
});

describe("authenticate", () => {
  it("that does not return is given up", async () => {
    const hanging = () => new Promise<null>(() => {});
    await expect(signIn(hanging, new Request("http://x"), 10)).rejects.toThrow(
      "SyncProgressError: authenticate did not return within 10 ms.",
    );
  });
});
