import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { SyncJobError } from "react-sync-progress/server";
import { type Connector, UnreadableItemError } from "./connector.js";

const git = promisify(execFile);
const FIELD = "\u001f";
const MAX_OUTPUT = 256 * 1024 * 1024;

/** Reads the history of a Git repository, commit by commit. */
export function createGitConnector(repository: string): Connector<string, string> {
  const call = (args: readonly string[], signal?: AbortSignal) =>
    git("git", ["-C", repository, ...args], { maxBuffer: MAX_OUTPUT, ...(signal && { signal }) });
  return {
    source: "git",
    stages: { syncing: "Reading commits..." },
    async list(signal) {
      try {
        const { stdout } = await call(["rev-list", "HEAD"], signal);
        return stdout.split("\n").filter(Boolean);
      } catch (error) {
        if (signal.aborted) throw error;
        const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
        const message = isMissing ? "Git is not installed on the server." : "This folder is not a Git repository.";
        throw new SyncJobError(message, { code: "git_unavailable", cause: error });
      }
    },
    nameOf: (hash) => hash.slice(0, 12),
    async read(hash) {
      const format = ["%H", "%an", "%aI", "%s", "%b"].join(FIELD);
      return (await call(["show", "--no-patch", `--format=${format}`, hash])).stdout;
    },
    parse({ name, content }) {
      const [hash, author, date, subject, body] = content.split(FIELD);
      if (!hash || author === undefined || subject === undefined) {
        throw new UnreadableItemError("The commit has no author or no subject.");
      }
      return { id: name, title: subject, text: `${subject}\n\n${body ?? ""}\n${author}, ${date ?? ""}`.trim() };
    },
  };
}
