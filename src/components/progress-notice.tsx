import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx } from "./class-names.js";
import { SpinnerIcon, WarningIcon } from "./icons.js";
import { useProgressContext } from "./progress-context.js";

/** What the connection has to say: reconnecting, offline, or how long nothing has changed. Silent while all is well. */
export const ProgressConnectionNotice = forwardRef<HTMLParagraphElement, ComponentPropsWithoutRef<"p">>(
  function ProgressConnectionNotice({ className, ...props }, ref) {
    const { description } = useProgressContext("SyncProgress.ConnectionNotice");
    const { notice } = description;
    if (notice === null) return null;
    return (
      <p className={cx("sp-notice", className)} data-kind={notice.kind} {...props} ref={ref}>
        {notice.kind === "offline" ? <WarningIcon /> : <SpinnerIcon />}
        <span>{notice.text}</span>
      </p>
    );
  },
);
