import { type ComponentPropsWithoutRef, forwardRef, useId, useState } from "react";
import type { Integration, IntegrationStatus } from "../protocol/integration.js";
import { type SyncClientSource, useSyncClient } from "../react/sync-provider.js";
import { useStartSync } from "../react/use-start-sync.js";
import { type SyncProgressState, useSyncProgress } from "../react/use-sync-progress.js";
import { CardMenu, type CardMenuItem } from "./card-menu.js";
import { cx } from "./class-names.js";
import { WarningIcon } from "./icons.js";
import type { Formatter } from "./labels/formatter.js";
import type { SyncLabels } from "./labels/sync-labels.js";
import { ProgressAnnouncer } from "./progress-announcer.js";
import { CARD_ATTRIBUTE } from "./return-focus.js";
import { SyncProgress } from "./sync-progress.js";
import { SyncProgressModal, type SyncProgressModalProps } from "./sync-progress-modal.js";
import { useNow } from "./use-now.js";
import { useWording, type Wording } from "./use-wording.js";

/** The elements of a card that take a class name of their own. */
export type IntegrationCardPart =
  | "root"
  | "logo"
  | "name"
  | "status"
  | "description"
  | "progress"
  | "bar"
  /** The filled part of the bar. */
  | "barFill"
  | "detail"
  /** The button that shows what failed in the last sync. */
  | "problems"
  | "mainButton"
  | "menuButton"
  | "menu"
  | "menuItem";

/** Props of `IntegrationCard`: its own, and those of its `li`. */
export interface IntegrationCardProps
  extends Omit<ComponentPropsWithoutRef<"li">, "onError">,
    SyncClientSource,
    Wording {
  /** What the card is about, as `useIntegrations` answers it. */
  readonly integration: Integration;
  /** The level of the card's heading. Default 3. */
  readonly headingLevel?: 2 | 3 | 4 | 5 | 6;
  /** The person wants to connect the source for the first time; without it the button is not offered. */
  readonly onConnect?: ((integration: Integration) => void) | undefined;
  /** The person wants to renew an expired access; without it the button is not offered. */
  readonly onReconnect?: ((integration: Integration) => void) | undefined;
  /**
   * The person wants to see the progress (`null` while the sync is being started). Without it the card opens a
   * `SyncProgressModal` of its own.
   */
  readonly onShowProgress?: ((syncId: string | null) => void) | undefined;
  /** What the card's own modal is given beyond what it needs. */
  readonly modal?: Partial<Omit<SyncProgressModalProps, "syncId" | "open" | "onOpenChange">> | undefined;
  /** Entries of the application at the end of the card's menu. */
  readonly menuItems?: readonly CardMenuItem[] | undefined;
  /** Class names added to the built-in ones; those of the card's modal go into `modal`. */
  readonly classNames?: Readonly<Partial<Record<IntegrationCardPart, string | undefined>>> | undefined;
}

/**
 * An integration with its state, its last sync, one main button and a menu; while it syncs, with its progress. A list
 * item: put cards in a list.
 *
 * @example
 * <ul>{integrations.map((one) => <IntegrationCard key={one.type} integration={one} />)}</ul>
 */
