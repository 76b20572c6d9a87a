import { act, fireEvent, render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { IntegrationCard } from "../../src/components/card/integration-card.js";
import { SyncIndicator } from "../../src/components/indicator/sync-indicator.js";
import { SyncProgressModal } from "../../src/components/modal/sync-progress-modal.js";
import { encodeSnapshot, type SyncSnapshot } from "../../src/protocol/snapshot.js";
import { encodeSyncPage } from "../../src/protocol/sync-page.js";
import { aClient, snapshotResponse } from "../client/a-client.js";
import { aSnapshot } from "../support/a-snapshot.js";

const gmail = {
  type: "gmail",
  name: "Gmail",
  description: "",
  icon: null,
  status: "syncing" as const,
  lastSyncAt: null,
  totalItemsSynced: 0,
  errorMessage: null,
  activeSyncId: "sync-1",
};

/** A sync that runs, in a card, in its modal and in the indicator; the server responds to a command when the test says. */
async function openSurfaces() {
  const response = Promise.withResolvers<Response>();
  const list = encodeSyncPage({ syncs: [aSnapshot()], nextCursor: null, hasFeed: false, viewer: null });
  const { client, sources } = aClient({
    feed: false,
    fetch: async (input, init) => {
      if (init?.method === "POST") return response.promise;
      return String(input).includes("?") ? Response.json(list) : snapshotResponse();
    },
  });
  const modal = { client, name: "Gmail", locale: "en", open: true, onOpenChange: () => {} };
  render(
    <>
      <ul>
        <IntegrationCard integration={gmail} client={client} locale="en" onShowProgress={() => {}} />
      </ul>
      <SyncProgressModal {...modal} syncId="sync-1" />
      <SyncIndicator client={client} integrations={[gmail]} locale="en" defaultOpen />
    </>,
  );
  await act(async () => {});
  const send = (snapshot: Partial<SyncSnapshot>) =>
    act(async () => sources.at(-1)?.emit("progress", { data: JSON.stringify(encodeSnapshot(aSnapshot(snapshot))) }));
  await send({ stage: "Mails" });
  const surfaces = [".sp-card", "[role=dialog]", ".sp-indicator"] as const;
  const text = (selector: string) => document.querySelector(selector)?.textContent ?? "";
  return {
    send,
    press: (surface: string) =>
      act(async () => void fireEvent.click(document.querySelector(`${surface} [data-action=pause]`) ?? document.body)),
    respond: (to: Response | Error) =>
      act(async () => (to instanceof Error ? response.reject(to) : response.resolve(to))),
    /** In which of card, modal and indicator these words are shown. */
    areShown: (words: string) => surfaces.map((surface) => text(surface).includes(words)),
  };
}

const EVERYWHERE = [true, true, true];
const NOWHERE = [false, false, false];
const refusal = (status: number) => Response.json({ success: false, error: "No." }, { status });

describe("a command that is given in one place", () => {
  it.each(["[role=dialog]", ".sp-indicator"])("is shown in all of them before the response: %s", async (surface) => {
    const { press, respond, areShown } = await openSurfaces();
    expect(areShown("Pausing...")).toEqual(NOWHERE);
    await press(surface);
    expect(areShown("Pausing...")).toEqual(EVERYWHERE);
    await respond(snapshotResponse({ status: "paused", processedItems: 45 }));
    expect(areShown("Pausing...")).toEqual(NOWHERE);
    expect(areShown("Paused at 45 of 100.")).toEqual(EVERYWHERE);
  });

  it.each<[string, Response | Error, string]>([
    ["not allowed", refusal(403), "You are not allowed to do that."],
    ["overtaken", refusal(409), "That is not possible at the moment."],
    ["no network", new TypeError("fetch failed"), "The server is not responding, so nothing was changed."],
  ])("is taken back in all of them when it is refused, with the reason: %s", async (_, response, words) => {
    const { press, respond, areShown, send } = await openSurfaces();
    await press(".sp-indicator");
    await respond(response);
    expect(areShown("Pausing...")).toEqual(NOWHERE);
    expect(areShown("Mails")).toEqual(EVERYWHERE);
    expect(areShown(words)).toEqual(EVERYWHERE);
    await send({ status: "paused" });
    expect(areShown(words)).toEqual(NOWHERE);
  });
});
