import { useEffect, useRef } from "react";
import { useLatest } from "../react/use-latest.js";
import type { SyncLabels } from "./labels/sync-labels.js";
import { ProgressButton } from "./progress-button.js";
import type { ProgressClassNames } from "./progress-parts.js";

interface CancelQuestionProps {
  readonly question: string;
  readonly labels: SyncLabels;
  /** It was answered with "stop", and the sync has not ended yet. */
  readonly isBusy: boolean;
  readonly onAnswer: (answer: "stop" | "keep") => void;
  readonly className: string;
  readonly classNames: ProgressClassNames;
}

/** "Stop syncing?", answered by its two buttons, or with "no" by Escape. */
export function CancelQuestion({ question, labels, isBusy, onAnswer, className, classNames }: CancelQuestionProps) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);

  // Wherever the focus is.
  const latestAnswer = useLatest(onAnswer);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape") latestAnswer.current("keep");
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [latestAnswer]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; this is a question with two buttons.
    <div role="group" aria-label={question} className={className} data-asking="">
      <p className="sp-question">
        <bdi>{question}</bdi>
      </p>
      <ProgressButton
        ref={keep}
        classNames={classNames}
        content={labels.keepSyncing}
        data-focus-next="cancel"
        onClick={() => onAnswer("keep")}
      />
      <ProgressButton
        look="danger"
        classNames={classNames}
        content={labels.stop}
        data-focus-next="cancel"
        // Not `disabled`, which would drop the focus.
        aria-disabled={isBusy || undefined}
        onClick={() => !isBusy && onAnswer("stop")}
      />
    </div>
  );
}
