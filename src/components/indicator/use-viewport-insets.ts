import { useEffect, useState } from "react";

/** How much of the window is covered at its top and bottom, in CSS px: by an on-screen keyboard, for instance. */
export interface ViewportInsets {
  readonly top: number;
  readonly bottom: number;
}

const NOTHING: ViewportInsets = { top: 0, bottom: 0 };

/** Less than this is a bar of the browser, which moves by itself. */
const LEAST_PX = 60;

/** What of the window an element that is fixed to it has to keep clear of. */
export function useViewportInsets(isFixed: boolean): ViewportInsets {
  const [insets, setInsets] = useState(NOTHING);
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!isFixed || viewport === null || viewport === undefined) return;
    const measure = () => {
      const next = insetsOf(viewport, window.innerHeight);
      setInsets((before) => (before.top === next.top && before.bottom === next.bottom ? before : next));
    };
    measure();
    viewport.addEventListener("resize", measure);
    viewport.addEventListener("scroll", measure);
    return () => {
      viewport.removeEventListener("resize", measure);
      viewport.removeEventListener("scroll", measure);
      setInsets(NOTHING);
    };
  }, [isFixed]);
  return insets;
}

function insetsOf({ scale, height, offsetTop }: VisualViewport, windowHeight: number): ViewportInsets {
  // Zoomed in by two fingers: what is fixed belongs to the page then, and moving it along would tremble.
  if (scale > 1.05) return NOTHING;
  const clear = (covered: number) => (covered < LEAST_PX ? 0 : Math.round(covered));
  return { top: clear(offsetTop), bottom: clear(windowHeight - height - offsetTop) };
}
