import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import { SyncAll } from "../../../src/components/all/sync-all.js";
import { IntegrationCard } from "../../../src/components/card/integration-card.js";
import { SyncIndicator } from "../../../src/components/indicator/sync-indicator.js";
import { type Scenario, scenarios } from "../../../src/msw/scenarios.js";
import { SyncProvider } from "../../../src/react/sync-provider.js";
import { useIntegrations } from "../../../src/react/use-integrations.js";
import { openVirtualBackend } from "../../support/virtual-backend.js";

const scenario: Scenario = {
  description: "Gmail fails.",
  play: (run, tools) => scenarios[tools.integrationType === "gmail" ? "failsMidway" : "happyPath"].play(run, tools),
};

function Page({ hasAll }: { readonly hasAll: boolean }) {
  const { integrations } = useIntegrations();
  return (
    <main>
      {hasAll && <SyncAll locale="en" />}
      <ul>
        {integrations.map((integration) => (
          <IntegrationCard key={integration.type} integration={integration} locale="en" onShowProgress={() => {}} />
        ))}
      </ul>
      <SyncIndicator locale="en" />
    </main>
  );
}

async function openPage(hasAll: boolean) {
  const page = openVirtualBackend({ scenario });
  const { heard } = await page.startScreenReader();
  const all = (isThere: boolean) => (
    <SyncProvider client={page.client}>
      <Page hasAll={isThere} />
    </SyncProvider>
  );
  const { rerender } = render(all(hasAll));
  await page.pass(1_000);
  return {
    ...page,
    show: (isThere: boolean) => rerender(all(isThere)),
    said: async () => (await heard()).filter((phrase) => /^(polite|assertive): /.test(phrase)),
  };
}

it("13 cards and the indicator beside it say nothing of the syncs that are announced as one", async () => {
  const { press, pass, said } = await openPage(true);
  await press("Sync all");
  await pass(60_000);
  expect(await said()).toEqual([
    "polite: Syncing 4 sources.",
    "assertive: Gmail could not be synced. Gmail refuses more requests today.",
    "polite: All sources: 50%.",
    "polite: 3 of 4 up to date, Gmail failed",
  ]);
});

it("they say it when there is nothing any more that announces all as one", async () => {
  const { press, pass, said, show } = await openPage(true);
  await press("Sync all");
  await pass(1_000);
  show(false);
  await pass(60_000);
  const words = (await said()).join("\n");
  expect(words).toContain("Gmail could not be synced");
  expect(words).toContain("Slack is up to date");
});
