import assert from "node:assert/strict";
import type { BrowserCase } from "./browser-case.ts";
import { until } from "./until.ts";

const LOST = "Connection lost. Reconnecting...";

/** What the demo shows when the way to its server is disturbed; with the times of a client without options. */
export const networkCases: readonly BrowserCase[] = [
  {
    title: "two tabs share one stream, which the other takes over when its tab is closed",
    async play({ page, gate, openPage }) {
      const other = await openPage();
      await page.holdSync();
      await until("there is one stream", () => gate.openStreams() === 1);
      gate.setRules({});
      const closedAt = performance.now();
      await page.tab.close();
      await until("the other tab has a stream", () => gate.counts().streams === 1);
      const takenOverMs = Math.round(performance.now() - closedAt);
      await until("there is one stream again", () => gate.openStreams() === 1);
      await other.sync("Mailbox");
      await other.reads("Mailbox synced with 2 problems");
      return `taken over after ${takenOverMs} ms`;
    },
  },
  {
    title: "the server is killed in mid-sync and started again",
    async play({ page, killServer, restartServer }) {
      await page.holdSync();
      await killServer();
      const noticedMs = await page.reads(LOST);
      await restartServer();
      const backMs = await page.reads("Folder was interrupted");
      return `notice after ${noticedMs} ms; interrupted sync shown ${backMs} ms after the restart`;
    },
  },
  {
    title: "the stream is reset: it is opened anew, and the sync goes on",
    async play({ page, gate }) {
      await page.holdSync();
      gate.setRules({});
      gate.dropStreams();
      const backMs = await until("there is a new stream", () => gate.counts().streams > 0 && gate.openStreams() === 1);
      await page.press("Resume");
      await page.reads("Folder synced with 2 problems");
      return `new stream after ${backMs} ms`;
    },
  },
  {
    title: "the stream is silent, without a FIN: it is given up and opened anew",
    async play({ page, gate }) {
      await page.holdSync();
      gate.setRules({});
      // Without one, the client cannot say that one is late.
      await until("there is a heartbeat", () => gate.counts().heartbeats > 0);
      gate.silenceStreams();
      const noticedMs = await until("there is a new stream", () => gate.counts().streams > 0);
      await page.press("Resume");
      await page.reads("Folder synced with 2 problems");
      return `new stream after ${(noticedMs / 1_000).toFixed(1)} s`;
    },
  },
  {
    title: "401 in the middle of a stream: signed out",
    async play({ page, gate }) {
      await page.holdSync();
      gate.setRules({ api: 401 });
      gate.dropStreams();
      const noticedMs = await page.reads("You have been signed out");
      return `after ${noticedMs} ms`;
    },
  },
  {
    title: "503 for every stream: the sync is followed by polling",
    async play({ page, gate }) {
      await page.holdSync();
      gate.setRules({ streams: 503 });
      gate.dropStreams();
      await page.press("Resume");
      await page.reads("Folder synced with 2 problems");
      const { streams, others } = gate.counts();
      assert(streams > 0 && others > 0, `there were ${streams} streams and ${others} other requests`);
      return `${streams} requests for a stream`;
    },
  },
  {
    title: "streams that never get a response: the sync is followed by polling",
    async play({ page, gate }) {
      gate.setRules({ streams: "hold" });
      gate.dropStreams();
      await page.sync("Mailbox");
      const endMs = await page.reads("Mailbox synced with 2 problems");
      return `end shown after ${(endMs / 1_000).toFixed(1)} s`;
    },
  },
];
