import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Consumer, installPackage } from "./install-package.ts";

let consumer: Consumer;

beforeAll(() => {
  consumer = installPackage();
});
afterAll(() => consumer.remove());

const LOADS = {
  module: (name: string) => `await import("${name}")`,
  commonjs: (name: string) => `require("${name}")`,
};

describe.each(["module", "commonjs"] as const)("entries loaded as %s", (type) => {
  const load = (entry: string) => LOADS[type](`react-sync-progress${entry}`);

  it("share everything that both the main and the headless entry export", () => {
    const output = consumer.run(
      `const main = ${load("")}; const headless = ${load("/headless")};
       console.log(JSON.stringify(Object.keys(headless).filter((name) => main[name] !== headless[name])));`,
      type,
    );
    expect(JSON.parse(output)).toEqual([]);
  });

  it("find the client of a headless provider from the main entry", () => {
    const [react, server] = [LOADS[type]("react"), LOADS[type]("react-dom/server")];
    const output = consumer.run(
      `const { useSyncClient } = ${load("")}; const { SyncClient, SyncProvider } = ${load("/headless")};
       const { createElement } = ${react}; const { renderToString } = ${server};
       const client = new SyncClient({ baseUrl: "https://example.test/api" });
       const Probe = () => String(useSyncClient() === client);
       console.log(renderToString(createElement(SyncProvider, { client }, createElement(Probe))));`,
      type,
    );
    expect(output).toBe("true");
  });

  it("let the mock tell a person what a job's error of the server entry says", () => {
    const output = consumer.run(
      `const { SyncJobError } = ${load("/server")}; const { createMockSyncBackend } = ${load("/msw")};
       const play = async () => { throw new SyncJobError("The mailbox is locked."); };
       const backend = createMockSyncBackend({ scenario: { description: "fails", play } });
       backend.startSync().then(async (id) => {
         await new Promise((resolve) => setTimeout(resolve, 50));
         const record = await backend.service.get({ tenantId: "mock", userId: "mock" }, id);
         console.log(JSON.stringify(record));
         await backend.close();
       });`,
      type,
    );
    expect(output).toContain("The mailbox is locked.");
  });
});
