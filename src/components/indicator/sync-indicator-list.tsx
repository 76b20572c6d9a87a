import { type ComponentPropsWithoutRef, forwardRef, type ReactNode, useMemo } from "react";
import type { SyncView } from "../../client/sync-view.js";
import type { Integration } from "../../protocol/integration.js";
import { type SyncClientSource, useSyncClient } from "../../react/sync-provider.js";
import { useEndsAnnouncements } from "../announcer/use-ends-announcements.js";
import { describeSyncs } from "../wording/describe-syncs.js";
import { useNow } from "../wording/use-now.js";
import { useWording, type WordingProps } from "../wording/use-wording.js";
import type { SyncIndicatorClassNames } from "./indicator-parts.js";
import { IndicatorRegion, type SyncIndicatorPosition } from "./indicator-region.js";
import { useDescribedSync } from "./use-described-sync.js";
import { useOpenState } from "./use-open-state.js";

/** What both forms of the indicator take, beside the props of their `section`. */
export interface SyncIndicatorOptions
  extends Omit<ComponentPropsWithoutRef<"section">, "children" | "onError">,
    SyncClientSource,
    WordingProps {
  /**
   * In a corner of the window, or `"inline"`, in the flow of the page. Default `"bottom-end"`. On narrow screens a corner
   * takes its height at the place of the component as well, so that nothing of the page stays under it: render it at the
   * end of the page for a bottom corner, at its beginning for a top one.
   */
  readonly position?: SyncIndicatorPosition | undefined;
  /** The integrations, for their display names: what `useIntegrations` returns. Default the syncs' connector types. */
  readonly integrations?: readonly Integration[] | undefined;
  /** How many syncs the open list shows at most; what failed comes first. Default 20. */
  readonly maxRows?: number | undefined;
  /**
   * The key that moves the focus to the indicator and back, as in `KeyboardEvent.key`; `null` for none. Default `"F6"`,
   * which moves through the panes of a window by convention.
   */
  readonly hotKey?: string | null | undefined;
  /** Whether the list is open; without it the indicator opens and closes by itself. */
  readonly open?: boolean | undefined;
  /** Whether the list is open at first. Default false. */
  readonly defaultOpen?: boolean | undefined;
  /** The person has opened or closed the list. */
  readonly onOpenChange?: ((open: boolean) => void) | undefined;
  /** The person wants to sign in again; without it that is not offered. */
  readonly onSignIn?: (() => void) | undefined;
  /** More to show at the end of the open list. */
  readonly children?: ReactNode;
  /** Class names added to the built-in ones. */
  readonly classNames?: SyncIndicatorClassNames | undefined;
}

/** Props of `SyncIndicatorList`: its own, and those of its `section`. */
export interface SyncIndicatorListProps extends SyncIndicatorOptions {
  /** What to show, in this order: the `syncs` of `useActiveSyncs`. Nothing is rendered without any. */
  readonly syncs: readonly SyncView[];
  /** The person wants to see all of a sync. */
  readonly onShow: (syncId: string) => void;
  /** The person wants a sync that has ended off the list. */
  readonly onDismiss: (syncId: string) => void;
}

const DEFAULT_MAX_ROWS = 20;
const NO_CLASS_NAMES: SyncIndicatorClassNames = {};

/**
 * The indicator of {@link SyncIndicator}, driven by a list of views alone: for syncs that the application chooses itself.
 *
 * @example
 * const { syncs, dismiss } = useActiveSyncs();
 * <SyncIndicatorList syncs={syncs} onShow={setShownId} onDismiss={dismiss} />
 */
export const SyncIndicatorList = forwardRef<HTMLElement, SyncIndicatorListProps>(function SyncIndicatorList(
  {
    syncs,
    client: clientProp,
    baseUrl,
    labels: labelOverrides,
    locale,
    position = "bottom-end",
    integrations,
    maxRows = DEFAULT_MAX_ROWS,
    hotKey = "F6",
    open,
    defaultOpen = false,
    onOpenChange,
    classNames = NO_CLASS_NAMES,
    ...props
  },
  ref,
) {
  const client = useSyncClient({ client: clientProp, baseUrl });
  const wording = useWording({ labels: labelOverrides, locale });
  const { labels, format } = wording;
  const [isOpen, setIsOpen] = useOpenState(syncs.length > 0, open, defaultOpen, onOpenChange);
  const now = useNow(syncs.some(({ connection }) => connection === "reconnecting"));
  const text = useMemo(() => describeSyncs(syncs, labels, format, now), [syncs, labels, format, now]);

  const { nameOf, describe } = useDescribedSync(client, integrations, wording);
  useEndsAnnouncements({ ...wording, syncs, text, describe, isOpen });

  if (syncs.length === 0) return null;
  return (
    <IndicatorRegion
      {...{ syncs, text, wording, nameOf, client, position, maxRows, hotKey, isOpen, classNames }}
      rowWording={{ labels: labelOverrides, locale }}
      onOpenChange={setIsOpen}
      {...props}
      ref={ref}
    />
  );
});
