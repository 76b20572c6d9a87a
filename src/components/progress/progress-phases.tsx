import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx, Part, type PartProps } from "../shared/part.js";
import { PhaseIcon } from "./phase-icon.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Phases`: those of its `ol`. */
export interface SyncProgressPhasesProps extends ComponentPropsWithoutRef<"ol">, PartProps {}

/**
 * The phases that the sync declares, in their order: what is done, current and pending, in words and icons. Nothing for a
 * sync that declares fewer than two, or that is complete.
 */
export const SyncProgressPhases = forwardRef<HTMLOListElement, SyncProgressPhasesProps>(function SyncProgressPhases(
  { className, ...props },
  ref,
) {
  const { text, labels, classNames } = useProgressContext("SyncProgress.Phases");
  const { phases } = text;
  if (phases.length === 0) return null;
  const content = phases.map(({ name, label, progress, progressText }) => (
    <li
      key={name}
      className={cx("sp-phase", classNames.phase)}
      data-progress={progress}
      aria-current={progress === "current" ? "step" : undefined}
    >
      <PhaseIcon progress={progress} />
      <bdi>{label}</bdi>
      <span className="sp-visually-hidden"> ({progressText})</span>
    </li>
  ));
  return (
    <Part
      as="ol"
      className={cx("sp-phases", classNames.phases, className)}
      aria-label={labels.phases}
      content={content}
      {...props}
      partRef={ref}
    />
  );
});
