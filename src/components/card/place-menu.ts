/** Where a menu stands beside its button. */
export interface MenuPlacement {
  /** The edge of the button that it begins at, in the direction of writing. */
  readonly align: "start" | "end";
  readonly side: "below" | "above";
}

/** Where a menu that stands below its button, aligned to its end, has the most room: never beside the page. */
export function placeMenu(menu: Element, button: Element): MenuPlacement {
  const { left, right, bottom, height } = menu.getBoundingClientRect();
  const { top } = button.getBoundingClientRect();
  const { clientWidth, clientHeight } = menu.ownerDocument.documentElement;
  const isBesidePage = left < 0 || right > clientWidth;
  const fitsAboveOnly = bottom > clientHeight && height < top;
  return { align: isBesidePage ? "start" : "end", side: fitsAboveOnly ? "above" : "below" };
}
