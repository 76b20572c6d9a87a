import { type ComponentPropsWithoutRef, forwardRef, useEffect, useRef } from "react";
import { useLatest } from "../react/use-latest.js";
import { cx } from "./class-names.js";
import { Part, type PartProps } from "./part.js";
import { ProgressActionButton } from "./progress-action.js";
import { ProgressButton } from "./progress-button.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Actions`: those of its `div`. */
export interface ProgressActionsProps extends ComponentPropsWithoutRef<"div">, PartProps {}

/**
 * What the person can do now, the main action first. "Cancel sync" asks once, in the place of the buttons. With children
 * it shows those instead of its own buttons: `SyncProgress.Action`s, for instance.
 */
export const ProgressActions = forwardRef<HTMLDivElement, ProgressActionsProps>(function ProgressActions(
  { className, ...props },
  ref,
) {
  const { description, cancelQuestion, classNames } = useProgressContext("SyncProgress.Actions");
  const names = cx("sp-actions", classNames.actions, className);
  if (cancelQuestion !== "closed") return <CancelQuestion className={names} />;
  const buttons = description.actions.map((action) => <ProgressActionButton key={action} action={action} />);
  return <Part as="div" className={names} content={buttons} {...props} partRef={ref} />;
});

/** "Stop syncing?", answered by its two buttons, or with "no" by Escape. */
function CancelQuestion({ className }: { readonly className: string }) {
  const { labels, name, cancelQuestion, answerCancel } = useProgressContext("SyncProgress.Actions");
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);

  // Wherever the focus is.
  const latestAnswer = useLatest(answerCancel);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") latestAnswer.current("keep");
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [latestAnswer]);

  const question = labels.cancelQuestion(name);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; this is a question with two buttons.
    <div role="group" aria-label={question} className={className} data-asking="">
      <p className="sp-question">
        <bdi>{question}</bdi>
      </p>
      <ProgressButton
        ref={keep}
        content={labels.keepSyncing}
        data-focus-next="cancel"
        onClick={() => answerCancel("keep")}
      />
      <ProgressButton
        look="danger"
        content={labels.stop}
        data-focus-next="cancel"
        // Not `disabled`, which would drop the focus.
        aria-disabled={cancelQuestion === "answered" || undefined}
        onClick={() => cancelQuestion === "open" && answerCancel("stop")}
      />
    </div>
  );
}
