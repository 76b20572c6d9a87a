import { describe, expect, it } from "vitest";
import { createEndpoints } from "../../src/protocol/endpoints.js";

describe("the endpoints", () => {
  it.each([
    ["/api", "/api/sync-progress/a"],
    ["/api/", "/api/sync-progress/a"],
    ["/", "/sync-progress/a"],
    ["https://example.test/v1/", "https://example.test/v1/sync-progress/a"],
  ])("are below %s", (baseUrl, snapshot) => {
    expect(createEndpoints(baseUrl).snapshot("a")).toBe(snapshot);
  });

  it("escape what is foreign", () => {
    const endpoints = createEndpoints("/api");
    expect(endpoints.stream("../a b?c")).toBe("/api/sync-progress/..%2Fa%20b%3Fc/stream");
    expect(endpoints.startSync("a/b")).toBe("/api/integrations/a%2Fb/sync");
    expect(endpoints.failures("a", { cursor: "x&y", limit: 5 })).toBe(
      "/api/sync-progress/a/failures?cursor=x%26y&limit=5",
    );
    expect(endpoints.failures("a")).toBe("/api/sync-progress/a/failures");
    expect(endpoints.action("$&", "retry")).toBe("/api/sync-progress/%24%26/retry");
  });

  it("name the list by what is requested of it", () => {
    const endpoints = createEndpoints("/api");
    expect(endpoints.syncs()).toBe("/api/sync-progress");
    expect(endpoints.syncs({ active: false })).toBe("/api/sync-progress");
    expect(endpoints.syncs({ active: true, limit: 5, cursor: "x&y" })).toBe(
      "/api/sync-progress?active=true&limit=5&cursor=x%26y",
    );
    expect(endpoints.syncs({ type: "a&b", result: [] })).toBe("/api/sync-progress?type=a%26b");
    expect(endpoints.syncs({ result: ["failed", "cancelled"], limit: 5 })).toBe(
      "/api/sync-progress?result=failed%2Ccancelled&limit=5",
    );
    expect(endpoints.integrations()).toBe("/api/integrations");
  });

  it("name the stream of all syncs, notices, searches and downloads", () => {
    const endpoints = createEndpoints("/api");
    expect(endpoints.feed()).toBe("/api/sync-progress/stream");
    expect(endpoints.notify("a/b")).toBe("/api/sync-progress/a%2Fb/notify");
    expect(endpoints.failures("a", { search: "é&", limit: 5 })).toBe(
      "/api/sync-progress/a/failures?q=%C3%A9%26&limit=5",
    );
    expect(endpoints.failures("a", { search: "" })).toBe("/api/sync-progress/a/failures");
    expect(endpoints.download("a", "log", "ndjson")).toBe("/api/sync-progress/a/log?format=ndjson");
    expect(endpoints.download("a", "failures", "csv")).toBe("/api/sync-progress/a/failures?format=csv");
  });

  it.each(["api", "", "//evil.test", "ftp://a", "javascript:alert(1)", "https://"])(
    "refuse the baseUrl %j",
    (baseUrl) => {
      expect(() => createEndpoints(baseUrl)).toThrow(
        `SyncProgressError: baseUrl must be an absolute http(s) URL or start with "/", got ${JSON.stringify(baseUrl)}.`,
      );
    },
  );

  it("refuse a baseUrl with a query: a token does not belong in a URL", () => {
    expect(() => createEndpoints("/api?token=secret")).toThrow("must have no query");
  });
});
