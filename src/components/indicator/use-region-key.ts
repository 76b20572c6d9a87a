import { type RefObject, useEffect } from "react";

/**
 * Moves the focus into a region by a key, and by the same key back to where it came from: the way of F6 through the
 * panes of a window. Not while a modal dialog hides the region.
 *
 * @param key As in `KeyboardEvent.key`; `null` for none.
 * @param target What takes the focus in the region, by selector.
 */
export function useRegionKey(region: RefObject<HTMLElement | null>, target: string, key: string | null): void {
  useEffect(() => {
    const page = region.current?.ownerDocument;
    if (page === undefined || key === null) return;
    let cameFrom: Element | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      const hasModifier = event.ctrlKey || event.altKey || event.metaKey;
      const element = region.current;
      if (event.key !== key || hasModifier || event.defaultPrevented || element === null) return;
      if (element.closest("[aria-hidden=true], [inert]") !== null) return;
      event.preventDefault();
      const active = page.activeElement;
      if (active === null || !element.contains(active)) {
        cameFrom = active;
        element.querySelector<HTMLElement>(target)?.focus();
        return;
      }
      const back = cameFrom?.isConnected && cameFrom !== page.body ? cameFrom : page.querySelector("main");
      cameFrom = null;
      focusOn(back);
    };
    page.addEventListener("keydown", onKeyDown);
    return () => page.removeEventListener("keydown", onKeyDown);
  }, [region, target, key]);
}

function focusOn(element: Element | null): void {
  if (!(element instanceof HTMLElement)) return;
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
  element.focus();
}
