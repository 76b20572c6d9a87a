import { type ComponentPropsWithoutRef, type FocusEvent, forwardRef, useEffect, useLayoutEffect, useRef } from "react";
import { useLatest } from "../react/use-latest.js";
import { cx } from "./class-names.js";
import type { ProgressAction } from "./describe-progress.js";
import type { SyncLabels } from "./labels/sync-labels.js";
import { useProgressContext } from "./progress-context.js";

const LABELS: Readonly<Record<ProgressAction, keyof SyncLabels & string>> = {
  background: "runInBackground",
  pause: "pause",
  resume: "resume",
  cancel: "cancelSync",
  reconnect: "tryNow",
  retry: "tryAgain",
  "retry-failed": "retryFailed",
  "sync-again": "syncAgain",
  "sign-in": "signIn",
  done: "done",
  close: "close",
};

// On the server there is no layout, and React warns of an effect that waits for one.
const useIsomorphicLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * What the person can do now. "Cancel sync" asks once in place. Focus stays on a button as long as that is there, and
 * moves to the main action when it goes.
 */
export const ProgressActions = forwardRef<HTMLDivElement, ComponentPropsWithoutRef<"div">>(function ProgressActions(
  { className, onFocus, ...props },
  ref,
) {
  const { description, labels, name, act, pendingAction, isAskingToCancel, answerCancel } =
    useProgressContext("SyncProgress.Actions");
  const main = useRef<HTMLButtonElement>(null);
  const focused = useRef<Element | null>(null);

  useIsomorphicLayoutEffect(() => {
    const hasVanished = focused.current !== null && !focused.current.isConnected;
    if (!hasVanished) return;
    focused.current = null;
    const isFocusLost = document.activeElement === null || document.activeElement === document.body;
    if (isFocusLost) main.current?.focus();
  });

  const wasAsking = useRef(false);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAskingToCancel && !wasAsking.current) keep.current?.focus();
    wasAsking.current = isAskingToCancel;
  }, [isAskingToCancel]);

  // Wherever the focus is: Escape answers the question with "no".
  const latestAnswer = useLatest(answerCancel);
  useEffect(() => {
    if (!isAskingToCancel) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") latestAnswer.current("keep");
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isAskingToCancel, latestAnswer]);

  const groupProps = {
    className: cx("sp-actions", className),
    onFocus: (event: FocusEvent<HTMLDivElement>) => {
      focused.current = event.target;
      onFocus?.(event);
    },
    ...props,
  };

  if (isAskingToCancel) {
    const question = labels.cancelQuestion(name);
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; this is a question with two buttons.
      <div role="group" aria-label={question} {...groupProps} ref={ref} data-asking="">
        <p className="sp-question">{question}</p>
        <button type="button" ref={keep} className="sp-button" onClick={() => answerCancel("keep")}>
          {labels.keepSyncing}
        </button>
        <button type="button" className="sp-button sp-button-danger" onClick={() => answerCancel("stop")}>
          {labels.stop}
        </button>
      </div>
    );
  }

  return (
    <div {...groupProps} ref={ref}>
      {description.actions.map((action, index) => (
        <button
          key={action}
          type="button"
          ref={index === 0 ? main : undefined}
          className={cx("sp-button", index === 0 && "sp-button-main")}
          data-action={action}
          // Not `disabled`, which would drop the focus.
          aria-disabled={pendingAction === action || undefined}
          onClick={() => pendingAction !== action && act(action)}
        >
          {String(labels[LABELS[action]])}
        </button>
      ))}
    </div>
  );
});
