import { type ComponentPropsWithoutRef, forwardRef, useEffect } from "react";
import { announcer } from "../announcer/announcer.js";
import { cx } from "../shared/part.js";
import { PROGRESS_KINDS } from "../wording/progress-kind.js";
import { useProgressContext } from "./progress-context.js";
import { useNotifyEmail } from "./use-notify-email.js";

/** Props of `SyncProgress.NotifyEmail`: those of its `div`. */
export interface SyncProgressNotifyEmailProps extends Omit<ComponentPropsWithoutRef<"div">, "children"> {}

/** The checkbox "Email me when it is done"; nothing once the sync has ended, or if the backend sends no mails. */
export const SyncProgressNotifyEmail = forwardRef<HTMLDivElement, SyncProgressNotifyEmailProps>(
  function SyncProgressNotifyEmail({ className, ...props }, ref) {
    const { state, text, name, labels, lang, classNames } = useProgressContext("SyncProgress.NotifyEmail");
    const { isChecked, isPending, hasFailed, choose } = useNotifyEmail(state);
    const { syncId } = state;
    const failure = labels.notifyEmailFailed;
    useEffect(() => {
      if (hasFailed) announcer.alert({ topic: syncId ?? name, about: "notify-email-failed", text: failure, lang });
    }, [hasFailed, syncId, name, failure, lang]);
    const isOffered = state.isRunning && PROGRESS_KINDS[text.kind].hasBar && state.capabilities.includes("notify");
    if (!isOffered) return null;
    return (
      <div className={cx("sp-notify-email", classNames.notifyEmail, className)} {...props} ref={ref}>
        <label className="sp-check">
          <input
            type="checkbox"
            checked={isChecked}
            // Not `disabled`, which would drop the focus.
            aria-disabled={isPending || undefined}
            onChange={({ target }) => choose(target.checked)}
          />
          <bdi>{labels.notifyEmail}</bdi>
        </label>
        {hasFailed && (
          <p className="sp-command-failed">
            <bdi>{failure}</bdi>
          </p>
        )}
      </div>
    );
  },
);
