import { type ComponentPropsWithoutRef, forwardRef, useId } from "react";
import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { isTerminalStatus } from "../../protocol/status.js";
import { resultOf } from "../../protocol/sync-result.js";
import { AUTO_CLOSE_OFF } from "../../react/use-auto-close.js";
import { useSyncProgress } from "../../react/use-sync-progress.js";
import { ProgressButton } from "../progress/progress-button.js";
import { ProgressDisplay } from "../progress/progress-display.js";
import { StateIcon } from "../progress/state-icon.js";
import { SyncProgress } from "../progress/sync-progress.js";
import { cx } from "../shared/part.js";
import { describeHistory } from "../wording/describe-history.js";
import { useProgressWording } from "../wording/use-progress-wording.js";
import { useHistoryContext } from "./history-context.js";
import { HistoryDownloads } from "./history-downloads.js";
import { HistoryFailures } from "./history-failures.js";
import { useRunAgain } from "./use-run-again.js";

interface HistoryRowProps extends ComponentPropsWithoutRef<"li"> {
  readonly sync: SyncSnapshot;
}

/** One sync: live while it runs; afterwards with what can be looked up and done. */
export const HistoryRow = forwardRef<HTMLLIElement, HistoryRowProps>(function HistoryRow(
  { sync: listed, ...props },
  ref,
) {
  const { client, labels, format, wordingProps, classNames, nameOf, opened, toggle, onShowProgress } =
    useHistoryContext();
  // One that has ended needs no subscription.
  const liveId = isTerminalStatus(listed.status) ? null : listed.syncId;
  const state = useSyncProgress(liveId, { client });
  const sync = (liveId === null ? null : client.getView(liveId)?.snapshot) ?? listed;
  const { syncId, connectorType, failedItems, capabilities } = sync;
  const name = nameOf(connectorType);
  const wording = useProgressWording({ ...wordingProps, state, name });
  const text = describeHistory(sync, labels, format);
  const runAgain = useRunAgain(sync, wording.name);
  const isOpen = opened.has(syncId);
  const headId = useId();
  const detailsId = useId();

  const hasEnded = isTerminalStatus(sync.status);
  const offers = (capability: "failures" | "log") => hasEnded && capabilities?.includes(capability) === true;
  const hasFailures = offers("failures") && failedItems > 0;
  const hasDetails = hasFailures || offers("log");
  const result = resultOf(sync);

  return (
    <li
      {...props}
      ref={ref}
      className={cx("sp-history-row", classNames.row)}
      data-result={result ?? undefined}
      data-status={sync.status}
      aria-labelledby={headId}
    >
      <div className="sp-history-head">
        <p id={headId} className={cx("sp-history-name", classNames.name)}>
          <bdi>{name}</bdi>
          {text.time !== null && (
            <>
              {" "}
              <time className="sp-history-time" dateTime={new Date(text.time).toISOString()}>
                {format.dateTime(text.time)}
              </time>
            </>
          )}
        </p>
        <p className={cx("sp-history-status", classNames.status)} data-kind={text.kind}>
          <StateIcon kind={text.kind} />
          <bdi>{text.status}</bdi>
        </p>
      </div>
      {!hasEnded && liveId !== null && (
        <ProgressDisplay
          className="sp-history-progress"
          classNames={{ bar: classNames.bar, barFill: classNames.barFill }}
          autoClose={AUTO_CLOSE_OFF}
          {...{ state, wording }}
        >
          <SyncProgress.Bar />
        </ProgressDisplay>
      )}
      <dl className={cx("sp-stats", classNames.facts)}>
        {text.facts.map(({ id, term, value }) => (
          <div key={id} className={cx("sp-stat", id === "failed" && "sp-stat-failed")}>
            <dt>
              <bdi>{term}</bdi>
            </dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {text.reason !== null && (
        <p className="sp-history-reason">
          <bdi>{text.reason}</bdi>
        </p>
      )}
      <div className="sp-history-actions">
        {runAgain.isOffered && (
          <ProgressButton
            classNames={classNames}
            content={runAgain.label}
            aria-describedby={headId}
            // Not `disabled`, which would drop the focus.
            aria-disabled={runAgain.isPending || undefined}
            onClick={runAgain.run}
          />
        )}
        {!hasEnded && onShowProgress !== undefined && (
          <ProgressButton
            classNames={classNames}
            content={labels.showProgress}
            aria-describedby={headId}
            onClick={() => onShowProgress(syncId)}
          />
        )}
        {hasDetails && (
          <ProgressButton
            look="quiet"
            classNames={classNames}
            content={labels.details}
            aria-describedby={headId}
            aria-expanded={isOpen}
            aria-controls={isOpen ? detailsId : undefined}
            onClick={() => toggle(syncId)}
          />
        )}
      </div>
      {runAgain.failure !== null && (
        <p className="sp-command-failed">
          <bdi>{runAgain.failure}</bdi>
        </p>
      )}
      {isOpen && hasDetails && (
        <div id={detailsId} className={cx("sp-history-details", classNames.details)}>
          {hasFailures && <HistoryFailures syncId={syncId} />}
          {offers("log") && (
            <div className="sp-history-tools">
              <span className="sp-history-log">
                <bdi>{labels.log}</bdi>
              </span>
              <HistoryDownloads syncId={syncId} list="log" subject={labels.log} />
            </div>
          )}
        </div>
      )}
    </li>
  );
});
