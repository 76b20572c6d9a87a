import type { Server } from "node:http";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { build } from "vite";
import { createDemoApp } from "./app.js";
import { openStore } from "./open-store.js";

const demoFolder = join(dirname(fileURLToPath(import.meta.url)), "..");
const projectFolder = join(demoFolder, "..");
const port = Number(process.env["PORT"] ?? 3000);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write(`PORT must be a number from 0 to 65535, got ${JSON.stringify(process.env["PORT"])}.\n`);
  process.exit(1);
}
// Anybody who reaches the demo can sign in to it, without a password.
const hostname = process.env["HOST"] ?? "127.0.0.1";

if (process.env["DEMO_SKIP_BUILD"] !== "true")
  await build({ configFile: join(demoFolder, "vite.config.ts"), logLevel: "warn" });

const dataFolder = process.env["DEMO_DATA"] ?? join(demoFolder, ".data");
const onError = (error: unknown) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
const demo = createDemoApp({
  projectFolder,
  // Hono's static files are found from the working directory.
  webFolder: relative(process.cwd(), join(demoFolder, "dist")),
  dataFolder,
  store: await openStore(dataFolder, onError),
  isOneOfSeveral: process.env["REDIS_URL"] !== undefined,
  onError,
});

await demo.service.recover();

const server = serve({ fetch: demo.app.fetch, port, hostname }, ({ port: actual }) => {
  process.stdout.write(`The demo is at http://localhost:${actual}\n`);
}) as Server;
server.on("error", (error: NodeJS.ErrnoException) => {
  const isTaken = error.code === "EADDRINUSE";
  process.stderr.write(
    isTaken ? `Port ${port} is taken. Set PORT to another one: PORT=3001 npm start\n` : `${error}\n`,
  );
  process.exit(1);
});

/** A supervisor waits a little for what runs; a person at the keyboard, or a second signal, does not. */
const DEADLINES_MS = { SIGTERM: 10_000, SIGINT: 0 } as const;
let isEnding = false;
async function end(signal: keyof typeof DEADLINES_MS): Promise<void> {
  if (isEnding) return demo.service.close();
  isEnding = true;
  // The server listens on meanwhile, so that what runs can be watched.
  await demo.close({ deadlineMs: DEADLINES_MS[signal] });
  server.close(() => process.exit(0));
  setTimeout(() => server.closeAllConnections(), 500).unref();
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(signal));
