import type { FocusEvent, PointerEvent } from "react";
import type { AutoCloseControl } from "../react/use-auto-close.js";

/** Handlers that hold an auto-close countdown while the person is at the element: hovers, touches, or has the focus in it. */
export function closeHolds({ pause, resume }: AutoCloseControl) {
  return {
    // Not when it enters: a dialog that opens under a resting pointer says nothing of what the person wants.
    onPointerMove: (event: PointerEvent) => event.pointerType !== "touch" && pause("hover"),
    onPointerLeave: (event: PointerEvent) => {
      resume(event.pointerType === "touch" ? "touch" : "hover");
    },
    onPointerDown: (event: PointerEvent) => event.pointerType === "touch" && pause("touch"),
    onPointerUp: (event: PointerEvent) => event.pointerType === "touch" && resume("touch"),
    onPointerCancel: () => resume("touch"),
    onFocus: (event: FocusEvent) => isMeantFocus(event.target, event.currentTarget) && pause("focus"),
    onBlur: (event: FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) resume("focus");
    },
  };
}

/** The dialog itself is focused when it opens, and a button by the click on it: neither says that somebody stays. */
function isMeantFocus(target: EventTarget & Element, container: EventTarget & Element): boolean {
  return target !== container && target.matches(":focus-visible");
}
