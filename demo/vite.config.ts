import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: fileURLToPath(new URL("./web", import.meta.url)),
  plugins: [react()],
  resolve: {
    // The demo imports the package by its name, as an app would.
    tsconfigPaths: true,
    alias: {
      "react-sync-progress/styles.css": fileURLToPath(new URL("../src/components/styles/styles.css", import.meta.url)),
    },
  },
  build: { outDir: "../dist", emptyOutDir: true },
});
