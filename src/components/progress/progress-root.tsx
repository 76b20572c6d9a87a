import { Slot } from "@radix-ui/react-slot";
import { type ComponentPropsWithoutRef, forwardRef, useContext, useEffect, useRef } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { AUTO_CLOSE_OFF, type AutoCloseControl } from "../../react/use-auto-close.js";
import { useLatest } from "../../react/use-latest.js";
import { announcer } from "../announcer/announcer.js";
import { useAnnouncements } from "../announcer/use-announcements.js";
import { EscapeScopeContext } from "../shared/escape-layers.js";
import type { PartProps } from "../shared/part.js";
import { chain, cx } from "../shared/part.js";
import { useFocusRecovery } from "../shared/use-focus-recovery.js";
import { useMergedRef } from "../shared/use-merged-ref.js";
import type { ProgressAction } from "../wording/describe-progress.js";
import type { StartError } from "../wording/start-error.js";
import { type ProgressWording, useDescription } from "../wording/use-description.js";
import { closeHolds, releaseHolds } from "./close-holds.js";
import { ProgressContext, type ProgressContextValue } from "./progress-context.js";
import type { ProgressClassNames } from "./progress-parts.js";
import { useCancelQuestion } from "./use-cancel-question.js";
import { useCommand } from "./use-command.js";

/** What happens on actions that the application takes part in. An action that nobody carries out is not offered. */
export interface ProgressHandlers {
  /** The person wants it out of the way; the sync goes on. */
  readonly onBackground?: (() => void) | undefined;
  /** The person is done with it. */
  readonly onClose?: (() => void) | undefined;
  /** The person wants to sign in again. */
  readonly onSignIn?: (() => void) | undefined;
  /** A new sync was started in place of this one, which goes on showing how it ended. */
  readonly onRetried?: ((syncId: string) => void) | undefined;
  /** The person wants to start again after a start that failed. */
  readonly onRestart?: (() => void) | undefined;
}

/** Props of `SyncProgress.Root`: its own, and those of its `div`. */
export interface ProgressRootProps
  extends Omit<ComponentPropsWithoutRef<"div">, "onClose">,
    PartProps,
    ProgressWording,
    ProgressHandlers {
  /** What to show: the answer of `useSyncProgress`. */
  readonly state: SyncProgressState;
  /** The countdown to the close of the display: the return value of `useAutoClose`. Default none. */
  readonly autoClose?: AutoCloseControl | undefined;
  /** Why the sync could not be started: the error of the start, or a sentence for the person. */
  readonly startError?: StartError;
  /** Whether changes are announced to screen readers. Default true. */
  readonly announce?: boolean | undefined;
  /** Class names added to the parts inside. */
  readonly classNames?: ProgressClassNames | undefined;
}

const NO_CLASS_NAMES: ProgressClassNames = {};

/**
 * Holds the parts of a progress display together and gives them what to show. Renders a `div` that carries
 * `data-status`, `data-kind`, `data-connection`, `data-phase` and `data-stalled` for styling. Focus stays on a control
 * as long as that is there, and moves to the main action when it goes. An auto-close countdown waits while the person
 * hovers over it, touches it or has the focus in it.
 *
 * @example
 * const state = useSyncProgress(syncId);
 * <SyncProgress.Root state={state} name="Gmail"><SyncProgress.Title /><SyncProgress.Bar /></SyncProgress.Root>
 */
export const ProgressRoot = forwardRef<HTMLDivElement, ProgressRootProps>(function ProgressRoot(
  {
    state,
    autoClose = AUTO_CLOSE_OFF,
    name: nameProp,
    labels: labelOverrides,
    locale,
    startError = null,
    announce = true,
    classNames = NO_CLASS_NAMES,
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
  const described = useDescription({ state, name: nameProp, labels: labelOverrides, locale, startError });
  const { name, labels, format, lang, dir, description } = described;
  const again = state.syncId === null ? onRestart : onRetried;
  const handlers: Partial<Record<ProgressAction, unknown>> = {
    background: onBackground,
    done: onClose,
    close: onClose,
    "sign-in": onSignIn,
    retry: again,
    "sync-again": again,
    "retry-failed": again,
  };
  const actions = description.actions.filter((action) => !(action in handlers) || handlers[action] !== undefined);

  // To hold or stop a sync is never what a person is led to.
  const mainAction =
    actions.find((action) => action !== "pause" && action !== "cancel") ?? description.actions[0] ?? null;
  const command = useCommand<ProgressAction>(`${state.syncId}:${description.kind}`, () =>
    announcer.alert({ topic: state.syncId ?? name, about: "command-failed", text: labels.commandFailed, lang }),
  );
  const cancelQuestion = useCancelQuestion(
    state,
    async () => (await command.carryOut("cancel", state.cancel)) !== null,
  );

  const startAgain = async (action: ProgressAction) => {
    const options = action === "retry-failed" ? { only: "failed" as const } : {};
    const started = await command.carryOut(action, () => state.retry(options));
    if (started !== null) onRetried?.(started.result);
  };

  const act = (action: ProgressAction, by: string) => {
    switch (action) {
      case "background":
        return onBackground?.();
      case "done":
      case "close":
        return onClose?.();
      case "sign-in":
        return onSignIn?.();
      case "reconnect":
        return state.reconnect();
      case "cancel":
        return cancelQuestion.ask(by);
      case "pause":
        return void command.carryOut(action, state.pause);
      case "resume":
        return void command.carryOut(action, state.resume);
      case "retry":
      case "sync-again":
      case "retry-failed":
        return state.syncId === null ? onRestart?.() : void startAgain(action);
      default:
        action satisfies never;
    }
  };

  useAnnouncements({ ...described, state, autoClose }, announce ? "all" : "none");
  const latestAutoClose = useLatest(autoClose);
  useEffect(() => () => releaseHolds(latestAutoClose.current), [latestAutoClose]);
  const followFocus = useFocusRecovery("[data-main-action]", "[data-action]");
  const root = useRef<HTMLDivElement>(null);
  const rootRef = useMergedRef(ref, root);
  const scope = useContext(EscapeScopeContext) ?? root;

  const context: ProgressContextValue = {
    state,
    autoClose,
    name,
    labels,
    format,
    lang,
    dir,
    description,
    actions,
    mainAction,
    classNames,
    act,
    pendingAction: command.pending,
    hasActionFailed: command.hasFailed,
    cancelQuestion,
  };
  const given = { onPointerMove, onPointerLeave, onPointerDown, onPointerUp, onPointerCancel, onBlur };
  const Element = asChild ? Slot : "div";
  return (
    <ProgressContext.Provider value={context}>
      <EscapeScopeContext.Provider value={scope}>
        <Element
          className={cx("sp-root", classNames.root, className)}
          lang={lang}
          data-kind={description.kind}
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
