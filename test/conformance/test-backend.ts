import { EventSource } from "eventsource";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SyncClient } from "../../src/client/sync-client.js";
import { eventually } from "../support/eventually.js";
import { ALL_CHECKS } from "./all-checks.js";
import type { Backend, Feature } from "./backend.js";
import { checksFor, runCheck } from "./check.js";
import type { RunningBackend } from "./example-backends.js";

const START_TIMEOUT_MS = 180_000;
const CHECK_TIMEOUT_MS = 60_000;

/** Registers all checks of what a backend offers. */
export function testBackend(name: string, start: () => Promise<RunningBackend>, offers: ReadonlySet<Feature>): void {
  describe(name, () => {
    let running: RunningBackend | null = null;
    const backend = () => {
      if (running === null) throw new Error("The backend has not started.");
      return running.backend;
    };
    beforeAll(async () => {
      running = await start();
    }, START_TIMEOUT_MS);
    afterAll(() => running?.stop());

    it.each(checksFor(offers, ALL_CHECKS).map((check) => [check.title, check] as const))(
      "%s",
      (_, check) => runCheck(check, backend()),
      CHECK_TIMEOUT_MS,
    );

    it("works with the real client, from a start to the end", async () => {
      const client = createClient(backend());
      const { types } = backend();
      const syncId = await client.startSync(types.partlyFailed);
      const percents: (number | null)[] = [];
      const unsubscribe = client.subscribe(syncId, () => percents.push(client.getView(syncId)?.percent ?? null));
      await eventually(() => expect(client.getView(syncId)?.isTerminal).toBe(true));
      expect(client.getView(syncId)).toMatchObject({ percent: 100, snapshot: { status: "complete", failedItems: 3 } });
      expect(percents.length).toBeGreaterThan(3);
      const page = await client.getFailures(syncId, {});
      expect(page.failures).toHaveLength(3);

      const endless = await client.startSync(types.endless);
      expect(await client.startSync(types.endless)).toBe(endless);
      const leave = client.subscribe(endless, () => {});
      await eventually(() => expect(client.getView(endless)).toMatchObject({ connection: "live" }));
      await client.cancel(endless);
      await eventually(() => expect(client.getView(endless)?.snapshot?.status).toBe("cancelled"));
      unsubscribe();
      leave();
      client.close();
    });
  });
}

function createClient({ baseUrl, ada }: Backend): SyncClient {
  const withCookie = (input: string | URL | Request, init: RequestInit = {}) =>
    fetch(input, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), ...ada } });
  return new SyncClient({
    baseUrl,
    fetch: withCookie,
    createEventSource: (url) =>
      new EventSource(url, { fetch: (input, init) => withCookie(input, { ...init, headers: { ...init.headers } }) }),
  });
}
