import { readFileSync, writeFileSync } from "node:fs";

/**
 * Puts the examples of docs/examples into the README, each behind its marker `<!-- example: FILE -->`. With `--check`
 * it only says whether they are there; the test uses that.
 */

const readmeUrl = new URL("../README.md", import.meta.url);
const MARKER = /<!-- example: (\S+) -->\n(?:\n```\w+\n[\s\S]*?\n```\n)?/g;

export function withExamples(readme: string): string {
  return readme.replace(MARKER, (_, file: string) => {
    const code = readFileSync(new URL(`../docs/examples/${file}`, import.meta.url), "utf8").trimEnd();
    return `<!-- example: ${file} -->\n\n\`\`\`${file.endsWith("tsx") ? "tsx" : "ts"}\n${code}\n\`\`\`\n`;
  });
}

if (import.meta.main) writeFileSync(readmeUrl, withExamples(readFileSync(readmeUrl, "utf8")));
