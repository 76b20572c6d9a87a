import * as Dialog from "@radix-ui/react-dialog";
import { type ComponentPropsWithoutRef, forwardRef, type ReactNode, useRef } from "react";
import type { SyncProgressState } from "../../react/sync-progress-state.js";
import { useAutoClose } from "../../react/use-auto-close.js";
import { useAnnouncements } from "../announcer/use-announcements.js";
import { ProgressDisplay } from "../progress/progress-display.js";
import type { SyncProgressPart } from "../progress/progress-parts.js";
import { SyncProgress } from "../progress/sync-progress.js";
import type { SyncProgressHandlers } from "../progress/use-progress-actions.js";
import { EscapeScopeContext } from "../shared/escape-layers.js";
import { cx } from "../shared/part.js";
import { useMergedRef } from "../shared/use-merged-ref.js";
import type { StartError } from "../wording/start-error.js";
import type { ProgressWording } from "../wording/use-progress-wording.js";
import { cardIndexOf, returnFocus } from "./return-focus.js";
import { useCoveringOverlay } from "./use-covering-overlay.js";

/** The elements of the dialog that take a class name of their own. */
export type SyncProgressDialogPart = SyncProgressPart | "overlay" | "content";

/** What a dialog takes beyond the sync that it shows and the words for it, and the props of its `div`. */
export interface ProgressDialogOptions
  extends Omit<ComponentPropsWithoutRef<"div">, "children" | "onError">,
    Pick<SyncProgressHandlers, "onBackground" | "onSignIn" | "onRetried" | "onRestart"> {
  /** Whether the dialog is on the screen. */
  readonly open: boolean;
  /** Called with `false` when the dialog is to be closed: by the person, or by the countdown. Never ends the sync. */
  readonly onOpenChange: (open: boolean) => void;
  /** ms from `complete` until the dialog closes by itself, or `false` for never. Default 3,000. */
  readonly autoCloseMs?: number | false | undefined;
  /**
   * Why the sync could not be started: the error of `useStartSync`, of which only the server's own sentence is shown, or a
   * sentence for the person.
   */
  readonly startError?: StartError;
  /** Class names added to the built-in ones. */
  readonly classNames?: Readonly<Partial<Record<SyncProgressDialogPart, string | undefined>>> | undefined;
  /** The element that the dialog is rendered into. Default the body. */
  readonly container?: HTMLElement | null | undefined;
  /** More to show above the actions, such as what the person can do meanwhile. */
  readonly children?: ReactNode;
}

interface ProgressDialogProps extends ProgressDialogOptions {
  readonly progress: SyncProgressState;
  /** The state in words: made once, however many displays show it. */
  readonly wording: ProgressWording;
}

/** The dialog that the ready-made components share: all of `SyncProgressDialog` but the wording. */
export const ProgressDialog = forwardRef<HTMLDivElement, ProgressDialogProps>(function ProgressDialog(
  {
    progress,
    wording,
    open,
    onOpenChange,
    startError = null,
    classNames = {},
    container,
    onBackground,
    onSignIn,
    onRetried,
    onRestart,
    autoCloseMs,
    className,
    children,
    ...props
  },
  ref,
) {
  const autoClose = useAutoClose(progress, { open, durationMs: autoCloseMs, onClose: () => onOpenChange(false) });
  // Also while it is closed: how a sync in the background ends is announced.
  useAnnouncements({ ...wording, state: progress, autoClose }, open ? "all" : "outcome");

  const content = useRef<HTMLDivElement>(null);
  const contentRef = useMergedRef(ref, content);
  const { overlayRef, isCovering } = useCoveringOverlay(open);
  const opener = useRef<{ element: Element | null; card: number }>({ element: null, card: -1 });

  const leave = () => {
    onOpenChange(false);
    const isStarting = progress.syncId === null && startError === null;
    if (isStarting || progress.isRunning) onBackground?.();
  };

  return (
    <Dialog.Root open={open} onOpenChange={(isOpen) => (isOpen ? onOpenChange(true) : leave())}>
      <Dialog.Portal container={container}>
        {isCovering && <Dialog.Overlay ref={overlayRef} className={cx("sp-overlay", classNames.overlay)} />}
        <Dialog.Content
          {...props}
          ref={contentRef}
          className={cx("sp-dialog", classNames.content, className)}
          onOpenAutoFocus={(event) => {
            // The dialog itself, so that its headline is read and no button is pressed by accident.
            event.preventDefault();
            const active = content.current?.ownerDocument.activeElement ?? null;
            opener.current = { element: active, card: cardIndexOf(active) };
            content.current?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus(opener.current.element, opener.current.card);
          }}
        >
          <EscapeScopeContext.Provider value={content}>
            <ProgressDisplay
              {...{ state: progress, wording, autoClose, classNames, onSignIn, onRetried, onRestart }}
              // The focus loop of the dialog does not scroll to the element that it focuses.
              onFocus={({ target }) => target.scrollIntoView?.({ block: "nearest" })}
              onBackground={leave}
              onClose={leave}
            >
              <div className="sp-body">
                <Dialog.Title asChild>
                  <SyncProgress.Title />
                </Dialog.Title>
                <Dialog.Description asChild>
                  <SyncProgress.Stage />
                </Dialog.Description>
                <SyncProgress.Bar />
                <SyncProgress.Phases />
                <div className="sp-figures">
                  <SyncProgress.Stats />
                  <SyncProgress.Eta />
                </div>
                <SyncProgress.CurrentItem />
                <SyncProgress.ConnectionNotice />
                <SyncProgress.Error />
                <SyncProgress.Failures />
                <SyncProgress.NotifyEmail />
                {children}
              </div>
              <SyncProgress.AutoClose />
              <SyncProgress.Actions />
            </ProgressDisplay>
          </EscapeScopeContext.Provider>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
});