export const IntegrationCard = forwardRef<HTMLLIElement, IntegrationCardProps>(function IntegrationCard(
  {
    integration,
    headingLevel = 3,
    labels: labelOverrides,
    locale,
    client: clientProp,
    baseUrl,
    onConnect,
    onReconnect,
    onShowProgress,
    modal = {},
    menuItems = [],
    classNames = {},
    className,
    ...props
  },
  ref,
) {
  const client = useSyncClient({ client: clientProp, baseUrl });
  const { labels, format, lang } = useWording({ labels: labelOverrides, locale });
  const headingId = useId();
  const starter = useStartSync(integration.type, { client });
  const [retriedId, setRetriedId] = useState<string | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  // What was started here is newer than what the list of integrations knows.
  const syncId = retriedId ?? starter.syncId ?? (starter.isStarting ? null : integration.activeSyncId);
  const state = useSyncProgress(syncId, { client, autoClose: false });
  const status = starter.isStarting ? "syncing" : statusOf(integration, state);
  const now = useNow(integration.lastSyncAt !== null && status !== "syncing");

  const showProgress = (id: string | null) => {
    if (onShowProgress === undefined) setIsOpen(true);
    else onShowProgress(id);
  };
  const start = (options: { readonly fullSync?: boolean } = {}) => {
    setRetriedId(null);
    // Before the answer: whoever presses a button sees at once that something happens.
    showProgress(null);
    starter.start(options).then(
      (id) => onShowProgress?.(id),
      () => {},
    );
  };

  const main = mainAction(status, labels, {
    start: () => start(),
    show: () => showProgress(syncId),
    connect: onConnect === undefined ? undefined : () => onConnect(integration),
    reconnect: onReconnect === undefined ? undefined : () => onReconnect(integration),
  });
  const entries = [
    ...(status === "connected" || status === "error"
      ? [{ label: labels.syncEverything, onSelect: () => start({ fullSync: true }) }]
      : []),
    ...runningEntries(status, state, labels),
    ...menuItems,
  ];

  const Heading = `h${headingLevel}` as const;
  const isSyncing = (status === "syncing" || status === "paused") && syncId !== null;
  const detail = detailOf(integration, status, state, labels, format, () =>
    integration.lastSyncAt === null
      ? labels.neverSynced
      : labels.lastSynced(integration.lastSyncAt, now, integration.totalItemsSynced, format),
  );
  return (
    <li
      className={cx("sp-card", classNames.root, className)}
      lang={lang}
      data-status={status}
      aria-labelledby={headingId}
      {...{ [CARD_ATTRIBUTE]: integration.type }}
      {...props}
      ref={ref}
    >
      <div className="sp-card-head">
        {integration.icon !== null && (
          <img className={cx("sp-card-logo", classNames.logo)} src={integration.icon} alt="" width={40} height={40} />
        )}
        <div className="sp-card-words">
          <Heading id={headingId} className={cx("sp-card-name", classNames.name)}>
            <bdi>{integration.name}</bdi>
          </Heading>
          <p className={cx("sp-card-status", classNames.status)}>
            <span className="sp-card-dot" aria-hidden="true" />
            <bdi>{labels.cardStatus[status]}</bdi>
          </p>
        </div>
        <CardMenu label={labels.moreActions(integration.name)} items={entries} classNames={classNames} />
      </div>
      {integration.description !== "" && (
        <p className={cx("sp-card-description", classNames.description)}>
          <bdi>{integration.description}</bdi>
        </p>
      )}
      {isSyncing && (
        <SyncProgress.Root
          className={cx("sp-card-progress", classNames.progress)}
          classNames={{ bar: classNames.bar, barFill: classNames.barFill }}
          state={state}
          name={integration.name}
          labels={labelOverrides}
          locale={locale}
          announce={false}
        >
          <SyncProgress.Bar />
          <SyncProgress.ConnectionNotice />
        </SyncProgress.Root>
      )}
      <div className="sp-card-foot">
        {/* Ages differ between the server's clock and the browser's. */}
        <p className={cx("sp-card-detail", classNames.detail)} suppressHydrationWarning>
          {detail === "" ? null : <bdi suppressHydrationWarning>{detail}</bdi>}
        </p>
        {state.status === "complete" && state.failedItems > 0 && (
          <button
            type="button"
            className={cx("sp-button", "sp-button-quiet", "sp-card-problems", classNames.problems)}
            onClick={() => showProgress(syncId)}
          >
            <WarningIcon />
            <bdi>{labels.failuresTitle(state.failedItems, format)}</bdi>
          </button>
        )}
        {main !== null && (
          <button
            type="button"
            className={cx("sp-button", "sp-button-main", classNames.mainButton)}
            aria-describedby={headingId}
            aria-disabled={main.isBusy || undefined}
            onClick={() => !main.isBusy && main.act()}
          >
            {main.label}
          </button>
        )}
      </div>
      {onShowProgress !== undefined ? (
        <ProgressAnnouncer
          state={state}
          name={integration.name}
          labels={labelOverrides}
          locale={locale}
          says="outcome"
        />
      ) : (
        <SyncProgressModal
          name={integration.name}
          labels={labelOverrides}
          locale={locale}
          {...modal}
          client={client}
          syncId={syncId}
          open={isOpen}
          onOpenChange={setIsOpen}
          startError={starter.error?.message ?? null}
          onRestart={() => start()}
          onRetried={(id) => {
            setRetriedId(id);
            modal.onRetried?.(id);
          }}
        />
      )}
    </li>
  );
});

/** What the card shows: the running sync knows better than the list that was loaded before it. */
function statusOf(integration: Integration, state: SyncProgressState): IntegrationStatus {
  if (state.syncId === null || state.error?.kind === "not-found") return withoutSync(integration);
  if (state.isTerminal) {
    if (integration.status !== "syncing" && integration.status !== "paused") return integration.status;
    return state.status === "error" ? "error" : "connected";
  }
  return state.status === "paused" ? "paused" : "syncing";
}

function withoutSync({ status, activeSyncId }: Integration): IntegrationStatus {
  return (status === "syncing" || status === "paused") && activeSyncId === null ? "connected" : status;
}

function mainAction(
  status: IntegrationStatus,
  labels: SyncLabels,
  acts: { start: () => void; show: () => void; connect: (() => void) | undefined; reconnect: (() => void) | undefined },
): { readonly label: string; readonly act: () => void; readonly isBusy: boolean } | null {
  const action = (label: string, act: (() => void) | undefined) =>
    act === undefined ? null : { label, act, isBusy: false };
  switch (status) {
    case "not_connected":
      return action(labels.connect, acts.connect);
    case "connecting":
      return { label: labels.cardStatus.connecting, act: () => {}, isBusy: true };
    case "needs_reauth":
      return action(labels.reconnect, acts.reconnect);
    case "connected":
      return action(labels.syncNow, acts.start);
    case "error":
      return action(labels.tryAgain, acts.start);
    default:
      return action(labels.showProgress, acts.show);
  }
}

function runningEntries(status: IntegrationStatus, state: SyncProgressState, labels: SyncLabels): CardMenuItem[] {
  const command = (label: string, give: () => Promise<void>) => ({
    label,
    // A refusal shows by the state that follows it.
    onSelect: () => void give().catch(() => {}),
  });
  if (state.syncId === null) return [];
  if (status === "syncing") return [command(labels.pause, state.pause), command(labels.cancelSync, state.cancel)];
  return status === "paused" ? [command(labels.resume, state.resume), command(labels.cancelSync, state.cancel)] : [];
}

function detailOf(
  { errorMessage }: Integration,
  status: IntegrationStatus,
  state: SyncProgressState,
  labels: SyncLabels,
  format: Formatter,
  lastSync: () => string,
): string {
  switch (status) {
    case "syncing":
      return state.stage || labels.stages[state.status === "queued" ? "queued" : "connecting"];
    case "paused":
      return labels.pausedAt(state.processedItems + state.failedItems, state.totalItems, format);
    case "error":
      return (state.isTerminal ? state.error?.message : null) || errorMessage || labels.failedBody;
    case "not_connected":
    case "connecting":
      return "";
    default:
      return lastSync();
  }
}
