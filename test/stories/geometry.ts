/** Where text is on the screen, and whether all of it can be read there. */

/** WCAG 2.2, success criterion 1.4.12. */
export const TEXT_SPACING =
  "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }";

interface ShownText {
  readonly element: Element;
  readonly text: string;
  readonly rects: readonly DOMRect[];
}

/** Less than this is rounding. */
const TOLERANCE_PX = 1;

/** Cut on purpose, with the whole of it in reach; tables may scroll sideways (WCAG 2.2, 1.4.10). */
const MAY_BE_CUT = ".sp-middle-cut, .story-scroller";
const IS_HIDDEN = ".sp-visually-hidden, .sp-announcer, style, script, [data-radix-focus-guard]";

/** The part of the page that can be used now: an open dialog hides the rest. */
function scope(): Element {
  return document.querySelector("[role=dialog]") ?? document.body;
}

function shownTexts(): ShownText[] {
  const walker = document.createTreeWalker(scope(), NodeFilter.SHOW_TEXT);
  const texts: ShownText[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? "";
    if (element === null || text === "" || element.closest(IS_HIDDEN) !== null) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
    if (rects.length > 0) texts.push({ element, text, rects });
  }
  return texts;
}

/** All that is wrong with the places of the page's texts. */
export function misplacedTexts(): string[] {
  return [...sidewaysOverflow(), ...cutTexts(), ...overlappingTexts()];
}

/** The page or the dialog scrolls sideways. */
function sidewaysOverflow(): string[] {
  const scrollers = [document.documentElement, ...document.querySelectorAll("[role=dialog]")];
  return scrollers
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + TOLERANCE_PX)
    .map((element) => `${element.tagName} scrolls sideways: ${element.scrollWidth} in ${element.clientWidth} px`);
}

/** Texts of which a part is hidden by a box that does not scroll, or lies beside the page. */
function cutTexts(): string[] {
  return shownTexts().flatMap(({ element, text, rects }) => {
    if (element.closest(MAY_BE_CUT) !== null) return [];
    const isOutside = rects.some(({ left, right }) => left < -TOLERANCE_PX || right > innerWidth + TOLERANCE_PX);
    if (isOutside) return [`"${text}" is beside the page`];
    const clip = clipOf(element);
    const isCut = rects.some((rect) => clip !== null && !contains(clip, rect));
    return isCut ? [`"${text}" is cut`] : [];
  });
}

function clipOf(element: Element): DOMRect | null {
  for (let box: Element | null = element; box !== null; box = box.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(box);
    if (overflowX === "hidden" || overflowY === "hidden" || overflowX === "clip") return box.getBoundingClientRect();
    if (overflowY === "auto" || overflowY === "scroll") return null;
  }
  return null;
}

function contains(outer: DOMRect, inner: DOMRect): boolean {
  return (
    inner.left >= outer.left - TOLERANCE_PX &&
    inner.right <= outer.right + TOLERANCE_PX &&
    inner.top >= outer.top - TOLERANCE_PX &&
    inner.bottom <= outer.bottom + TOLERANCE_PX
  );
}

/** Pairs of texts that lie on each other. */
function overlappingTexts(): string[] {
  const texts = shownTexts()
    .filter(({ element }) => !isFloating(element) && element.closest(MAY_BE_CUT) === null)
    .map((shown) => ({ ...shown, rects: shown.rects.filter((rect) => !isScrolledAway(shown.element, rect)) }));
  return texts.flatMap((one, index) =>
    texts
      .slice(index + 1)
      .filter((other) => one.rects.some((a) => other.rects.some((b) => overlaps(a, b))))
      .map((other) => `"${one.text}" lies on "${other.text}"`),
  );
}

/** Whether it is out of sight in a box that scrolls. */
function isScrolledAway(element: Element, { top, bottom }: DOMRect): boolean {
  for (let box: Element | null = element; box !== null && box !== document.body; box = box.parentElement) {
    if (!["auto", "scroll"].includes(getComputedStyle(box).overflowY)) continue;
    const seen = box.getBoundingClientRect();
    if (bottom <= seen.top + TOLERANCE_PX || top >= seen.bottom - TOLERANCE_PX) return true;
  }
  return false;
}

/** Menus, and actions that stay while what is below them scrolls. */
function isFloating(element: Element): boolean {
  for (
    let box: Element | null = element;
    box !== null && box.getAttribute("role") !== "dialog";
    box = box.parentElement
  )
    if (["absolute", "fixed", "sticky"].includes(getComputedStyle(box).position)) return true;
  return false;
}

function overlaps(a: DOMRect, b: DOMRect): boolean {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  // Line boxes of neighbours may touch each other where no glyph is.
  return across > TOLERANCE_PX && down > Math.min(a.height, b.height) / 4;
}
