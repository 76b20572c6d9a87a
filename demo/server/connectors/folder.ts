import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { marked } from "marked";
import { SyncJobError } from "react-sync-progress/server";
import type { Connector } from "./connector.js";
import { htmlToText } from "./html-to-text.js";

/** Markdown, text, HTML, and type declarations, which are the documentation of many packages. */
const READABLE = /\.(md|markdown|txt|html?|d\.m?ts)$|^(licen[sc]e|readme|changelog|notice)$/i;
const SKIPPED_FOLDERS = new Set([".git", "dist", "coverage", ".cache", "storybook-static", ".vite"]);

/** Walks folders and reads the documents in them. Names are relative to `base`. */
export function createFolderConnector(base: string, roots: readonly string[]): Connector<string, string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return {
    source: "folder",
    stages: { syncing: "Reading files..." },
    async list(signal) {
      const found: string[] = [];
      try {
        for (const root of roots) {
          if ((await stat(root)).isFile()) found.push(root);
          else await walk(root, found, signal);
        }
      } catch (error) {
        if (signal.aborted) throw error;
        throw new SyncJobError("The folder cannot be opened.", { code: "folder_unavailable", cause: error });
      }
      return [...new Set(found)].sort();
    },
    nameOf: (path) => relative(base, path),
    read: async (path) => decoder.decode(await readFile(path)),
    parse: ({ name, content }) => {
      if (/\.html?$/i.test(name)) {
        const { title, text } = htmlToText(content);
        return { id: name, title: title || basename(name), text };
      }
      if (!/\.(md|markdown)$/i.test(name)) return { id: name, title: basename(name), text: content };
      const heading = /^#\s+(.+)$/m.exec(content)?.[1];
      const { text } = htmlToText(marked.parse(content, { async: false }));
      return { id: name, title: heading ?? basename(name), text };
    },
  };
}

async function walk(folder: string, found: string[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) await walk(path, found, signal);
    } else if (READABLE.test(entry.name)) found.push(path);
  }
}
