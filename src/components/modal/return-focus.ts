/** Marks what may take the focus when the element that opened a dialog is gone. */
export const CARD_ATTRIBUTE = "data-sp-card";

/**
 * Gives the focus back after a dialog: to the element that opened it, or if that is gone, to the nearest card that
 * is still there, else to the page's main part.
 */
export function returnFocus(opener: Element | null, openerCard: number): void {
  const page = opener?.ownerDocument ?? document;
  if (opener?.isConnected && opener !== page.body && "focus" in opener && typeof opener.focus === "function") {
    opener.focus();
    if (page.activeElement === opener) return;
  }
  const cards = [...page.querySelectorAll<HTMLElement>(`[${CARD_ATTRIBUTE}]`)];
  const nearest = cards[Math.min(Math.max(openerCard, 0), cards.length - 1)];
  const target =
    nearest?.querySelector<HTMLElement>("[data-main-action]") ??
    nearest?.querySelector<HTMLElement>("button:not(:disabled), a[href]") ??
    page.querySelector<HTMLElement>("main");
  if (target === null) return;
  if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus();
}

/** Which of the page's cards an element is in; -1 for none. */
export function cardIndexOf(element: Element | null): number {
  const card = element?.closest(`[${CARD_ATTRIBUTE}]`) ?? null;
  return card === null ? -1 : [...document.querySelectorAll(`[${CARD_ATTRIBUTE}]`)].indexOf(card);
}
