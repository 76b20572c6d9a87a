import { type RefObject, useEffect } from "react";
import { useLatest } from "../react/use-latest.js";

/**
 * Takes the Escape key of all that happens in an element, before a dialog around it does: those listen to the document in
 * its capture phase, which is after the window's.
 *
 * @param onEscape `null` while Escape is left to others.
 */
export function useEscape(element: RefObject<Element | null>, onEscape: (() => void) | null): void {
  const latest = useLatest(onEscape);
  const isTaken = onEscape !== null;
  useEffect(() => {
    const page = element.current?.ownerDocument.defaultView ?? window;
    if (!isTaken) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || element.current === null) return;
      if (!event.composedPath().includes(element.current)) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current?.();
    };
    page.addEventListener("keydown", onKeyDown, { capture: true });
    return () => page.removeEventListener("keydown", onKeyDown, { capture: true });
  }, [element, isTaken, latest]);
}
