import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { withChecks } from "../../.ci/doctor-checks.js";
import { ALL_CHECKS } from "../../src/cli/checks/all-checks.js";
import type { DoctorReport } from "../../src/cli/report/doctor-report.js";
import { eventually } from "../support/eventually.js";
import { examine, problemsOf, runCommand, SHORT, textOf } from "./examine.js";
import { FaultyBackend, type Plan } from "./faulty-backend.js";

const ADA = ["--cookie", "user=ada"];

async function start(plan: Partial<Plan> = {}) {
  const backend = new FaultyBackend(plan);
  onTestFinished(() => backend.close());
  return { backend, url: await backend.listen() };
}

describe("the command", () => {
  it("writes a line for each check, and a sentence at the end", async () => {
    const { url } = await start();
    const { out, code } = await runCommand(["doctor", url, "--start", "gmail", ...ADA]);
    expect(code).toBe(0);
    expect(out).toMatch(/^react-sync-progress doctor http.*\nTakes up to about \d+ s\. Ctrl\+C ends it\.\n/);
    expect(out).toMatch(/^ {2}ok {6}heartbeats {7}every 150 ms$/m);
    expect(out).toMatch(/^Not judged$/m);
    expect(out).toMatch(/\nNo faults; \d+ checks passed, \d+ could not be judged\.\n$/);
    expect(out).not.toContain("\u001b");
  });

  it("says of each fault what was seen, why it matters and what to change, and exits with 1", async () => {
    const { url } = await start({ streamHeaders: { "content-type": "text/plain" } });
    const { out, code } = await runCommand(["doctor", url, "--start", "gmail", ...ADA]);
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}FAULT {3}content-type/m);
    const explained = out.slice(out.lastIndexOf("FAULT content-type"));
    expect(explained).toMatch(/seen {4}The stream is sent as "text\/plain"/);
    expect(explained).toMatch(/\| content-type: text\/plain/);
    expect(explained).toMatch(/why {5}A browser gives up/);
    expect(explained).toMatch(/change {2}any server: Content-Type: text\/event-stream/);
    expect(out).toMatch(/\n1 fault; \d+ checks passed/);
  });

  it("writes JSON of a stable shape, with every check in its order", async () => {
    const { url, backend } = await start();
    const { out, code } = await runCommand(["doctor", url, "--start", "gmail", "--json", ...ADA]);
    expect(code).toBe(0);
    const report: DoctorReport = JSON.parse(out);
    expect(Object.keys(report)).toEqual([
      "version",
      "url",
      "baseUrl",
      "syncId",
      "isInterrupted",
      "startedAt",
      "durationMs",
      "counts",
      "checks",
    ]);
    expect(report.checks.map(({ id }) => id)).toEqual(ALL_CHECKS.map(({ id }) => id));
    expect(Object.keys(report.checks[0] ?? {})).toEqual(["id", "subject", "level", "findings"]);
    expect(Object.keys(report.checks[0]?.findings[0] ?? {}).sort()).toEqual([
      "change",
      "evidence",
      "level",
      "seen",
      "why",
    ]);
    expect(out).not.toContain("user=ada");
    expect(backend.status).toBe("complete");
  });

  it("says on a terminal what is going on, and leaves nothing of that behind", async () => {
    const { url } = await start();
    const { out } = await runCommand(["doctor", url, "--start", "gmail", ...ADA], { isTTY: true, hasColor: true });
    expect(out).toMatch(/Reading the stream for \d+ s: \d+ events?/);
    const shown = out.split("\n").map((line) => line.slice(line.lastIndexOf("\u001b[2K") + 1));
    expect(shown.join("\n")).not.toContain("Reading the stream");
    expect(out).toContain("\u001b[32mok");
    const plain = await runCommand(["doctor", url, "--no-color", ...ADA], { isTTY: true, hasColor: true });
    expect(plain.out).not.toContain("\u001b[32m");
  });

  it.each([
    [["doctor"], /The URL is missing/],
    [["doctor", "localhost:3000"], /Perhaps: http:\/\/localhost:3000/],
    [["doctor", "http://a", "http://b"], /One URL/],
    [["doctor", "http://a?b=c"], /no query/],
    [["doctor", "http://me:secret@a"], /--header/],
    [["doctor", "http://a", "--start", "x", "--sync-id", "y"], /not both/],
    [["doctor", "http://a", "--header", "nonsense"], /'Name: value'/],
    [["doctor", "http://a", "--origin", "app.example.com"], /--origin must be an origin/],
    [["doctor", "http://a", "--idle-ms", "soon"], /--idle-ms must be/],
    [["doctor", "http://a", "--timeout", "5"], /Unknown option '--timeout'/],
    [["nurse"], /There is one command/],
  ])("refuses %j with exit code 2", async (args, message) => {
    const { err, out, code } = await runCommand(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).toContain("--help");
  });

  it.each([[[]], [["--help"]], [["doctor", "-h"]]])("explains itself: %j", async (args) => {
    const { out, code } = await runCommand(args);
    expect(code).toBe(0);
    for (const flag of ["--start", "--sync-id", "--cookie", "--second-header", "--origin", "--idle-ms", "--json"]) {
      expect(out).toContain(flag);
    }
  });
});

