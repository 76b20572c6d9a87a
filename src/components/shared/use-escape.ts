import { type RefObject, useEffect } from "react";
import { useLatest } from "../../react/use-latest.js";

/** The elements that take the Escape key now. */
const places = new Set<Element>();

/**
 * Takes the Escape key of all that happens in an element, before a dialog around it does: those listen to the document in
 * its capture phase, which is after the window's. Of elements in each other the innermost takes it.
 *
 * @param onEscape `null` while Escape is left to others.
 */
export function useEscape(element: RefObject<Element | null>, onEscape: (() => void) | null): void {
  const latest = useLatest(onEscape);
  const isTaken = onEscape !== null;
  useEffect(() => {
    const place = element.current;
    if (!isTaken || place === null) return;
    const page = place.ownerDocument.defaultView ?? window;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      const innermost = event.composedPath().find(isPlace);
      if (innermost !== place) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current?.();
    };
    places.add(place);
    page.addEventListener("keydown", onKeyDown, { capture: true });
    return () => {
      places.delete(place);
      page.removeEventListener("keydown", onKeyDown, { capture: true });
    };
  }, [element, isTaken, latest]);
}

function isPlace(target: EventTarget): boolean {
  return [...places].some((place) => place === target);
}
