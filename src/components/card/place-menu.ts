/** The place of a menu beside its button. */
export interface MenuPlacement {
  /** The edge of the button that it is aligned to, in the direction of writing. */
  readonly align: "start" | "end";
  readonly side: "below" | "above";
}

/** Places a menu, now below its button and aligned to its end, so that it fits into the window. */
export function placeMenu(menu: Element, button: Element): MenuPlacement {
  const { left, right, bottom, height } = menu.getBoundingClientRect();
  const { top } = button.getBoundingClientRect();
  const { clientWidth, clientHeight } = menu.ownerDocument.documentElement;
  const isBesidePage = left < 0 || right > clientWidth;
  const fitsAboveOnly = bottom > clientHeight && height < top;
  return { align: isBesidePage ? "start" : "end", side: fitsAboveOnly ? "above" : "below" };
}
