import { once } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createTokenClient } from "../../docs/examples/header-auth.js";
import { playPartialFailure } from "../../docs/examples/mock.js";
import { createPrintedService } from "../../docs/examples/opentelemetry.js";
import { listen } from "../../docs/examples/server.js";
import { createSyncService } from "../../src/server/create-sync-service.js";
import { createSyncRoutes } from "../../src/server/sync-routes.js";
import { type RunningServer, serveFetch } from "../support/serve-fetch.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

describe("the examples of the README", () => {
  it("mock a backend", async () => {
    expect(await playPartialFailure()).toBe(3);
  });

  it("serve a sync", async () => {
    const server = listen(0);
    cleanups.push(() => server.close());
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const headers = { cookie: "a=b" };
    const url = `http://127.0.0.1:${port}/api`;
    const started = await fetch(`${url}/integrations/gmail/sync`, { method: "POST", headers });
    const { sync_id: syncId } = await started.json();
    await vi.waitFor(async () => {
      const { progress } = await (await fetch(`${url}/sync-progress/${syncId}`, { headers })).json();
      expect(progress).toMatchObject({ status: "complete", processed_items: 2, failed_items: 1 });
    });
  });

  it("print the metrics and spans of a service", async () => {
    const printed = vi.spyOn(console, "dir").mockImplementation(() => {});
    const { service, end } = createPrintedService();
    // No word of hexadecimal digits, which ids of traces may contain.
    const scope = { tenantId: "acme", userId: "lovelace" };
    const { syncId, settled } = await service.run(scope, async (run) => run.advance(), { connectorType: "gmail" });
    await settled;
    await end();
    const output = JSON.stringify(printed.mock.calls);
    printed.mockRestore();
    expect(output).toContain('"name":"sync gmail"');
    expect(output).toContain(syncId);
    expect(output).toContain("sync_progress.sync.duration");
    expect(output).not.toContain("lovelace");
  });

  it("authorize with a header, and use a renewed token at once, for the stream as well", async () => {
    let validToken = "old";
    const service = createSyncService();
    const end = Promise.withResolvers<void>();
    const app = createSyncRoutes({
      service,
      authenticate: (request) =>
        request.headers.get("authorization") === `Bearer ${validToken}` ? { tenantId: "acme", userId: "ada" } : null,
      integrations: [{ type: "gmail", name: "Gmail", sync: () => end.promise }],
    });
    const urls: string[] = [];
    const server: RunningServer = await serveFetch((request) => {
      urls.push(request.url);
      return app.fetch(request);
    });
    let token = "old";
    const renew = vi.fn(async () => {
      token = validToken;
    });
    const client = createTokenClient(`${server.url}/api`, { get: () => token, renew });
    cleanups.push(
      () => client.close(),
      () => server.close(),
    );

    const syncId = await client.startSync("gmail");
    validToken = "new";
    client.subscribe(syncId, () => {});
    await vi.waitFor(() => expect(client.getView(syncId)?.connection).toBe("live"), { timeout: 5_000 });
    expect(renew).toHaveBeenCalledTimes(1);
    end.resolve();
    await vi.waitFor(() => expect(client.getView(syncId)?.status).toBe("complete"));
    expect(urls.join()).not.toMatch(/old|new|token/);
  });
});
