import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** Puts the examples of docs/examples into the pages, each behind its marker `<!-- example: FILE -->`. */

const root = new URL("../", import.meta.url);
const docs = readdirSync(new URL("docs", root)).filter((file) => file.endsWith(".md"));

/** The pages that show examples. */
export const PAGES = ["README.md", ...docs.map((file) => `docs/${file}`)].map((page) => new URL(page, root));

const MARKER = /<!-- example: (\S+) -->\n(?:\n```\w+\n[\s\S]*?\n```\n)?/g;

export function withExamples(page: string): string {
  return page.replace(MARKER, (_, file: string) => {
    const code = readFileSync(new URL(`../docs/examples/${file}`, import.meta.url), "utf8").trimEnd();
    return `<!-- example: ${file} -->\n\n\`\`\`${file.endsWith("tsx") ? "tsx" : "ts"}\n${code}\n\`\`\`\n`;
  });
}

if (import.meta.main) for (const page of PAGES) writeFileSync(page, withExamples(readFileSync(page, "utf8")));
