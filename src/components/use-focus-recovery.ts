import { type FocusEvent, useRef } from "react";
import { useIsomorphicLayoutEffect } from "./use-isomorphic-layout-effect.js";

/**
 * Moves the focus on when the focused element inside a container goes away with a new state: to the action that the
 * element names by `data-focus-next`, else to `fallback`. The answer is to be called on every focus in the container.
 *
 * @param fallback A selector within the container.
 */
export function useFocusRecovery(fallback: string): (event: FocusEvent<HTMLElement>) => void {
  const last = useRef<{ readonly container: HTMLElement; readonly focused: HTMLElement } | null>(null);

  useIsomorphicLayoutEffect(() => {
    if (last.current === null || last.current.focused.isConnected) return;
    const { container, focused } = last.current;
    last.current = null;
    const isFocusLost = document.activeElement === null || document.activeElement === document.body;
    if (!isFocusLost) return;
    const next = focused.dataset["focusNext"];
    const target = next === undefined ? null : container.querySelector<HTMLElement>(`[data-action="${next}"]`);
    (target ?? container.querySelector<HTMLElement>(fallback))?.focus();
  });

  return ({ currentTarget, target }) => {
    if (target instanceof HTMLElement) last.current = { container: currentTarget, focused: target };
  };
}
