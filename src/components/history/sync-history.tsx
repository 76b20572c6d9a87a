import { type ComponentPropsWithoutRef, forwardRef, useCallback, useEffect, useId, useMemo, useState } from "react";
import { type SyncClientSource, useSyncClient } from "../../react/sync-provider.js";
import { useIntegrations } from "../../react/use-integrations.js";
import { useLatest } from "../../react/use-latest.js";
import { type SyncHistoryFilter, type UseSyncHistoryOptions, useSyncHistory } from "../../react/use-sync-history.js";
import { announcer } from "../announcer/announcer.js";
import { ProgressButton } from "../progress/progress-button.js";
import { cx } from "../shared/part.js";
import { useWording, type WordingProps } from "../wording/use-wording.js";
import { HistoryContext, type HistoryContextValue, type SyncHistoryClassNames } from "./history-context.js";
import { HistoryFilters } from "./history-filters.js";
import { HistoryList } from "./history-list.js";

/** Props of `SyncHistory`: its own, and those of its `section`. */
export interface SyncHistoryProps
  extends Omit<ComponentPropsWithoutRef<"section">, "children">,
    SyncClientSource,
    Pick<UseSyncHistoryOptions, "pageSize">,
    WordingProps {
  /** The filter that it begins with. Default everything. */
  readonly defaultFilter?: SyncHistoryFilter | undefined;
  /** The person has chosen another filter. */
  readonly onFilterChange?: ((filter: SyncHistoryFilter) => void) | undefined;
  /** The level of the heading. Default 2. */
  readonly headingLevel?: 2 | 3 | 4 | 5 | 6 | undefined;
  /** The person wants to see the progress of a sync that runs; without it the button is not offered. */
  readonly onShowProgress?: ((syncId: string) => void) | undefined;
  /** Class names added to the built-in ones. */
  readonly classNames?: SyncHistoryClassNames | undefined;
}

const NO_CLASS_NAMES: SyncHistoryClassNames = {};
const EVERYTHING: SyncHistoryFilter = {};
const NOTHING_OPENED: ReadonlySet<string> = new Set();

/**
 * The syncs of the signed-in person, newest first: result, time, duration, counts, who started them; those that run, live.
 * Filtered by integration and result; each can be run again, and its failed items be searched, copied and saved. A long
 * list is rendered as far as it is in sight.
 *
 * @example
 * <SyncHistory onShowProgress={setSyncId} />
 */
export const SyncHistory = forwardRef<HTMLElement, SyncHistoryProps>(function SyncHistory(
  {
    client: clientProp,
    baseUrl,
    pageSize,
    labels: labelOverrides,
    locale,
    defaultFilter = EVERYTHING,
    onFilterChange,
    headingLevel = 2,
    onShowProgress,
    classNames = NO_CLASS_NAMES,
    className,
    ...props
  },
  ref,
) {
  const client = useSyncClient({ client: clientProp, baseUrl });
  const [filter, setFilter] = useState(defaultFilter);
  const { syncs, isLoading, hasMore, error, isSupported, loadMore } = useSyncHistory({ client, filter, pageSize });
  const { integrations } = useIntegrations({ client });
  const wording = useWording({ labels: labelOverrides, locale });
  const { labels, format, lang, dir } = wording;
  const announce = useHistoryAnnouncements(lang);
  const titleId = useId();
  const [opened, setOpened] = useState(NOTHING_OPENED);

  const context = useMemo((): HistoryContextValue => {
    const names = new Map(integrations.map(({ type, name }) => [type, name]));
    return {
      ...wording,
      client,
      wordingProps: { labels: labelOverrides, locale },
      classNames,
      nameOf: (type) => names.get(type) ?? (type || wording.labels.unnamed),
      announce,
      opened,
      toggle: (syncId) => setOpened((latest) => toggled(latest, syncId)),
      onShowProgress,
    };
  }, [wording, client, labelOverrides, locale, classNames, integrations, announce, opened, onShowProgress]);

  const isFiltered = filter.type !== undefined || (filter.result ?? []).length > 0;
  const status = !isSupported
    ? labels.historyUnsupported
    : error !== null
      ? labels.historyError
      : syncs.length > 0
        ? null
        : isLoading
          ? labels.historyLoading
          : isFiltered
            ? labels.historyNoMatch
            : labels.historyEmpty;
  const found = status ?? (filter === defaultFilter ? null : labels.historyFound(syncs.length, hasMore, format));
  useStatusAnnouncement(isLoading ? null : found, error !== null, announce);

  const Heading = `h${headingLevel}` as const;
  return (
    <HistoryContext.Provider value={context}>
      <section
        className={cx("sp-history", classNames.root, className)}
        lang={lang}
        aria-labelledby={titleId}
        data-busy={isLoading || undefined}
        {...props}
        ref={ref}
      >
        <div className="sp-history-top">
          <Heading id={titleId} className={cx("sp-all-title", classNames.title)}>
            <bdi>{labels.history}</bdi>
          </Heading>
          {isSupported && (
            <HistoryFilters
              filter={filter}
              integrations={integrations}
              onChange={(chosen) => {
                setFilter(chosen);
                onFilterChange?.(chosen);
              }}
            />
          )}
        </div>
        {syncs.length > 0 && (
          <HistoryList
            syncs={syncs}
            hasMore={hasMore}
            onNearEnd={error === null ? loadMore : ignore}
            labelledBy={titleId}
          />
        )}
        {status !== null && (
          <p className="sp-history-notice">
            <bdi dir={dir}>{status}</bdi>
          </p>
        )}
        {hasMore && (
          <div>
            <ProgressButton
              classNames={classNames}
              content={error === null ? labels.showMore : labels.tryAgain}
              // Not `disabled`, which would drop the focus.
              aria-disabled={isLoading || undefined}
              onClick={() => !isLoading && loadMore()}
            />
          </div>
        )}
      </section>
    </HistoryContext.Provider>
  );
});

/** A function, always the same, that announces what was done in the history. */
function useHistoryAnnouncements(lang: string | undefined): HistoryContextValue["announce"] {
  const [display] = useState(() => ({}));
  useEffect(() => announcer.attach(display), [display]);
  const latest = useLatest(lang);
  return useCallback(
    (about, text, politeness = "polite") => {
      const announcement = { topic: "history", about, text, lang: latest.current };
      if (politeness === "assertive") announcer.alert(announcement);
      else announcer.say({ ...announcement, isOutcome: false, displays: [display] });
    },
    [display, latest],
  );
}

/** Announces what another filter has found, or why nothing is there. */
function useStatusAnnouncement(
  status: string | null,
  isError: boolean,
  announce: HistoryContextValue["announce"],
): void {
  useEffect(() => {
    if (status !== null) announce(`status:${status}`, status, isError ? "assertive" : "polite");
  }, [status, isError, announce]);
}

function toggled(opened: ReadonlySet<string>, syncId: string): ReadonlySet<string> {
  const next = new Set(opened);
  if (!next.delete(syncId)) next.add(syncId);
  return next;
}

function ignore(): void {}
