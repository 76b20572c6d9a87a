import { readFileSync, writeFileSync } from "node:fs";

/** Puts the examples of docs/examples into the pages, each behind its marker `<!-- example: FILE -->`. */

/** The pages that show examples. */
export const PAGES = ["README.md", "docs/jobs.md", "docs/operations.md", "docs/sign-in.md", "docs/mounting.md"].map(
  (page) => new URL(`../${page}`, import.meta.url),
);

const MARKER = /<!-- example: (\S+) -->\n(?:\n```\w+\n[\s\S]*?\n```\n)?/g;

export function withExamples(page: string): string {
  return page.replace(MARKER, (_, file: string) => {
    const code = readFileSync(new URL(`../docs/examples/${file}`, import.meta.url), "utf8").trimEnd();
    return `<!-- example: ${file} -->\n\n\`\`\`${file.endsWith("tsx") ? "tsx" : "ts"}\n${code}\n\`\`\`\n`;
  });
}

if (import.meta.main) for (const page of PAGES) writeFileSync(page, withExamples(readFileSync(page, "utf8")));
