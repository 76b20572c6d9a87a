import { createContext, type RefObject, useContext, useEffect } from "react";
import { useLatest } from "../../react/use-latest.js";

/** The element whose Escape key belongs to the layers inside: a card, a dialog, or a display that stands alone. */
export const EscapeScopeContext = createContext<RefObject<Element | null> | null>(null);

interface EscapeLayer {
  readonly scope: Element;
  readonly onEscape: () => void;
}

/** In the order in which they were opened. */
const layers: EscapeLayer[] = [];

/**
 * Takes the Escape key of the {@link EscapeScopeContext} around it while `onEscape` is not `null`, before whatever was
 * opened earlier, and before a dialog around the scope.
 *
 * Listens on the window in its capture phase: dialogs listen on the document, and those of the application are of any
 * library, or of another copy of Radix, whose own stack of layers this one could not be in.
 */
export function useEscapeLayer(onEscape: (() => void) | null): void {
  const scope = useContext(EscapeScopeContext);
  const latest = useLatest(onEscape);
  const isOpen = onEscape !== null;
  useEffect(() => {
    const element = scope?.current ?? null;
    if (!isOpen || element === null) return;
    const layer: EscapeLayer = { scope: element, onEscape: () => latest.current?.() };
    const page = element.ownerDocument.defaultView ?? window;
    layers.push(layer);
    // Adding the same listener again changes nothing.
    page.addEventListener("keydown", onKeyDown, { capture: true });
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (!layers.some((other) => other.scope.ownerDocument === element.ownerDocument))
        page.removeEventListener("keydown", onKeyDown, { capture: true });
    };
  }, [scope, isOpen, latest]);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  const path = event.composedPath();
  const layer = layers.findLast(({ scope }) => path.includes(scope));
  if (layer === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  layer.onEscape();
}
