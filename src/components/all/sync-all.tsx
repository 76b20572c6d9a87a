import { type ComponentPropsWithoutRef, forwardRef, useId, useRef } from "react";
import type { Integration } from "../../protocol/integration.js";
import { useSyncClient } from "../../react/sync-provider.js";
import { type UseSyncAllOptions, useSyncAll } from "../../react/use-sync-all.js";
import { CancelQuestion } from "../progress/cancel-question.js";
import { ProgressButton } from "../progress/progress-button.js";
import { EscapeScopeContext } from "../shared/escape-layers.js";
import { chain, cx } from "../shared/part.js";
import { useFocusRecovery } from "../shared/use-focus-recovery.js";
import { useMergedRef } from "../shared/use-merged-ref.js";
import { describeAll } from "../wording/describe-all.js";
import { useWording, type WordingProps } from "../wording/use-wording.js";
import { AllBar } from "./all-bar.js";
import { AllRow } from "./all-row.js";
import { useAllAnnouncements } from "./use-all-announcements.js";
import { useAllQuestion } from "./use-all-question.js";

/** The elements of `SyncAll` that take a class name of their own. */
export type SyncAllPart =
  | "root"
  | "title"
  | "summary"
  | "bar"
  /** The filled part of a bar. */
  | "barFill"
  | "list"
  | "row"
  | "logo"
  | "name"
  | "status"
  | "mainButton"
  | "button"
  | "quietButton"
  | "dangerButton";

/** Class names added to the built-in ones. */
export type SyncAllClassNames = Readonly<Partial<Record<SyncAllPart, string | undefined>>>;

/** Props of `SyncAll`: its own, and those of its `section`. */
export interface SyncAllProps
  extends Omit<ComponentPropsWithoutRef<"section">, "children">,
    UseSyncAllOptions,
    WordingProps {
  /** The level of the heading. Default 2. */
  readonly headingLevel?: 2 | 3 | 4 | 5 | 6 | undefined;
  /** The person wants to renew an expired access; without it the button is not offered. */
  readonly onReauthorize?: ((integration: Integration) => void) | undefined;
  /** The person wants to see the progress of one sync; without it the button is not offered. */
  readonly onShowProgress?: ((syncId: string, integration: Integration) => void) | undefined;
  /** Class names added to the built-in ones. */
  readonly classNames?: SyncAllClassNames | undefined;
}

const NO_CLASS_NAMES: SyncAllClassNames = {};

/**
 * Syncs all connected integrations in one go: a row for each, a bar and a sentence for all. Announced to screen readers
 * as one; a failure at once. Syncs that run already are found.
 *
 * @example
 * <SyncAll concurrency={2} order={(one, other) => one.name.localeCompare(other.name)} />
 */
export const SyncAll = forwardRef<HTMLElement, SyncAllProps>(function SyncAll(
  {
    client: clientProp,
    baseUrl,
    concurrency,
    order,
    weights,
    labels: labelOverrides,
    locale,
    headingLevel = 2,
    onReauthorize,
    onShowProgress,
    classNames = NO_CLASS_NAMES,
    className,
    onFocus,
    ...props
  },
  ref,
) {
  const client = useSyncClient({ client: clientProp, baseUrl });
  const all = useSyncAll({ client, concurrency, order, weights });
  const { rows, summary, isBusy, canStart } = all;
  const wordingProps = { labels: labelOverrides, locale };
  const wording = useWording(wordingProps);
  const { labels, format, lang, dir } = wording;
  const text = describeAll(rows, summary, labels, format, dir);
  const announceStart = useAllAnnouncements({ ...wording, all, text });
  const question = useAllQuestion(all);
  const titleId = useId();
  const summaryId = useId();
  const followFocus = useFocusRecovery("[data-main-action]", "[data-action='cancel']");
  const root = useRef<HTMLElement>(null);
  const rootRef = useMergedRef(ref, root);

  const start = () => {
    all.start();
    announceStart(rows.filter(({ integration }) => integration.status !== "needs_reauth").length);
  };
  const status = all.isLoading ? labels.sourcesLoading : all.error !== null ? labels.sourcesError : labels.noSources;

  const Heading = `h${headingLevel}` as const;
  return (
    <EscapeScopeContext.Provider value={root}>
      <section
        className={cx("sp-all", classNames.root, className)}
        lang={lang}
        data-busy={isBusy || undefined}
        aria-labelledby={titleId}
        onFocus={chain(onFocus, followFocus)}
        {...props}
        ref={rootRef}
      >
        <div className="sp-all-head">
          <div className="sp-all-words">
            <Heading id={titleId} className={cx("sp-all-title", classNames.title)}>
              <bdi>{labels.allSources}</bdi>
            </Heading>
            <p id={summaryId} className={cx("sp-all-summary", classNames.summary)}>
              <bdi dir={dir}>{rows.length === 0 ? status : text}</bdi>
            </p>
          </div>
          {question.askedBy === null && (
            <div className="sp-all-actions">
              {canStart && (
                <ProgressButton
                  look="main"
                  classNames={classNames}
                  content={labels.syncAll}
                  data-main-action=""
                  onClick={start}
                />
              )}
              {isBusy && (
                <ProgressButton
                  classNames={classNames}
                  content={labels.cancelAll}
                  data-action="cancel"
                  onClick={() => question.ask(titleId)}
                />
              )}
              {rows.length === 0 && all.error !== null && (
                <ProgressButton
                  classNames={classNames}
                  content={labels.tryAgain}
                  data-main-action=""
                  onClick={() => void all.reload()}
                />
              )}
            </div>
          )}
        </div>
        {question.askedBy !== null && (
          <CancelQuestion
            question={labels.cancelAllQuestion}
            questionDir={dir}
            control={question}
            labels={labels}
            className="sp-actions"
            classNames={classNames}
          />
        )}
        {isBusy && (
          <AllBar
            percent={summary.percent}
            {...{ summaryId, labels, format }}
            className={classNames.bar}
            fillClassName={classNames.barFill}
          />
        )}
        {rows.length > 0 && (
          <ul className={cx("sp-all-list", classNames.list)}>
            {rows.map((row) => (
              <AllRow
                key={row.integration.type}
                {...{ row, all, client, wordingProps, classNames, onReauthorize, onShowProgress }}
              />
            ))}
          </ul>
        )}
      </section>
    </EscapeScopeContext.Provider>
  );
});
