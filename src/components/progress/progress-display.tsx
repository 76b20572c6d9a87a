import { Slot } from "@radix-ui/react-slot";
import { type ComponentPropsWithoutRef, forwardRef, useContext, useEffect, useRef } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import type { AutoCloseControl } from "../../react/use-auto-close.js";
import { useLatest } from "../../react/use-latest.js";
import { EscapeScopeContext } from "../shared/escape-layers.js";
import { chain, cx, type PartProps } from "../shared/part.js";
import { useFocusRecovery } from "../shared/use-focus-recovery.js";
import { useMergedRef } from "../shared/use-merged-ref.js";
import type { ProgressWording } from "../wording/use-progress-wording.js";
import { closeHolds, releaseHolds } from "./close-holds.js";
import { ProgressContext } from "./progress-context.js";
import type { SyncProgressClassNames } from "./progress-parts.js";
import { type SyncProgressHandlers, useProgressActions } from "./use-progress-actions.js";

interface ProgressDisplayProps
  extends Omit<ComponentPropsWithoutRef<"div">, "onClose">,
    PartProps,
    SyncProgressHandlers {
  readonly state: SyncProgressState;
  readonly autoClose: AutoCloseControl;
  /** The state in words: made once, however many displays show it. */
  readonly wording: ProgressWording;
  readonly classNames: SyncProgressClassNames;
}

/** A progress display without the announcements: what `SyncProgress.Root`, the dialog and the card are made of. */
export const ProgressDisplay = forwardRef<HTMLDivElement, ProgressDisplayProps>(function ProgressDisplay(
  {
    state,
    autoClose,
    wording,
    classNames,
    onBackground,
    onClose,
    onSignIn,
    onRetried,
    onRestart,
    asChild = false,
    className,
    onPointerMove,
    onPointerLeave,
    onPointerDown,
    onPointerUp,
    onPointerCancel,
    onFocus,
    onBlur,
    ...props
  },
  ref,
) {
  const actions = useProgressActions(state, wording, { onBackground, onClose, onSignIn, onRetried, onRestart });
  const latestAutoClose = useLatest(autoClose);
  useEffect(() => () => releaseHolds(latestAutoClose.current), [latestAutoClose]);
  const followFocus = useFocusRecovery("[data-main-action]", "[data-action]");
  const root = useRef<HTMLDivElement>(null);
  const rootRef = useMergedRef(ref, root);
  const scope = useContext(EscapeScopeContext) ?? root;

  const given = { onPointerMove, onPointerLeave, onPointerDown, onPointerUp, onPointerCancel, onBlur };
  const Element = asChild ? Slot : "div";
  return (
    <ProgressContext.Provider value={{ state, autoClose, ...wording, ...actions, classNames }}>
      <EscapeScopeContext.Provider value={scope}>
        <Element
          className={cx("sp-root", classNames.root, className)}
          lang={wording.lang}
          data-kind={wording.text.kind}
          data-status={state.status ?? "unknown"}
          data-connection={state.connection}
          data-phase={state.phase ?? undefined}
          data-stalled={state.isStalled || undefined}
          {...closeHolds(autoClose, { ...given, onFocus: chain(onFocus, followFocus) })}
          {...props}
          ref={rootRef}
        />
      </EscapeScopeContext.Provider>
    </ProgressContext.Provider>
  );
});
