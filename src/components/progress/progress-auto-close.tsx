import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx, Part, type PartProps } from "../shared/part.js";
import { ProgressButton } from "./progress-button.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.AutoClose`: those of its `div`. */
export interface SyncProgressAutoCloseProps extends ComponentPropsWithoutRef<"div">, PartProps {}

/** The countdown to the close, and the way to keep it open. Nothing while there is none. */
export const SyncProgressAutoClose = forwardRef<HTMLDivElement, SyncProgressAutoCloseProps>(
  function SyncProgressAutoClose({ className, ...props }, ref) {
    const { autoClose, labels, format, classNames } = useProgressContext("SyncProgress.AutoClose");
    const { status, remainingMs, heldBy, keepOpen } = autoClose;
    if (status !== "counting" && status !== "held") return null;
    // Its own announcement holds it unseen, for a moment.
    const isHeld = status === "held" && heldBy.some((reason) => reason !== "announcement");
    const content = (
      <>
        <bdi>{isHeld ? labels.closePaused : labels.closesIn(remainingMs ?? 0, format)}</bdi>
        <ProgressButton look="quiet" classNames={classNames} content={labels.keepOpen} onClick={keepOpen} />
      </>
    );
    return (
      <Part
        as="div"
        className={cx("sp-auto-close", classNames.autoClose, className)}
        data-status={status}
        content={content}
        {...props}
        partRef={ref}
      />
    );
  },
);
