import { EventSource } from "eventsource";
import { describe, it } from "vitest";
import { aProgressState } from "../support/a-progress-state.js";
import { faultCases, SYNC_ID } from "./cases.js";
import type { FaultTransport, Seen } from "./fault-case.js";
import { aFaultClient } from "./fault-client.js";
import { startFaultServer } from "./fault-server.js";
import { type FaultHost, playCase, type Watched } from "./play-case.js";
import { readWords } from "./read-words.js";

/** The headless client over real sockets. */
function watch(url: string, transport?: FaultTransport): Watched {
  const client = aFaultClient(url, transport ?? "http", (address) => new EventSource(address));
  const history: Seen[] = [];
  const look = () => {
    const view = client.getView(SYNC_ID);
    if (view === undefined) return;
    const {
      status,
      connection,
      percent,
      error,
      isStalled,
      isOffline,
      isTerminal,
      retryAt,
      lastUpdateAt,
      disconnectedAt,
    } = view;
    const stage = view.snapshot?.stage ?? "";
    const state = aProgressState({
      status,
      connection,
      error,
      isStalled,
      isOffline,
      isTerminal,
      retryAt,
      lastUpdateAt,
      disconnectedAt,
      stage,
    });
    history.push({
      status,
      connection,
      percent,
      processedItems: view.snapshot?.processedItems ?? 0,
      stage,
      errorKind: error?.kind ?? null,
      errorMessage: error?.message ?? null,
      isStalled,
      words: readWords(state),
    });
  };
  client.subscribe(SYNC_ID, look);
  look();
  return { history, stop: () => client.close() };
}

describe.concurrent.each(Object.entries(faultCases))(
  "the headless client in Node survives faults of %s",
  (_, cases) => {
    it.each(cases.filter((one) => one.not?.node === undefined).map((one) => [one.name, one] as const))(
      "%s",
      async (_name, one) => {
        const server = await startFaultServer(one.script);
        const host: FaultHost = { watch, stats: async () => server.stats() };
        try {
          await playCase(one, server.url, host);
        } finally {
          await server.close();
        }
      },
    );
  },
);
