import axe from "axe-core";
import { afterEach, expect } from "vitest";
import { page } from "vitest/browser";
import { comeToRest, emulate } from "../support/browser-looks.js";
import { misplacedTexts, TEXT_SPACING } from "./geometry.js";

/** What holds for every story, as it stands when its play function has ended: the checks 24, 25 and 29. */

const LOOKS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["light", { "prefers-color-scheme": "light" }],
  ["dark", { "prefers-color-scheme": "dark" }],
  ["forced colours", { "forced-colors": "active" }],
];
const SIZES = [
  [1280, 800],
  [320, 640],
] as const;

async function violations(look: string): Promise<string[]> {
  // Forced colours are the person's own; axe measures the author's, which `-webkit-text-fill-color` goes on telling.
  const hasOwnColors = !look.startsWith("forced");
  const { violations: found } = await axe.run(document.body, {
    resultTypes: ["violations"],
    rules: { region: { enabled: false }, "color-contrast": { enabled: hasOwnColors } },
  });
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${look}: ${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
}

afterEach(async () => {
  const problems: string[] = [];
  const note = (look: string) => problems.push(...misplacedTexts().map((problem) => `${look}: ${problem}`));
  await comeToRest();
  for (const [width, height] of SIZES) {
    await page.viewport(width, height);
    for (const [look, features] of LOOKS) {
      await emulate(features);
      problems.push(...(await violations(`${look} at ${width} px`)));
    }
    note(`${width} px`);
  }
  await emulate({});
  // 1280 x 1024 at 400 %.
  await page.viewport(320, 256);
  note("400 %");
  const style = document.createElement("style");
  style.textContent = TEXT_SPACING;
  document.head.append(style);
  note("400 % with text spacing");
  style.remove();
  await page.viewport(1280, 800);
  expect(problems).toEqual([]);
});
