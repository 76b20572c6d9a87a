import { type ComponentPropsWithoutRef, forwardRef, useEffect, useRef } from "react";
import type { SyncLabels } from "../labels/sync-labels.js";
import { useEscapeLayer } from "../shared/escape-layers.js";
import { cx, Part, type PartProps } from "../shared/part.js";
import type { Direction } from "../wording/direction.js";
import { ProgressButton } from "./progress-button.js";
import { useProgressContext } from "./progress-context.js";
import type { SyncProgressClassNames } from "./progress-parts.js";
import type { CancelQuestionControl } from "./use-cancel-question.js";

interface CancelQuestionProps extends ComponentPropsWithoutRef<"div">, PartProps {
  /** The question in words. */
  readonly question: string;
  /** Its direction. */
  readonly questionDir: Direction | "auto";
  readonly control: CancelQuestionControl;
  readonly labels: SyncLabels;
  readonly classNames: SyncProgressClassNames;
}

/** "Stop syncing?" with two buttons; Escape dismisses it. */
export const CancelQuestion = forwardRef<HTMLDivElement, CancelQuestionProps>(function CancelQuestion(
  { question, questionDir, control, labels, classNames, ...props },
  ref,
) {
  const { isBusy, confirm, dismiss } = control;
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  useEscapeLayer(isBusy ? null : dismiss);

  const content = (
    <>
      <p className="sp-question">
        <bdi dir={questionDir}>{question}</bdi>
      </p>
      <ProgressButton
        ref={keep}
        classNames={classNames}
        content={labels.keepSyncing}
        data-focus-next="cancel"
        // Not `disabled`, which would drop the focus.
        aria-disabled={isBusy || undefined}
        onClick={dismiss}
      />
      <ProgressButton
        look="danger"
        classNames={classNames}
        content={isBusy ? labels.commandPending.cancel : labels.stop}
        data-focus-next="cancel"
        aria-disabled={isBusy || undefined}
        onClick={confirm}
      />
    </>
  );
  return <Part as="div" role="group" aria-label={question} content={content} {...props} partRef={ref} />;
});

interface ProgressCancelQuestionProps extends ComponentPropsWithoutRef<"div">, PartProps {}

/** The question before a cancel, in the words of the display that it is in. */
export const ProgressCancelQuestion = forwardRef<HTMLDivElement, ProgressCancelQuestionProps>(
  function ProgressCancelQuestion({ className, ...props }, ref) {
    const { name, labels, dir, cancelQuestion, classNames } = useProgressContext("SyncProgress.Actions");
    return (
      <CancelQuestion
        question={labels.cancelQuestion(name)}
        questionDir={dir}
        control={cancelQuestion}
        labels={labels}
        className={cx("sp-actions", classNames.actions, className)}
        classNames={classNames}
        {...props}
        ref={ref}
      />
    );
  },
);
