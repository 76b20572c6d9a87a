import { type ComponentPropsWithoutRef, forwardRef, type ReactNode } from "react";
import { cx, Part, type PartProps } from "../shared/part.js";
import type { SyncProgressClassNames } from "./progress-parts.js";

/** How much weight a button has. */
export type ButtonLook = "plain" | "main" | "danger" | "quiet";

interface ProgressButtonProps extends Omit<ComponentPropsWithoutRef<"button">, "content">, PartProps {
  readonly look?: ButtonLook;
  readonly content: ReactNode;
  /** Those of the display that the button is in. */
  readonly classNames: SyncProgressClassNames;
}

const LOOKS = {
  plain: { className: undefined, part: "button" },
  main: { className: "sp-button-main", part: "mainButton" },
  danger: { className: "sp-button-danger", part: "dangerButton" },
  quiet: { className: "sp-button-quiet", part: "quietButton" },
} as const;

/** A button, with the class names that its display was given for its look. */
export const ProgressButton = forwardRef<HTMLButtonElement, ProgressButtonProps>(function ProgressButton(
  { look = "plain", content, classNames, className, ...props },
  ref,
) {
  const names = LOOKS[look];
  return (
    <Part
      as="button"
      type="button"
      className={cx("sp-button", names.className, classNames[names.part], className)}
      content={<bdi>{content}</bdi>}
      {...props}
      partRef={ref}
    />
  );
});
