import { setupWorker } from "msw/browser";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createMockSyncBackend } from "../../src/msw/mock-sync-backend.js";

const backend = createMockSyncBackend({ scenario: "manual" });
const worker = setupWorker(...backend.handlers);

beforeAll(async () => {
  await worker.start({ quiet: true });
});
afterAll(async () => {
  await backend.close();
  worker.stop();
});

it("reaches a native EventSource event by event", async () => {
  const syncId = await backend.startSync();
  const { driver } = backend;
  const seen: string[] = [];
  const source = new EventSource(`/api/sync-progress/${syncId}/stream`);
  for (const name of ["current_state", "started", "progress", "complete"]) {
    source.addEventListener(name, (event) => seen.push(`${name} ${JSON.parse(event.data).processed_items}`));
  }
  await vi.waitFor(() => expect(seen).toEqual(["current_state 0"]));
  driver.update({ status: "syncing", totalItems: 2 });
  await vi.waitFor(() => expect(seen.at(-1)).toBe("started 0"));
  driver.advance();
  await vi.waitFor(() => expect(seen.at(-1)).toBe("progress 1"));
  driver.advance();
  await vi.waitFor(() => expect(seen.at(-1)).toBe("progress 2"));
  driver.finish();
  await vi.waitFor(() => expect(seen.at(-1)).toBe("complete 2"));
  source.close();
});

it("notices that a native EventSource was closed", async () => {
  const syncId = await backend.startSync("slack");
  const source = new EventSource(`/api/sync-progress/${syncId}/stream`);
  await vi.waitFor(() => expect(backend.service.stats().subscribers).toBe(1));
  source.close();
  await vi.waitFor(() => expect(backend.service.stats().subscribers).toBe(0));
});
