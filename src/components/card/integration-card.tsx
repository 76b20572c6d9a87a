import { type ComponentPropsWithoutRef, forwardRef, useId, useRef, useState } from "react";
import type { SyncRequestError } from "../../client/sync-request.js";
import type { Integration } from "../../protocol/integration.js";
import { type SyncClientSource, useSyncClient } from "../../react/sync-provider.js";
import { AUTO_CLOSE_OFF } from "../../react/use-auto-close.js";
import type { SettledCallbacks } from "../../react/use-settled-callbacks.js";
import { useAnnouncements } from "../announcer/use-announcements.js";
import { CARD_ATTRIBUTE } from "../modal/return-focus.js";
import { CancelQuestion } from "../progress/cancel-question.js";
import { ProgressDisplay } from "../progress/progress-display.js";
import { SyncProgress } from "../progress/sync-progress.js";
import { EscapeScopeContext } from "../shared/escape-layers.js";
import { WarningIcon } from "../shared/icons.js";
import { chain, cx } from "../shared/part.js";
import { useFocusRecovery } from "../shared/use-focus-recovery.js";
import { useMergedRef } from "../shared/use-merged-ref.js";
import { type CardAction, describeCard } from "../wording/describe-card.js";
import { startErrorText } from "../wording/start-error.js";
import { useNow } from "../wording/use-now.js";
import { useProgressWording } from "../wording/use-progress-wording.js";
import type { WordingProps } from "../wording/use-wording.js";
import { CardDialog, type CardModalProps } from "./card-dialog.js";
import { CardMenu, type CardMenuEntry, type CardMenuItem } from "./card-menu.js";
import { useCardCommands } from "./use-card-commands.js";
import { useCardSync } from "./use-card-sync.js";

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
  extends Omit<ComponentPropsWithoutRef<"li">, "onError" | "children">,
    SyncClientSource,
    SettledCallbacks,
    WordingProps {
  /** The integration to show, as `useIntegrations` returns it. */
  readonly integration: Integration;
  /** The level of the card's heading. Default 3. */
  readonly headingLevel?: 2 | 3 | 4 | 5 | 6 | undefined;
  /** The person wants to connect the source for the first time; without it the button is not offered. */
  readonly onConnect?: ((integration: Integration) => void) | undefined;
  /** The person wants to renew an expired access; without it the button is not offered. */
  readonly onReauthorize?: ((integration: Integration) => void) | undefined;
  /**
   * The person wants to see the progress (`null` while the sync is being started). Without it the card opens a
   * `SyncProgressModal` of its own.
   */
  readonly onShowProgress?: ((syncId: string | null) => void) | undefined;
  /** A sync could not be started. The card says why, and so does its own modal. */
  readonly onStartError?: ((error: SyncRequestError) => void) | undefined;
  /** What the card's own modal is given beyond what it needs: looks, words, handlers of its actions. */
  readonly modal?: CardModalProps | undefined;
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
export const IntegrationCard = forwardRef<HTMLLIElement, IntegrationCardProps>(function IntegrationCard(props, ref) {
  // The state of one integration must not be kept for another.
  return <Card key={props.integration.type} {...props} ref={ref} />;
});

const Card = forwardRef<HTMLLIElement, IntegrationCardProps>(function Card(
  {
    integration,
    headingLevel = 3,
    labels: labelOverrides,
    locale,
    client: clientProp,
    baseUrl,
    onConnect,
    onReauthorize,
    onShowProgress,
    onStartError,
    onComplete,
    onError,
    onCancelled,
    onSettled,
    modal = {},
    menuItems = [],
    classNames = {},
    className,
    onFocus,
    ...props
  },
  ref,
) {
  const { name } = integration;
  const client = useSyncClient({ client: clientProp, baseUrl });
  const headingId = useId();
  const [isOpen, setIsOpen] = useState(false);
  const sync = useCardSync(integration, client, { onComplete, onError, onCancelled, onSettled });
  const { state, isStarting, isListOlder, startError } = sync;
  // One for all that shows the sync: the card, its announcements and its modal.
  const wordingProps = { name, labels: labelOverrides, locale };
  const wording = useProgressWording({ ...wordingProps, state, startError });
  const { labels, format, lang, dir } = wording;
  // The card's own modal announces, if there is one.
  useAnnouncements({ ...wording, state, autoClose: AUTO_CLOSE_OFF }, onShowProgress === undefined ? "none" : "outcome");
  const lastSyncAt = isListOlder ? state.completedAt : integration.lastSyncAt;
  const now = useNow(lastSyncAt !== null && (state.syncId === null || !state.isRunning), lastSyncAt);
  const source = { integration, state, isStarting, startError: startErrorText(startError, labels), isListOlder };
  const { status, detail, main } = describeCard(source, labels, format, now);

  const showProgress = (id: string | null) => {
    if (onShowProgress === undefined) setIsOpen(true);
    else onShowProgress(id);
  };
  const start = (options: { readonly fullSync?: boolean } = {}) => {
    // Before the response, so that the press of the button shows at once.
    showProgress(null);
    sync.start(options).then(
      (id) => onShowProgress?.(id),
      (error: SyncRequestError) => onStartError?.(error),
    );
  };

  const acts: Readonly<Record<CardAction, (() => void) | null>> = {
    start: () => start(),
    show: () => showProgress(state.syncId),
    connect: onConnect === undefined ? null : () => onConnect(integration),
    reauthorize: onReauthorize === undefined ? null : () => onReauthorize(integration),
  };
  const isOffered = main.action === null || acts[main.action] !== null;

  const { question, ...commands } = useCardCommands(state, wording);
  const followFocus = useFocusRecovery("[data-main-action]");
  const root = useRef<HTMLLIElement>(null);
  const rootRef = useMergedRef(ref, root);

  const isSyncing = (status === "syncing" || status === "paused") && state.syncId !== null;
  const entries: CardMenuEntry[] = [...commands.entries];
  if (main.action === "start")
    entries.push({ id: "full", label: labels.syncEverything, onSelect: () => start({ fullSync: true }) });
  entries.push(...menuItems.map((item, index) => ({ ...item, id: `own-${index}` })));

  const Heading = `h${headingLevel}` as const;
  return (
    <EscapeScopeContext.Provider value={root}>
      <li
        className={cx("sp-card", classNames.root, className)}
        lang={lang}
        data-status={status}
        aria-labelledby={headingId}
        {...{ [CARD_ATTRIBUTE]: integration.type }}
        onFocus={chain(onFocus, followFocus)}
        {...props}
        ref={rootRef}
      >
        <div className="sp-card-head">
          {integration.icon !== null && (
            <img className={cx("sp-card-logo", classNames.logo)} src={integration.icon} alt="" width={40} height={40} />
          )}
          <div className="sp-card-words">
            <Heading id={headingId} className={cx("sp-card-name", classNames.name)}>
              <bdi>{name}</bdi>
            </Heading>
            <p className={cx("sp-card-status", classNames.status)}>
              <span className="sp-card-dot" aria-hidden="true" />
              <bdi>{labels.cardStatus[status]}</bdi>
            </p>
          </div>
          <CardMenu label={labels.moreActions(name)} entries={entries} classNames={classNames} />
        </div>
        {integration.description !== "" && (
          <p className={cx("sp-card-description", classNames.description)}>
            <bdi>{integration.description}</bdi>
          </p>
        )}
        {isSyncing && (
          <ProgressDisplay
            className={cx("sp-card-progress", classNames.progress)}
            classNames={{ bar: classNames.bar, barFill: classNames.barFill }}
            autoClose={AUTO_CLOSE_OFF}
            {...{ state, wording }}
          >
            <SyncProgress.Bar />
            <SyncProgress.ConnectionNotice />
          </ProgressDisplay>
        )}
        {question.askedBy !== null ? (
          <CancelQuestion
            question={labels.cancelQuestion(wording.name)}
            questionDir={dir}
            control={question}
            labels={labels}
            className="sp-actions"
            classNames={classNames}
          />
        ) : (
          <div className="sp-card-foot">
            <div className="sp-card-facts">
              <p className={cx("sp-card-detail", classNames.detail)}>{detail === "" ? null : <bdi>{detail}</bdi>}</p>
              {commands.failure !== null && (
                <p className="sp-command-failed">
                  <bdi>{commands.failure}</bdi>
                </p>
              )}
              {state.status === "complete" && state.failedItems > 0 && (
                <button
                  type="button"
                  className={cx("sp-button", "sp-button-quiet", "sp-card-problems", classNames.problems)}
                  onClick={() => showProgress(state.syncId)}
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
        {onShowProgress === undefined && (
          <CardDialog
            {...{ sync, wording, wordingProps, modal, startError }}
            open={isOpen}
            onOpenChange={setIsOpen}
            onRestart={() => start()}
          />
        )}
      </li>
    </EscapeScopeContext.Provider>
  );
});