describe("the doctor", () => {
  it("finds the API below the address of a page", async () => {
    const { url } = await start();
    const report = await examine(new URL(url).origin);
    expect(report.baseUrl).toBe(url);
    expect(textOf(report, "address")).toContain("found by itself");
    expect(problemsOf(report)).toEqual([]);
  });

  it("looks at a sync of the list if none was named, and changes nothing", async () => {
    const { backend, url } = await start({ items: 100 });
    await fetch(`${url}/integrations/gmail/sync`, { method: "POST", headers: { cookie: "user=ada" } });
    const timings = { ...SHORT, streamMs: 1_000 };
    const report = await examine(url, { sync: { kind: "any" }, timings });
    expect(problemsOf(report)).toEqual([]);
    expect(report.syncId).not.toBeNull();
    expect(backend.status).toBe("syncing");
  });

  it("says what could be started if there is no sync", async () => {
    const { url } = await start();
    const report = await examine(url, { sync: { kind: "any" } });
    expect(problemsOf(report)).toEqual([]);
    expect(textOf(report, "stream")).toContain("--start TYPE (gmail)");
  });

  it("cancels what it has started when it is interrupted", async () => {
    const { backend, url } = await start({ items: 1_000 });
    const interruption = new AbortController();
    const report = examine(url, {}, interruption.signal);
    await eventually(() => expect(backend.status).toBe("syncing"));
    interruption.abort();
    expect(await report).toMatchObject({ isInterrupted: true });
    expect(textOf(await report, "cleanup")).toContain("was cancelled");
    expect(backend.status).toBe("cancelled");
  });

  it("says that a sync goes on which cannot be cancelled", async () => {
    const { url } = await start({ items: 1_000, toWire: (state) => ({ ...state, capabilities: [] }) });
    const report = await examine(url, { timings: { ...SHORT, streamMs: 800 } });
    expect(textOf(report, "cleanup")).toContain(`may still run: ${report.syncId}`);
    expect(textOf(report, "end")).toContain("did not end");
  });

  describe("says in plain words why nothing can be reached:", () => {
    const seen = async (url: string) => {
      const report = await examine(url);
      expect(problemsOf(report)).toEqual(["address: fault"]);
      return report.checks[0]?.findings[0]?.seen;
    };

    it("a port on which nothing listens", async () => {
      const server = createTcpServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      server.close();
      expect(await seen(`http://127.0.0.1:${port}`)).toMatch(/nothing listens on this port/);
    });

    it("a host that does not exist", async () => {
      expect(await seen("http://no-such-host.invalid")).toMatch(/host name/);
    });

    it("a server that speaks no TLS", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      onTestFinished(() => void server.close());
      await once(server, "listening");
      expect(await seen(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)).toMatch(/does not speak TLS/);
    });

    it("a server that accepts connections and says nothing", async () => {
      const server = createTcpServer((socket) => socket.unref()).listen(0, "127.0.0.1");
      onTestFinished(() => void server.close());
      await once(server, "listening");
      expect(await seen(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).toMatch(/no response in time/);
    });
  });
});

describe("the table of checks", () => {
  it("has each name once", () => {
    const ids = ALL_CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("stands in the documentation, whole (npm run docs:checks writes it)", () => {
    const page = readFileSync(new URL("../../docs/doctor.md", import.meta.url), "utf8");
    expect(page).toBe(withChecks(page));
  });
});
