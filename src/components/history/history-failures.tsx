import { useEffect, useId, useState } from "react";
import type { SyncFailure } from "../../protocol/failure.js";
import { useSyncFailures } from "../../react/use-sync-failures.js";
import { ProgressButton } from "../progress/progress-button.js";
import { cx } from "../shared/part.js";
import { useHistoryContext } from "./history-context.js";
import { HistoryDownloads } from "./history-downloads.js";

/** A person types faster than a server should be requested. */
const SEARCH_AFTER_MS = 300;

/** The failed items of a sync: searched by the server, page by page, to be copied and saved. */
export function HistoryFailures({ syncId }: { readonly syncId: string }) {
  const { client, labels, format, classNames, announce } = useHistoryContext();
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const { failures, isLoading, hasMore, error, loadMore } = useSyncFailures(syncId, { client, search });
  const searchId = useId();

  const isEmpty = !isLoading && error === null && failures.length === 0;
  const found = isEmpty ? labels.noFailureMatches : labels.failuresTitle(failures.length, format);
  useEffect(() => {
    if (!isLoading && error === null && search !== "") announce(`search:${search}`, found);
  }, [isLoading, error, search, found, announce]);

  const copy = () => {
    copyText(failures.map(lineOf).join("\n")).then(
      () => announce("copied", labels.copied(failures.length, format)),
      () => announce("copied", labels.copyFailed, "assertive"),
    );
  };

  return (
    <div className="sp-history-failures">
      <div className="sp-history-search">
        <label htmlFor={searchId}>
          <bdi>{labels.searchFailures}</bdi>
        </label>
        <input
          id={searchId}
          type="search"
          dir="auto"
          className={cx("sp-input", classNames.search)}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      </div>
      <ul>
        {failures.map((failure, index) => (
          <li key={index}>
            <bdi className="sp-failure-item">{failure.item}</bdi>
            {failure.reason !== "" && <bdi className="sp-failure-reason">{failure.reason}</bdi>}
          </li>
        ))}
      </ul>
      {(isEmpty || error !== null || (isLoading && failures.length === 0)) && (
        <p>
          <bdi>
            {error !== null ? labels.failuresError : isEmpty ? labels.noFailureMatches : labels.failuresLoading}
          </bdi>
        </p>
      )}
      <div className="sp-history-tools">
        {hasMore && (
          <ProgressButton
            classNames={classNames}
            content={error === null ? labels.showMore : labels.tryAgain}
            // Not `disabled`, which would drop the focus.
            aria-disabled={isLoading || undefined}
            onClick={() => !isLoading && loadMore()}
          />
        )}
        {failures.length > 0 && (
          <ProgressButton look="quiet" classNames={classNames} content={labels.copy} onClick={copy} />
        )}
        <HistoryDownloads syncId={syncId} list="failures" subject={labels.failedItems} />
      </div>
    </div>
  );
}

function lineOf({ item, reason }: SyncFailure): string {
  return reason === "" ? item : `${item}: ${reason}`;
}

/** Rejects where the page may not copy, as one that was not loaded by HTTPS. */
async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
