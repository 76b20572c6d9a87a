import { type ComponentPropsWithoutRef, forwardRef, useEffect, useRef } from "react";
import { useLatest } from "../react/use-latest.js";
import type { SyncLabels } from "./labels/sync-labels.js";
import { Part, type PartProps } from "./part.js";
import { ProgressButton } from "./progress-button.js";
import type { ProgressClassNames } from "./progress-parts.js";
import type { CancelQuestionControl } from "./use-cancel-question.js";

interface CancelQuestionProps extends ComponentPropsWithoutRef<"div">, PartProps {
  /** The question in words. */
  readonly question: string;
  readonly control: CancelQuestionControl;
  readonly labels: SyncLabels;
  readonly classNames: ProgressClassNames;
}

/** "Stop syncing?", answered by its two buttons, or with "no" by Escape. */
export const CancelQuestion = forwardRef<HTMLDivElement, CancelQuestionProps>(function CancelQuestion(
  { question, control, labels, classNames, ...props },
  ref,
) {
  const { isBusy, answer } = control;
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);

  // Wherever the focus is.
  const latestAnswer = useLatest(answer);
  useEffect(() => {
    const page = keep.current?.ownerDocument ?? document;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") latestAnswer.current("keep");
    };
    page.addEventListener("keydown", onKeyDown);
    return () => page.removeEventListener("keydown", onKeyDown);
  }, [latestAnswer]);

  const content = (
    <>
      <p className="sp-question">
        <bdi>{question}</bdi>
      </p>
      <ProgressButton
        ref={keep}
        classNames={classNames}
        content={labels.keepSyncing}
        data-focus-next="cancel"
        // Not `disabled`, which would drop the focus.
        aria-disabled={isBusy || undefined}
        onClick={() => answer("keep")}
      />
      <ProgressButton
        look="danger"
        classNames={classNames}
        content={labels.stop}
        data-focus-next="cancel"
        aria-disabled={isBusy || undefined}
        onClick={() => answer("stop")}
      />
    </>
  );
  return (
    <Part
      as="div"
      role="group"
      aria-label={question}
      // Escape answers it, and does nothing else meanwhile.
      data-asking={isBusy ? undefined : ""}
      content={content}
      {...props}
      partRef={ref}
    />
  );
});
