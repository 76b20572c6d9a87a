import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx, Part, type PartProps } from "../shared/part.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.Eta`: those of its `p`. */
export interface SyncProgressEtaProps extends ComponentPropsWithoutRef<"p">, PartProps {}

/** The time left in words; empty, but in its place, while no stable estimate exists. */
export const SyncProgressEta = forwardRef<HTMLParagraphElement, SyncProgressEtaProps>(function SyncProgressEta(
  { className, ...props },
  ref,
) {
  const { state, text, labels, format, classNames } = useProgressContext("SyncProgress.Eta");
  if (text.kind !== "running") return null;
  const isKnown = state.eta !== null && text.notice === null;
  const content = <bdi>{isKnown ? labels.timeLeft(state.eta.minutes, format) : ""}</bdi>;
  return <Part as="p" className={cx("sp-eta", classNames.eta, className)} content={content} {...props} partRef={ref} />;
});
