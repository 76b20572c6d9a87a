import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx } from "./class-names.js";
import { StateIcon } from "./icons.js";
import { useProgressContext } from "./progress-context.js";

export interface ProgressTitleProps extends ComponentPropsWithoutRef<"h2"> {
  /** The heading's level where it is shown. Default 2. */
  readonly level?: 1 | 2 | 3 | 4 | 5 | 6;
}

/** The headline: what happens, or how it ended. A heading. */
export const ProgressTitle = forwardRef<HTMLHeadingElement, ProgressTitleProps>(function ProgressTitle(
  { level = 2, className, ...props },
  ref,
) {
  const { description } = useProgressContext("SyncProgress.Title");
  const Heading = `h${level}` as const;
  return (
    <Heading className={cx("sp-title", className)} {...props} ref={ref}>
      <StateIcon kind={description.kind} />
      <bdi>{description.headline}</bdi>
    </Heading>
  );
});
