import type { Consumer } from "./workspace.ts";

/**
 * Renders the modal in Jest 30 with its jsdom, and plays a sync of the mock backend with jest-fixed-jsdom, which puts the
 * `fetch`, `AbortController` and `ReadableStream` of Node back into jsdom. The flag is for msw 3, which is ESM only.
 */
export const useJest: Consumer = async (workspace) => {
  workspace.write("package.json", JSON.stringify({ name: "app", private: true }));
  workspace.install(
    ...["react@19", "react-dom@19", "@testing-library/react@16", "@testing-library/dom@10"],
    ...["jest@30", "jest-environment-jsdom@30", "jest-fixed-jsdom", "hono@4", "msw@3", "eventsource"],
  );
  workspace.write("modal.test.js", MODAL);
  workspace.write("mock.test.js", MOCK);
  workspace.run("npx", "jest", "--env", "jsdom", "modal");
  workspace.run("node", "--experimental-vm-modules", "node_modules/jest/bin/jest.js", "--env", "jest-fixed-jsdom");
  return "Jest 30 with jsdom: the modal, and a sync of the mock backend";
};

const MODAL = `
  const { createElement } = require("react");
  const { render, screen } = require("@testing-library/react");
  const { SyncProgressModal } = require("react-sync-progress");
  test("shows the modal", () => {
    render(createElement(SyncProgressModal, { name: "Gmail", syncId: null, open: true, onOpenChange() {} }));
    expect(screen.getByRole("dialog")).toBeTruthy();
  });
`;

const MOCK = `
  const { EventSource } = require("eventsource");
  const { setupServer } = require("msw/node");
  const { SyncClient } = require("react-sync-progress/headless");
  const { createMockSyncBackend } = require("react-sync-progress/msw");
  test("plays a sync", async () => {
    const baseUrl = "http://localhost/api";
    const backend = createMockSyncBackend({ scenario: "happyPath", speed: 20, baseUrl });
    const server = setupServer(...backend.handlers);
    server.listen();
    const client = new SyncClient({ baseUrl, createEventSource: (url) => new EventSource(url) });
    const syncId = await client.startSync("gmail");
    const status = await new Promise((resolve) => {
      client.subscribe(syncId, () => client.getView(syncId)?.isTerminal && resolve(client.getView(syncId).status));
    });
    expect(status).toBe("complete");
    client.close();
    await backend.close();
    server.close();
  });
`;
