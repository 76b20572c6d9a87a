import { afterEach, describe, expect, it, vi } from "vitest";
import { createSyncService } from "../../../src/server/create-sync-service.js";
import { createMemoryStore } from "../../../src/server/memory-store.js";
import type { SyncJob } from "../../../src/server/sync-run.js";
import { startSyncServer } from "../../support/sync-server.js";
import { ada } from "../a-job.js";

afterEach(() => void vi.useRealTimers());

const AT = "2026-11-25T10:00:00.000Z";

/** The text of a response with all its characters; `text()` leaves out the mark of UTF-8. */
const textOf = async (response: Response) =>
  new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.arrayBuffer());

/** A server with a sync that has ended. */
async function afterSync(job: SyncJob, { maxFailures = 10_000, maxLogLines = 10_000, connectorType = "gmail" } = {}) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(AT) });
  const service = createSyncService({ store: createMemoryStore({ maxFailures, maxLogLines }) });
  const server = await startSyncServer({ service });
  const { syncId, settled } = await service.run(ada, job, { connectorType });
  await settled;
  const download = (path: string) => server.call(`/sync-progress/${syncId}/${path}`);
  return { ...server, download };
}

describe("the download of failed items", () => {
  const failing: SyncJob = async (run) => {
    run.fail({ item: 'a, "b".pdf', reason: "too large" });
    run.fail({ item: "=1+1", reason: "-no" });
  };

  it("is a CSV file", async () => {
    const { download } = await afterSync(failing, { connectorType: "../g mail" });
    const response = await download("failures?format=csv");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="_g_mail-failures-2026-11-25.csv"',
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    });
    expect(response.headers.has("x-sync-progress-cut")).toBe(false);
    expect(await textOf(response)).toBe(
      `\uFEFF"at","item","reason"\r\n"${AT}","a, ""b"".pdf","too large"\r\n"${AT}","'=1+1","'-no"\r\n`,
    );
  });

  it("is a file with one JSON object a line", async () => {
    const { download } = await afterSync(failing);
    const response = await download("failures?format=ndjson");
    expect(response.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    const lines = (await textOf(response)).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { at: AT, item: 'a, "b".pdf', reason: "too large" },
      { at: AT, item: "=1+1", reason: "-no" },
    ]);
  });

  it("says that it is cut if the store keeps fewer than have failed", async () => {
    const { download } = await afterSync(failing, { maxFailures: 1 });
    const csv = await download("failures?format=csv");
    expect(csv.headers.get("x-sync-progress-cut")).toBe("true");
    expect((await textOf(csv)).split("\r\n").at(-2)).toBe('"This list is cut: it has only 1 entries.","",""');
    const ndjson = await textOf(await download("failures?format=ndjson"));
    expect(ndjson.trimEnd().split("\n").at(-1)).toBe('{"cut":true,"entries":1}');
  });

  it.each([
    ["entries", 10_001, "x", 10_000],
    ["characters", 6_000, "x".repeat(1_000), 4_873],
  ])("is cut by its number of %s", async (_, count, item, entries) => {
    const job: SyncJob = async (run) => {
      for (let left = count; left > 0; left -= 1) run.fail({ item, reason: "no" });
    };
    const { download } = await afterSync(job, { maxFailures: 20_000 });
    const response = await download("failures?format=ndjson");
    expect(response.headers.get("x-sync-progress-cut")).toBe("true");
    const lines = (await textOf(response)).trimEnd().split("\n");
    expect(lines.at(-1)).toBe(`{"cut":true,"entries":${entries}}`);
    expect(lines).toHaveLength(entries + 1);
  });

  it("is of one's own syncs only, in one of two formats, and of the whole list", async () => {
    const { download, call } = await afterSync(failing);
    for (const path of ["failures?format=xml", "failures?format=", "failures?format=csv&q=a", "log?format=CSV"]) {
      expect([path, (await download(path)).status]).toEqual([path, 400]);
    }
    for (const path of ["failures?format=csv", "log"]) {
      expect((await call(`/sync-progress/unknown/${path}`)).status).toBe(404);
    }
  });
});

describe("the download of a log", () => {
  const logging: SyncJob = async (run) => {
    run.update({ status: "syncing", stage: "Fetching..." });
    run.log("Token renewed\nfor ada");
    run.update({ status: "parsing" });
    throw new Error("secret");
  };

  it("has what the job has written, its phases and statuses, and why it failed, as safe to show", async () => {
    const { download } = await afterSync(logging);
    const response = await download("log?format=csv");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="gmail-log-2026-11-25.csv"');
    expect((await textOf(response)).split("\r\n").slice(0, -1)).toEqual([
      '\uFEFF"at","event","text"',
      `"${AT}","syncing","Fetching..."`,
      `"${AT}","log","Token renewed for ada"`,
      `"${AT}","parsing",""`,
      `"${AT}","error","Something went wrong on the server."`,
    ]);
  });

  it("is one JSON object a line unless another format is named, and says that it is cut", async () => {
    const { download } = await afterSync(logging, { maxLogLines: 2 });
    const response = await download("log");
    expect(response.headers.get("x-sync-progress-cut")).toBe("true");
    expect((await textOf(response)).split("\n")).toEqual([
      `{"at":"${AT}","event":"syncing","text":"Fetching..."}`,
      `{"at":"${AT}","event":"log","text":"Token renewed for ada"}`,
      '{"cut":true,"entries":2}',
      "",
    ]);
  });
});
