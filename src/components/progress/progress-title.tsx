import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { cx, Part, type PartProps } from "../shared/part.js";
import { useProgressContext } from "./progress-context.js";
import { StateIcon } from "./state-icon.js";

/** Props of `SyncProgress.Title`: its own, and those of its heading. */
export interface SyncProgressTitleProps extends ComponentPropsWithoutRef<"h2">, PartProps {
  /** The heading's level, 1-6. Default 2. */
  readonly level?: 1 | 2 | 3 | 4 | 5 | 6 | undefined;
}

/** The headline: what happens, or how it ended. A heading. */
export const SyncProgressTitle = forwardRef<HTMLHeadingElement, SyncProgressTitleProps>(function SyncProgressTitle(
  { level = 2, className, ...props },
  ref,
) {
  const { text, dir, classNames } = useProgressContext("SyncProgress.Title");
  const content = (
    <>
      <StateIcon kind={text.kind} />
      <bdi dir={dir}>{text.headline}</bdi>
    </>
  );
  return (
    <Part
      as={`h${level}`}
      className={cx("sp-title", classNames.title, className)}
      content={content}
      {...props}
      partRef={ref}
    />
  );
});
