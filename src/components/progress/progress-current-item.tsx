import { type ComponentPropsWithoutRef, Fragment, forwardRef, useId, useState } from "react";
import { cx } from "../shared/part.js";
import { cutMiddle } from "./cut-middle.js";
import { useProgressContext } from "./progress-context.js";

/** Props of `SyncProgress.CurrentItem`: those of its `p`. */
export interface SyncProgressCurrentItemProps extends Omit<ComponentPropsWithoutRef<"p">, "children"> {}

/**
 * What is being worked on now, on one line: a long name is cut in its middle, shown whole on focus and as a tooltip.
 * Keeps its height without an item, so that the layout does not shift.
 */
export const SyncProgressCurrentItem = forwardRef<HTMLParagraphElement, SyncProgressCurrentItemProps>(
  function SyncProgressCurrentItem({ className, ...props }, ref) {
    const { state, text, labels, classNames } = useProgressContext("SyncProgress.CurrentItem");
    const labelId = useId();
    const [isFocused, setIsFocused] = useState(false);
    if (text.kind !== "running") return null;
    const item = state.currentItem ?? "";
    const { head, tail, isLong } = cutMiddle(item);
    // A long name is a tab stop, so that it can be read whole without a pointer. The next name is read in the same place,
    // however short it is.
    const tabStop = {
      tabIndex: 0,
      role: "group",
      "aria-labelledby": item === "" ? undefined : labelId,
      onFocus: () => setIsFocused(true),
      onBlur: () => setIsFocused(false),
    };
    return (
      <p
        className={cx("sp-current-item", classNames.currentItem, className)}
        title={item || undefined}
        data-empty={item === "" || undefined}
        {...props}
        ref={ref}
      >
        {item !== "" && (
          <span id={labelId} className="sp-visually-hidden">
            {labels.currentItem}:{" "}
          </span>
        )}
        <bdi className="sp-middle-cut" {...((isLong || isFocused) && tabStop)}>
          {/* Another name is another element: the browser would count the end of the old one as moved. */}
          <Fragment key={item}>
            <span className="sp-middle-cut-head">{head}</span>
            {tail !== "" && <span className="sp-middle-cut-tail">{tail}</span>}
          </Fragment>
        </bdi>
      </p>
    );
  },
);
