import { Slot } from "@radix-ui/react-slot";
import {
  type AllHTMLAttributes,
  cloneElement,
  createElement,
  type ForwardedRef,
  isValidElement,
  type ReactNode,
} from "react";

/** What every part takes beyond the props of its element. */
export interface PartProps {
  /**
   * Renders the part's only child instead of the part's own element, with the part's props, ref and content, as in
   * Radix. Default `false`.
   */
  readonly asChild?: boolean | undefined;
}

interface RenderedPart<Tag extends keyof HTMLElementTagNameMap>
  extends PartProps,
    Omit<AllHTMLAttributes<HTMLElement>, "as" | "content"> {
  /** The part's own element. */
  readonly as: Tag;
  readonly partRef: ForwardedRef<HTMLElementTagNameMap[Tag]>;
  /** What the part shows without children. */
  readonly content?: ReactNode;
}

/** The element of a part: its own, or with `asChild` the application's. */
export function Part<Tag extends keyof HTMLElementTagNameMap>({
  as,
  asChild = false,
  partRef,
  content,
  children,
  ...props
}: RenderedPart<Tag>) {
  const filled = fillPart(asChild, children, content);
  if (!asChild) return createElement(as, { ...props, ref: partRef }, filled);
  return (
    <Slot {...props} ref={partRef}>
      {filled}
    </Slot>
  );
}

/**
 * What goes into a part's element: the children in place of the part's own content; with `asChild` the only child, filled
 * with that content if it has none.
 *
 * @throws Error when `asChild` is given anything but one element.
 */
export function fillPart(asChild: boolean, children: ReactNode, content: ReactNode): ReactNode {
  if (!asChild) return children ?? content;
  if (isValidElement<{ readonly children?: ReactNode }>(children))
    return cloneElement(children, undefined, children.props.children ?? content);
  const got = Array.isArray(children) ? `${children.length} children` : String(children);
  throw new Error(`SyncProgressError: a part with asChild takes exactly one React element as its child, got ${got}.`);
}

/** Joins class names, leaving out what is not there. */
export function cx(...names: readonly (string | undefined | null | false)[]): string {
  return names.filter(Boolean).join(" ");
}

/** One event handler of two: the application's own comes first. */
export function chain<Event>(
  given: ((event: Event) => void) | undefined,
  own: (event: Event) => unknown,
): (event: Event) => void {
  return (event) => {
    given?.(event);
    own(event);
  };
}
