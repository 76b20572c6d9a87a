import { type FocusEvent, useRef } from "react";
import { useIsomorphicLayoutEffect } from "./use-isomorphic-layout-effect.js";

/**
 * Moves the focus on when the focused element inside a container goes away with a new state: to the action that the
 * element names by `data-focus-next`, else to the first of `fallbacks` that is there. Call the returned function on
 * every focus in the container.
 *
 * @param fallbacks Selectors within the container.
 */
export function useFocusRecovery(...fallbacks: readonly string[]): (event: FocusEvent<HTMLElement>) => void {
  const last = useRef<{ readonly container: HTMLElement; readonly focused: HTMLElement } | null>(null);

  useIsomorphicLayoutEffect(() => {
    if (last.current === null || last.current.focused.isConnected) return;
    const { container, focused } = last.current;
    last.current = null;
    if (!isFocusLost(container)) return;
    const next = focused.dataset["focusNext"];
    const selectors = next === undefined ? fallbacks : [`[data-action="${next}"]`, ...fallbacks];
    firstMatch(container, selectors)?.focus();
  });

  return ({ currentTarget, target }) => {
    // React's events come out of portals as well: a dialog of the container's looks after its own focus.
    if (currentTarget.contains(target)) last.current = { container: currentTarget, focused: target };
  };
}

/** Whether nothing has the focus; in the element's own shadow tree or frame, whichever it is in. */
function isFocusLost(element: HTMLElement): boolean {
  const tree = element.getRootNode();
  const active = "activeElement" in tree ? tree.activeElement : null;
  return active === null || active === element.ownerDocument.body;
}

function firstMatch(container: HTMLElement, selectors: readonly string[]): HTMLElement | null {
  for (const selector of selectors) {
    const match = container.querySelector<HTMLElement>(selector);
    if (match !== null) return match;
  }
  return null;
}
