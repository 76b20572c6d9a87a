import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL("./web", import.meta.url)),
  plugins: [react()],
  resolve: {
    // The demo imports the package by its name, as an app would.
    alias: [
      { find: "react-sync-progress/styles.css", replacement: source("components/styles.css") },
      { find: "react-sync-progress/headless", replacement: source("headless.ts") },
      { find: /^react-sync-progress$/, replacement: source("index.ts") },
    ],
  },
  build: { outDir: "../dist", emptyOutDir: true },
});
