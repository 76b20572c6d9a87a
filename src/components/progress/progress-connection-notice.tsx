import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { SpinnerIcon, WarningIcon } from "../shared/icons.js";
import { cx, Part, type PartProps } from "../shared/part.js";
import { SyncProgressAction } from "./progress-action.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.ConnectionNotice`: those of its `div`. */
export interface SyncProgressConnectionNoticeProps extends ComponentPropsWithoutRef<"div">, PartProps {}

/**
 * What the connection has to say: reconnecting (with a button to try now), offline, or how long nothing has changed.
 * Silent while all is well.
 */
export const SyncProgressConnectionNotice = forwardRef<HTMLDivElement, SyncProgressConnectionNoticeProps>(
  function SyncProgressConnectionNotice({ className, ...props }, ref) {
    const { text, classNames } = useProgressContext("SyncProgress.ConnectionNotice");
    const { notice } = text;
    if (notice === null) return null;
    const content = (
      <>
        {notice.kind === "offline" ? <WarningIcon /> : <SpinnerIcon />}
        <p className="sp-notice-text">
          <bdi>{notice.text}</bdi>
        </p>
        {notice.action !== null && <SyncProgressAction action={notice.action} look="quiet" />}
      </>
    );
    return (
      <Part
        as="div"
        className={cx("sp-notice", classNames.notice, className)}
        data-kind={notice.kind}
        content={content}
        {...props}
        partRef={ref}
      />
    );
  },
);
