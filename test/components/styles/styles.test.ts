import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const stylesheet = new URL("../../../src/components/styles/styles.css", import.meta.url);

/** The rules of all files that the stylesheet imports, in its order. */
const css = [...readFileSync(stylesheet, "utf8").matchAll(/@import "([^"]+)" layer\(react-sync-progress\);/g)]
  .map(([, file = ""]) => readFileSync(new URL(file, stylesheet), "utf8"))
  .join("\n");

const moreContrast = css.slice(css.indexOf("(prefers-contrast: more)"));

/** The default of a custom property in light and dark; where more contrast is asked for, if that has one of its own. */
function token(name: string, asked = css): { readonly light: string; readonly dark: string } {
  const pattern = new RegExp(`--sp-${name},\\s*light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`);
  const match = pattern.exec(asked) ?? pattern.exec(css);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new Error(`styles.css gives no two colours for --sp-${name}`);
  return { light: match[1], dark: match[2] };
}

/** Relative luminance (WCAG 2.2). */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe("33 the contrast of the default colours", () => {
  it.each<[string, string, number]>([
    ["text", "surface", 4.5],
    ["text", "surface-raised", 4.5],
    ["muted", "surface", 4.5],
    ["muted", "surface-raised", 4.5],
    ["accent", "surface", 4.5],
    ["accent-text", "accent", 4.5],
    ["danger", "surface", 4.5],
    ["danger-text", "danger", 4.5],
    ["success", "surface", 3],
    ["warning", "surface", 3],
    ["warning", "surface-raised", 3],
    ["accent", "track", 3],
    ["success", "track", 3],
    ["warning", "track", 3],
    ["danger", "track", 3],
    ["muted", "track", 3],
    ["control-border", "surface", 3],
  ])("of %s on %s is at least %s in light and dark", (front, back, least) => {
    for (const look of ["light", "dark"] as const) {
      expect(contrast(token(front)[look], token(back)[look])).toBeGreaterThanOrEqual(least);
    }
  });

  it.each<[string, string, number]>([
    ["text", "surface-raised", 7],
    ["accent", "surface", 7],
    ["accent-text", "accent", 7],
    ["danger", "surface", 7],
    ["danger-text", "danger", 7],
    ["success", "surface", 7],
    ["warning", "surface", 7],
    ["control-border", "surface", 4.5],
    ["accent", "track", 4.5],
    ["danger", "track", 4.5],
    ["success", "track", 4.5],
    ["warning", "track", 4.5],
  ])("of %s on %s is at least %s where more is asked for", (front, back, least) => {
    for (const look of ["light", "dark"] as const) {
      const [one, other] = [token(front, moreContrast)[look], token(back, moreContrast)[look]];
      expect(contrast(one, other)).toBeGreaterThanOrEqual(least);
    }
  });
});

it("26 the look goes by no selector that bundlers turn into a list of languages", () => {
  expect(css).not.toMatch(/[^()]:(dir|lang)\([a-z]/);
});

it("every custom property stands in the guide to theming, with its default", () => {
  const guide = readFileSync(new URL("../../../stories/theming.mdx", import.meta.url), "utf8");
  const names = new Set([...css.matchAll(/var\((--sp-[a-z-]+),/g)].map(([, name = ""]) => name));
  expect(names.size).toBeGreaterThan(15);
  for (const name of names) expect(guide, name).toContain(`\`${name}\``);
  for (const [, name = "", light = "", dark = ""] of css
    .slice(0, css.indexOf("}"))
    .matchAll(/var\((--sp-[a-z-]+), light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)\)/g))
    expect(guide).toContain(`| \`${name}\` | \`${light}\` / \`${dark}\` |`);
});

it("every file of the styles is imported, and into the layer", () => {
  const files = readdirSync(new URL(".", stylesheet)).filter((file) => file !== "styles.css");
  const imported = [
    ...readFileSync(stylesheet, "utf8").matchAll(/@import "\.\/([^"]+)" layer\(react-sync-progress\);/g),
  ];
  expect(imported.map(([, file]) => file).sort()).toEqual(files.sort());
});
