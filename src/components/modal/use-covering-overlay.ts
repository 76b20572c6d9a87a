import { type RefCallback, useCallback, useState } from "react";

/**
 * Whether the dialog's overlay lies over the page. Without a stylesheet it does not: it would only keep the page from
 * scrolling, and so from the dialog's own end.
 */
export function useCoveringOverlay(isOpen: boolean): {
  readonly overlayRef: RefCallback<HTMLDivElement>;
  readonly isCovering: boolean;
} {
  const [isCovering, setIsCovering] = useState(true);
  // The stylesheet may come later.
  if (!isOpen && !isCovering) setIsCovering(true);
  const overlayRef = useCallback((overlay: HTMLDivElement | null) => {
    if (overlay !== null && getComputedStyle(overlay).position === "static") setIsCovering(false);
  }, []);
  return { overlayRef, isCovering };
}
