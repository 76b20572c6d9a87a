import { type RefObject, useEffect, useState } from "react";

/** More than this share of a control must not be covered. */
const MAX_COVERED = 0.25;

/**
 * Whether a floating element has to step aside: it would cover the control of the page that has the focus (WCAG 2.2, 2.4.11).
 * Not for what is larger than what covers it, such as a text area that fills the window.
 */
export function useSteppingAside(element: RefObject<HTMLElement | null>, isFloating: boolean): boolean {
  const [isAside, setIsAside] = useState(false);
  useEffect(() => {
    const page = element.current?.ownerDocument;
    if (!isFloating || page === undefined) return;
    let frame = 0;
    const check = () => {
      // After the browser has scrolled to the control.
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => setIsAside(covers(element.current, page.activeElement)));
    };
    page.addEventListener("focusin", check);
    page.addEventListener("focusout", check);
    page.addEventListener("scroll", check, { capture: true, passive: true });
    return () => {
      cancelAnimationFrame(frame);
      page.removeEventListener("focusin", check);
      page.removeEventListener("focusout", check);
      page.removeEventListener("scroll", check, { capture: true });
      setIsAside(false);
    };
  }, [element, isFloating]);
  return isAside;
}

function covers(element: HTMLElement | null, focused: Element | null): boolean {
  if (element === null || focused === null || focused === element.ownerDocument.body) return false;
  if (element.contains(focused) || !focused.matches(":focus-visible")) return false;
  // Its place, wherever it was moved to.
  const { width, height, left, top } = placeOf(element);
  const control = focused.getBoundingClientRect();
  const across = Math.min(left + width, control.right) - Math.max(left, control.left);
  const down = Math.min(top + height, control.bottom) - Math.max(top, control.top);
  return across > 0 && down > 0 && across * down > MAX_COVERED * control.width * control.height;
}

function placeOf(element: HTMLElement): DOMRect {
  const { x, y, width, height } = element.getBoundingClientRect();
  const { m41, m42 } = new DOMMatrixReadOnly(getComputedStyle(element).transform);
  return new DOMRect(x - m41, y - m42, width, height);
}
