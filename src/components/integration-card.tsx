import { type ComponentPropsWithoutRef, forwardRef, useId, useState } from "react";
import type { Integration } from "../protocol/integration.js";
import { type SyncClientSource, useSyncClient } from "../react/sync-provider.js";
import { useStartSync } from "../react/use-start-sync.js";
import { useSyncProgress } from "../react/use-sync-progress.js";
import { CancelQuestion } from "./cancel-question.js";
import { CardMenu, type CardMenuItem } from "./card-menu.js";
import { cx } from "./class-names.js";
import { type CardAction, describeCard, isSameIntegration } from "./describe-card.js";
import { WarningIcon } from "./icons.js";
import { ProgressAnnouncer } from "./progress-announcer.js";
import { CARD_ATTRIBUTE } from "./return-focus.js";
import { SyncProgress } from "./sync-progress.js";
import { SyncProgressModal, type SyncProgressModalProps } from "./sync-progress-modal.js";
import { useCancelQuestion } from "./use-cancel-question.js";
import { useFocusRecovery } from "./use-focus-recovery.js";
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
  /** The two buttons of the question before a cancel. */
  | "button"
  | "dangerButton"
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
    onFocus,
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
  const [ended, setEnded] = useState<{ readonly syncId: string; readonly before: Integration | null } | null>(null);
  // What was started here is newer than what the list of integrations knows, until it has ended.
  const ownId = retriedId ?? starter.syncId;
  const isOver = ownId === null || (ownId === ended?.syncId && integration.activeSyncId !== null);
  const knownId = isOver ? integration.activeSyncId : ownId;
  const syncId = starter.isStarting ? null : knownId;
  const state = useSyncProgress(syncId, {
    client,
    autoClose: false,
    onSettled: ({ syncId: endedId, initial }) => setEnded({ syncId: endedId, before: initial ? null : integration }),
  });
  const before = ended?.syncId === syncId ? ended.before : null;
  const isListOlder = before !== null && isSameIntegration(before, integration);
  const now = useNow(!state.isRunning, isListOlder ? state.completedAt : integration.lastSyncAt);
  const { status, detail, main } = describeCard(
    { integration, state, isStarting: starter.isStarting, isListOlder },
    labels,
    format,
    now,
  );

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

  const acts: Readonly<Record<CardAction, (() => void) | null>> = {
    start: () => start(),
    show: () => showProgress(syncId),
    connect: onConnect === undefined ? null : () => onConnect(integration),
    reconnect: onReconnect === undefined ? null : () => onReconnect(integration),
  };
  const isOffered = main.action === null || acts[main.action] !== null;

  const question = useCancelQuestion(state, () => hasWorked(state.cancel()));
  const followFocus = useFocusRecovery("[data-main-action]");

  const isSyncing = (status === "syncing" || status === "paused") && syncId !== null;
  const entries: CardMenuItem[] = [];
  // A refusal shows by the state that follows it.
  const offer = (label: string, give: () => Promise<void>) =>
    entries.push({ label, onSelect: () => void hasWorked(give()) });
  if (status === "paused") offer(labels.resume, state.resume);
  // What waits in the queue has nothing to hold yet.
  else if (isSyncing && state.status !== null && state.status !== "queued") offer(labels.pause, state.pause);
  if (isSyncing) entries.push({ label: labels.cancelSync, onSelect: question.ask });
  if (main.action === "start")
    entries.push({ label: labels.syncEverything, onSelect: () => start({ fullSync: true }) });
  entries.push(...menuItems);

  const Heading = `h${headingLevel}` as const;
  return (
    <li
      className={cx("sp-card", classNames.root, className)}
      lang={lang}
      data-status={status}
      aria-labelledby={headingId}
      {...{ [CARD_ATTRIBUTE]: integration.type }}
      onFocus={(event) => {
        followFocus(event);
        onFocus?.(event);
      }}
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
      {question.cancelQuestion !== "closed" ? (
        <CancelQuestion
          question={labels.cancelQuestion(integration.name)}
          labels={labels}
          isBusy={question.cancelQuestion === "answered"}
          onAnswer={question.answer}
          className="sp-actions"
          classNames={classNames}
        />
      ) : (
        <div className="sp-card-foot">
          <div className="sp-card-facts">
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
          </div>
          {isOffered && (
            <button
              type="button"
              className={cx("sp-button", "sp-button-main", classNames.mainButton)}
              aria-describedby={headingId}
              aria-disabled={main.action === null || undefined}
              data-main-action=""
              onClick={() => main.action !== null && acts[main.action]?.()}
            >
              <bdi>{main.label}</bdi>
            </button>
          )}
        </div>
      )}
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

/** Whether a command was carried out; a refusal is no error of the page. */
function hasWorked(command: Promise<void>): Promise<boolean> {
  return command.then(
    () => true,
    () => false,
  );
}
