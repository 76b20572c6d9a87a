import * as Dialog from "@radix-ui/react-dialog";
import { type ComponentPropsWithoutRef, forwardRef, type ReactNode, useEffect, useRef, useState } from "react";
import type { SyncClientSource } from "../../react/sync-provider.js";
import { useAutoClose } from "../../react/use-auto-close.js";
import type { SettledCallbacks } from "../../react/use-settled-callbacks.js";
import { useSyncProgress } from "../../react/use-sync-progress.js";
import { ProgressAnnouncer } from "../announcer/use-announcements.js";
import type { ProgressPart } from "../progress/progress-parts.js";
import type { ProgressHandlers } from "../progress/progress-root.js";
import { SyncProgress } from "../progress/sync-progress.js";
import { EscapeScopeContext } from "../shared/escape-layers.js";
import { cx } from "../shared/part.js";
import { useMergedRef } from "../shared/use-merged-ref.js";
import type { StartError } from "../wording/start-error.js";
import type { ProgressWording } from "../wording/use-description.js";
import { cardIndexOf, returnFocus } from "./return-focus.js";
import { useCoveringOverlay } from "./use-covering-overlay.js";

/** The elements of the modal that take a class name of their own. */
export type SyncProgressModalPart = ProgressPart | "overlay" | "content";

/** Props of `SyncProgressModal`: its own, and those of the dialog's `div`. */
export interface SyncProgressModalProps
  extends Omit<ComponentPropsWithoutRef<"div">, "children" | "onError">,
    SyncClientSource,
    ProgressWording,
    Pick<ProgressHandlers, "onBackground" | "onSignIn" | "onRetried" | "onRestart">,
    SettledCallbacks {
  /** The sync to show; `null` while it is being started: the modal then says that it connects. */
  readonly syncId: string | null;
  /** Whether the modal is on the screen. The sync is watched either way. */
  readonly open: boolean;
  /** Called with `false` when the modal is to be closed: by the person, or by the countdown. Never ends the sync. */
  readonly onOpenChange: (open: boolean) => void;
  /** ms from `complete` until the modal closes by itself, or `false` for never. Default 3,000. */
  readonly autoCloseMs?: number | false | undefined;
  /**
   * Why the sync could not be started: the error of `useStartSync`, of which only the server's own sentence is shown, or a
   * sentence for the person.
   */
  readonly startError?: StartError;
  /** Class names added to the built-in ones. */
  readonly classNames?: Readonly<Partial<Record<SyncProgressModalPart, string | undefined>>> | undefined;
  /** Where the modal is rendered. Default the end of the body. */
  readonly container?: HTMLElement | null | undefined;
  /** More to show above the actions, such as "Email me when it is done". */
  readonly children?: ReactNode;
}

/**
 * The progress of a sync in an accessible modal dialog that opens at once, tells the truth while it runs, and closes by
 * itself when all went well. Escape and a press outside put the sync in the background; nothing but "Cancel sync" ends
 * it. Made of `useSyncProgress` and the parts of `SyncProgress` only. Props of a `div` and the ref go to the dialog.
 *
 * @example
 * <SyncProgressModal syncId={syncId} open={open} onOpenChange={setOpen} baseUrl="/api" name="Gmail" />
 */
export const SyncProgressModal = forwardRef<HTMLDivElement, SyncProgressModalProps>(function SyncProgressModal(
  {
    syncId: givenId,
    open,
    onOpenChange,
    startError = null,
    classNames = {},
    container,
    onBackground,
    onSignIn,
    onRetried,
    onRestart,
    onComplete,
    onError,
    onCancelled,
    onSettled,
    autoCloseMs,
    name,
    labels,
    locale,
    client,
    baseUrl,
    className,
    children,
    ...props
  },
  ref,
) {
  // A retry is followed, also where the application does not take the new sync over.
  const [retried, setRetried] = useState<{ readonly of: string | null; readonly id: string } | null>(null);
  const syncId = retried !== null && retried.of === givenId ? retried.id : givenId;

  // Whoever opens the modal to see how a sync ended, or once more, is not sent away again.
  const [endedUnseen, setEndedUnseen] = useState<string | null>(null);
  const mayClose = open && (syncId === null || endedUnseen !== syncId);
  const state = useSyncProgress(syncId, {
    client,
    baseUrl,
    onComplete,
    onError,
    onCancelled,
    onSettled,
  });
  const autoClose = useAutoClose(state, {
    durationMs: mayClose ? autoCloseMs : false,
    onClose: () => onOpenChange(false),
  });
  const { isTerminal } = state;
  useEffect(() => {
    if (!open && isTerminal) setEndedUnseen(syncId);
  }, [open, isTerminal, syncId]);

  const content = useRef<HTMLDivElement>(null);
  const contentRef = useMergedRef(ref, content);
  const { overlayRef, isCovering } = useCoveringOverlay(open);
  const opener = useRef<{ element: Element | null; card: number }>({ element: null, card: -1 });

  const leave = () => {
    onOpenChange(false);
    const isStarting = syncId === null && startError === null;
    if (isStarting || state.isRunning) onBackground?.();
  };

  const described = { state, name, labels, locale, startError };
  return (
    <Dialog.Root open={open} onOpenChange={(isOpen) => (isOpen ? onOpenChange(true) : leave())}>
      {/* Outside of the dialog: whoever has put the sync in the background is told how it ends. */}
      <ProgressAnnouncer {...described} autoClose={autoClose} says={open ? "all" : "outcome"} />
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
            <SyncProgress.Root
              {...described}
              autoClose={autoClose}
              announce={false}
              classNames={classNames}
              // The focus loop of the dialog does not scroll to where it goes.
              onFocus={({ target }) => target.scrollIntoView?.({ block: "nearest" })}
              onBackground={leave}
              onClose={leave}
              onSignIn={onSignIn}
              onRetried={(id) => {
                setRetried({ of: givenId, id });
                onRetried?.(id);
              }}
              onRestart={onRestart}
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
                {children}
              </div>
              <SyncProgress.AutoClose />
              <SyncProgress.Actions />
            </SyncProgress.Root>
          </EscapeScopeContext.Provider>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
});
