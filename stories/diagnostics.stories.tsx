import type { Meta, StoryObj } from "@storybook/react-vite";
import { useEffect, useState } from "react";
import { SyncClient, type SyncDiagnostic, useSyncProgress } from "react-sync-progress/headless";
import type { ScenarioName } from "react-sync-progress/msw";
import { expect, screen } from "storybook/test";
import { withBackend } from "./support/with-backend.js";

/** What the connection decided and why, as `onDiagnostic` reports it: for the question "why is it polling?". */
const meta = {
  title: "Headless/Diagnostics",
  render: (_, { loaded }) => <Diagnostics syncId={loaded["syncId"]} />,
} satisfies Meta;

export default meta;
type Story = StoryObj<typeof meta>;

function Diagnostics({ syncId }: { readonly syncId: string }) {
  const [diagnostics, setDiagnostics] = useState<readonly SyncDiagnostic[]>([]);
  const [client] = useState(
    () => new SyncClient({ onDiagnostic: (diagnostic) => setDiagnostics((earlier) => [...earlier, diagnostic]) }),
  );
  useEffect(() => () => client.close(), [client]);
  const { connection, percent } = useSyncProgress(syncId, { client });
  const startedAt = diagnostics[0]?.at ?? 0;
  return (
    <main className="story-page">
      <h1>
        {connection}, {percent === null ? "?" : Math.floor(percent)} %
      </h1>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be in reach of the keyboard. */}
      <section className="story-scroller" aria-label="Diagnostics" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">after</th>
              <th scope="col">reason</th>
              <th scope="col">connection</th>
              <th scope="col">failed openings</th>
              <th scope="col">detail</th>
            </tr>
          </thead>
          <tbody>
            {diagnostics.map((diagnostic, index) => (
              <tr key={index}>
                <td>{((diagnostic.at - startedAt) / 1_000).toFixed(1)} s</td>
                <td>{diagnostic.reason}</td>
                <td>{diagnostic.connection}</td>
                <td>{diagnostic.failedOpenings}</td>
                <td>{diagnostic.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </main>
  );
}

const play = (scenario: ScenarioName, reason: string): Story => ({
  loaders: [withBackend({ scenario })],
  play: async () => {
    await expect((await screen.findAllByText(reason, {}, { timeout: 15_000 })).length).toBeGreaterThan(0);
  },
});

export const ConnectionThatBreaks = play("dropsConnection", "stream-interrupted");
export const UnreadableEvents = play("malformed", "stream-unreadable");
export const SignedOut = play("unauthorized", "unauthorized");
