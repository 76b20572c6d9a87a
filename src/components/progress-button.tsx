import { type ComponentPropsWithoutRef, forwardRef, type ReactNode } from "react";
import { cx } from "./class-names.js";
import { Part, type PartProps } from "./part.js";
import { useProgressContext } from "./progress-context.js";

/** How much weight a button has. */
export type ButtonLook = "plain" | "main" | "danger" | "quiet";

interface ProgressButtonProps extends Omit<ComponentPropsWithoutRef<"button">, "content">, PartProps {
  readonly look?: ButtonLook;
  readonly content: ReactNode;
}

const LOOKS = {
  plain: { className: undefined, part: "button" },
  main: { className: "sp-button-main", part: "mainButton" },
  danger: { className: "sp-button-danger", part: "dangerButton" },
  quiet: { className: "sp-button-quiet", part: "quietButton" },
} as const;

/** A button of a progress display, with the class names that the display was given for its look. */
export const ProgressButton = forwardRef<HTMLButtonElement, ProgressButtonProps>(function ProgressButton(
  { look = "plain", className, ...props },
  ref,
) {
  const { classNames } = useProgressContext("SyncProgress.Action");
  const names = LOOKS[look];
  return (
    <Part
      as="button"
      type="button"
      className={cx("sp-button", names.className, classNames[names.part], className)}
      {...props}
      partRef={ref}
    />
  );
});
