import { type ComponentPropsWithoutRef, type CSSProperties, forwardRef, useId, useRef } from "react";
import type { SyncView } from "../../client/sync-view.js";
import { CARD_ATTRIBUTE, returnFocus } from "../modal/return-focus.js";
import { EscapeScopeContext } from "../shared/escape-layers.js";
import { chain, cx } from "../shared/part.js";
import { useFocusRecovery } from "../shared/use-focus-recovery.js";
import { useIsomorphicLayoutEffect } from "../shared/use-isomorphic-layout-effect.js";
import { useMergedRef } from "../shared/use-merged-ref.js";
import type { SyncsText } from "../wording/describe-syncs.js";
import type { Wording } from "../wording/use-wording.js";
import { IndicatorPanel } from "./indicator-panel.js";
import type { IndicatorRowOptions } from "./indicator-row.js";
import { IndicatorToggle } from "./indicator-toggle.js";
import { useRegionKey } from "./use-region-key.js";
import { useSteppingAside } from "./use-stepping-aside.js";
import { useViewportInsets } from "./use-viewport-insets.js";

/** In a corner of the window, or `"inline"`: in the flow of the page. */
export type SyncIndicatorPosition = "bottom-end" | "bottom-start" | "top-end" | "top-start" | "inline";

interface IndicatorRegionProps
  extends ComponentPropsWithoutRef<"section">,
    Omit<IndicatorRowOptions, "labels" | "locale"> {
  readonly syncs: readonly SyncView[];
  readonly text: SyncsText;
  readonly wording: Wording;
  readonly rowWording: Pick<IndicatorRowOptions, "labels" | "locale">;
  readonly nameOf: (view: SyncView) => string | undefined;
  readonly position: SyncIndicatorPosition;
  readonly maxRows: number;
  readonly hotKey: string | null;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

const TOGGLE = ".sp-indicator-toggle";

/** The landmark of the indicator, as long as there is a sync to show. */
export const IndicatorRegion = forwardRef<HTMLElement, IndicatorRegionProps>(function IndicatorRegion(
  {
    syncs,
    text,
    wording,
    rowWording,
    nameOf,
    client,
    position,
    maxRows,
    hotKey,
    isOpen,
    onOpenChange,
    classNames,
    onShow,
    onDismiss,
    onSignIn,
    className,
    style,
    onFocus,
    children,
    ...props
  },
  ref,
) {
  const panelId = useId();
  const root = useRef<HTMLElement>(null);
  const rootRef = useMergedRef(ref, root);
  const followFocus = useFocusRecovery(".sp-indicator-name", TOGGLE);
  const isFloating = position !== "inline";
  const insets = useViewportInsets(isFloating);
  const isAside = useSteppingAside(root, isFloating);
  useRegionKey(root, TOGGLE, hotKey);
  useFocusReturn(root);
  const close = () => {
    onOpenChange(false);
    root.current?.querySelector<HTMLElement>(TOGGLE)?.focus();
  };

  const covered: CSSProperties & Record<`--_${string}`, string> = {
    "--_covered-start": `${insets.top}px`,
    "--_covered-end": `${insets.bottom}px`,
  };
  return (
    <EscapeScopeContext.Provider value={root}>
      <section
        aria-label={wording.labels.syncs}
        lang={wording.lang}
        className={cx("sp-indicator", classNames.root, className)}
        data-position={position}
        data-state={isOpen ? "open" : "closed"}
        data-kind={text.kind}
        data-aside={isAside || undefined}
        style={isFloating ? { ...covered, ...style } : style}
        {...{ [CARD_ATTRIBUTE]: "" }}
        onFocus={chain(onFocus, followFocus)}
        {...props}
        ref={rootRef}
      >
        <IndicatorToggle
          {...{ text, isOpen, hotKey }}
          format={wording.format}
          controls={panelId}
          className={classNames.toggle}
          onToggle={() => onOpenChange(!isOpen)}
        />
        {isOpen && (
          <IndicatorPanel
            {...{ syncs, text, wording, nameOf, client, maxRows, classNames, onShow, onDismiss, onSignIn }}
            {...rowWording}
            id={panelId}
            onClose={close}
          >
            {children}
          </IndicatorPanel>
        )}
      </section>
      {isFloating && <div className="sp-indicator-space" aria-hidden="true" />}
    </EscapeScopeContext.Provider>
  );
});

/** The focus must not be lost with the region: when its last sync is gone, it goes to a card or the page's main part. */
function useFocusReturn(root: { readonly current: HTMLElement | null }): void {
  useIsomorphicLayoutEffect(
    () => () => {
      const region = root.current;
      if (region === null || !region.contains(region.ownerDocument.activeElement)) return;
      queueMicrotask(() => {
        if (!region.isConnected) returnFocus(region, -1);
      });
    },
    [root],
  );
}
