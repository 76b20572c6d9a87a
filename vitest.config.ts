import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { faultCommands } from "./test/faults/browser-commands.ts";
import { oldBackendCommands } from "./test/old-backend/browser-commands.ts";
import react18 from "./test/react-18/package.json" with { type: "json" };
import { CHROMIUM_ARGS, findChromium } from "./test/support/find-chromium.ts";

const executablePath = findChromium() ?? undefined;

/** Named, because two projects in one browser must not have one name. */
const chromium = (project: string) => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: { ...(executablePath && { executablePath }), args: CHROMIUM_ARGS } }),
  instances: [{ browser: "chromium" as const, name: `${project}-in-chromium` }],
});

export default defineConfig({
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  // Named, because what Vite finds only while the tests run makes it load React a second time.
  optimizeDeps: {
    include: [
      "react",
      "react-dom",
      "react-dom/client",
      "react/jsx-runtime",
      "react/jsx-dev-runtime",
      "@radix-ui/react-dialog",
      "@radix-ui/react-progress",
      "@radix-ui/react-slot",
      "@tanstack/react-virtual",
      "@guidepup/virtual-screen-reader",
      "@testing-library/react",
      "@testing-library/user-event",
      "@storybook/addon-a11y/preview",
      "@storybook/addon-docs/preview",
      "@storybook/react-vite",
      "axe-core",
      "hono",
      "hono/cors",
      "msw",
      "msw/browser",
    ],
  },
  test: {
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          environment: "node",
          include: ["test/**/*.test.ts", "test/**/*.ssr.test.tsx"],
          // Far from UTC, so that a time read in the wrong zone shows.
          env: { TZ: "Asia/Kolkata" },
          exclude: ["**/node_modules/**", "test/**/*.browser.test.ts", "test/**/*.e2e.test.ts", "test/package/**"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "dom",
          environment: "jsdom",
          include: ["test/**/*.dom.test.tsx"],
          setupFiles: ["test/support/dom-setup.ts"],
          // Minutes of a sync are played here, which a busy machine takes its time for.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        resolve: {
          alias: Object.keys(react18.dependencies).map((name) => ({
            find: new RegExp(`^${name}(?=$|/)`),
            replacement: new URL(`test/react-18/node_modules/${name}`, import.meta.url).pathname,
          })),
        },
        test: {
          name: "react-18",
          environment: "jsdom",
          include: ["test/**/*.dom.test.tsx"],
          setupFiles: ["test/support/dom-setup.ts"],
          // Minutes of a sync are played here, which a busy machine takes its time for.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        publicDir: ".storybook/public",
        test: {
          name: "browser",
          include: ["test/**/*.browser.test.ts", "test/**/*.browser.test.tsx"],
          testTimeout: 20_000,
          browser: { ...chromium("browser"), commands: { ...faultCommands, ...oldBackendCommands } },
        },
      },
      {
        extends: true,
        plugins: [storybookTest({ configDir: ".storybook", storybookScript: "npm run storybook" })],
        test: {
          name: "stories",
          testTimeout: 30_000,
          hookTimeout: 30_000,
          setupFiles: ["test/stories/every-story.ts"],
          browser: chromium("stories"),
        },
      },
      {
        test: {
          name: "e2e",
          environment: "node",
          include: ["test/e2e/*.e2e.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "package",
          environment: "node",
          include: ["test/package/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
