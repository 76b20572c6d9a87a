import type { FocusEvent, PointerEvent } from "react";
import type { AutoCloseControl } from "../../react/use-auto-close.js";
import { chain } from "../shared/part.js";

/** The handlers of an element that say whether the person is at it. */
export interface PresenceHandlers {
  readonly onPointerMove?: ((event: PointerEvent<HTMLDivElement>) => void) | undefined;
  readonly onPointerLeave?: ((event: PointerEvent<HTMLDivElement>) => void) | undefined;
  readonly onPointerDown?: ((event: PointerEvent<HTMLDivElement>) => void) | undefined;
  readonly onPointerUp?: ((event: PointerEvent<HTMLDivElement>) => void) | undefined;
  readonly onPointerCancel?: ((event: PointerEvent<HTMLDivElement>) => void) | undefined;
  readonly onFocus?: ((event: FocusEvent<HTMLDivElement>) => void) | undefined;
  readonly onBlur?: ((event: FocusEvent<HTMLDivElement>) => void) | undefined;
}

/**
 * Handlers that hold an auto-close countdown while the person is at the element: hovers, touches, or has the focus in it.
 *
 * @param given The application's own, which come first.
 */
export function closeHolds({ hold, release }: AutoCloseControl, given: PresenceHandlers): Required<PresenceHandlers> {
  return {
    // Not when it enters: a dialog that opens under a resting pointer says nothing of what the person wants.
    onPointerMove: chain(given.onPointerMove, ({ pointerType }) => pointerType !== "touch" && hold("hover")),
    onPointerLeave: chain(given.onPointerLeave, ({ pointerType }) =>
      release(pointerType === "touch" ? "touch" : "hover"),
    ),
    onPointerDown: chain(given.onPointerDown, ({ pointerType }) => pointerType === "touch" && hold("touch")),
    onPointerUp: chain(given.onPointerUp, ({ pointerType }) => pointerType === "touch" && release("touch")),
    onPointerCancel: chain(given.onPointerCancel, () => release("touch")),
    onFocus: chain(given.onFocus, () => hold("focus")),
    onBlur: chain(given.onBlur, ({ currentTarget, relatedTarget }) => {
      if (!currentTarget.contains(relatedTarget)) release("focus");
    }),
  };
}

/** Releases the holds of a display that is unmounted: no pointer leaves an element that is gone. */
export function releaseHolds({ release }: AutoCloseControl): void {
  for (const reason of ["hover", "touch", "focus"] as const) release(reason);
}
