import { useEffect, useRef } from "react";
import type { SyncAllRow } from "../../client/sync-all-rows.js";
import type { SyncClient } from "../../client/sync-client.js";
import type { Integration } from "../../protocol/integration.js";
import { AUTO_CLOSE_OFF } from "../../react/use-auto-close.js";
import { useLatest } from "../../react/use-latest.js";
import type { SyncAllState } from "../../react/use-sync-all.js";
import { useSyncProgress } from "../../react/use-sync-progress.js";
import { announcer } from "../announcer/announcer.js";
import { ProgressButton } from "../progress/progress-button.js";
import { ProgressDisplay } from "../progress/progress-display.js";
import { StateIcon } from "../progress/state-icon.js";
import { SyncProgress } from "../progress/sync-progress.js";
import { cx } from "../shared/part.js";
import { type AllRowAction, describeAllRow } from "../wording/describe-all.js";
import { describeFailedCommand, describePendingCommand } from "../wording/describe-command.js";
import { useNow } from "../wording/use-now.js";
import { useProgressWording } from "../wording/use-progress-wording.js";
import type { WordingProps } from "../wording/use-wording.js";
import type { SyncAllClassNames } from "./sync-all.js";

interface AllRowProps {
  readonly row: SyncAllRow;
  readonly all: SyncAllState;
  readonly client: SyncClient;
  readonly wordingProps: WordingProps;
  readonly classNames: SyncAllClassNames;
  readonly onReauthorize: ((integration: Integration) => void) | undefined;
  readonly onShowProgress: ((syncId: string, integration: Integration) => void) | undefined;
}

/** One integration with its bar while it syncs, and what can be done about it afterwards. */
export function AllRow({ row, all, client, wordingProps, classNames, onReauthorize, onShowProgress }: AllRowProps) {
  const { integration, status, syncId, startError } = row;
  const { type, lastSyncAt } = integration;
  const state = useSyncProgress(syncId, { client });
  const wording = useProgressWording({ ...wordingProps, state, name: integration.name, startError });
  const { labels, format, lang, text } = wording;
  const now = useNow(status === "idle" && lastSyncAt !== null, lastSyncAt);
  const words = describeAllRow(row, text, labels, format, now);

  // It is part of what is announced of all.
  useEffect(() => (syncId === null ? undefined : announcer.cover(syncId)), [syncId]);
  const isFailed = status === "failed";
  const wasFailed = useRef(isFailed);
  const latest = useLatest({ text: labels.announceState(text.headline, text.body), lang });
  useEffect(() => {
    if (isFailed && !wasFailed.current)
      announcer.alert({ topic: syncId ?? `start:${type}`, about: "failed", ...latest.current });
    wasFailed.current = isFailed;
  }, [isFailed, syncId, type, latest]);

  const acts: Readonly<Record<AllRowAction, { readonly label: string; readonly act: (() => void) | null }>> = {
    retry: { label: labels.tryAgain, act: () => all.retry(type) },
    "retry-failed": {
      label: labels.retryFailed,
      // A failure is in the state's command.
      act: () => void state.retry({ only: "failed" }).then((id) => all.follow(type, id), ignore),
    },
    resume: { label: labels.resume, act: () => void state.resume().catch(ignore) },
    reauthorize: {
      label: labels.reauthorize,
      act: onReauthorize === undefined ? null : () => onReauthorize(integration),
    },
  };
  const action = words.action === null ? null : acts[words.action];
  const isPending = state.command?.status === "pending";
  const failedCommand = describeFailedCommand(state, labels);
  const hasBar = syncId !== null && (status === "running" || status === "paused");

  return (
    <li className={cx("sp-all-row", classNames.row)} data-status={status} aria-label={wording.name}>
      {integration.icon !== null && (
        <img className={cx("sp-card-logo", classNames.logo)} src={integration.icon} alt="" width={40} height={40} />
      )}
      <div className="sp-all-words">
        <p className={cx("sp-all-name", classNames.name)}>
          <bdi>{integration.name}</bdi>
        </p>
        <p className={cx("sp-all-status", classNames.status)} data-kind={words.kind ?? undefined}>
          {words.kind !== null && <StateIcon kind={words.kind} />}
          <span>
            <bdi className="sp-all-word">{words.status}</bdi>{" "}
            <bdi>{describePendingCommand(state, labels) ?? words.detail}</bdi>
          </span>
        </p>
        {failedCommand !== null && (
          <p className="sp-command-failed">
            <bdi>{failedCommand}</bdi>
          </p>
        )}
      </div>
      <div className="sp-all-row-actions">
        {action !== null && action.act !== null && (
          <ProgressButton
            classNames={classNames}
            content={action.label}
            aria-label={labels.about(wording.name, action.label)}
            data-action={words.action}
            // Not `disabled`, which would drop the focus.
            aria-disabled={isPending || undefined}
            onClick={() => !isPending && action.act?.()}
          />
        )}
        {onShowProgress !== undefined && syncId !== null && (
          <ProgressButton
            look="quiet"
            classNames={classNames}
            content={labels.showProgress}
            aria-label={labels.about(wording.name, labels.showProgress)}
            onClick={() => onShowProgress(syncId, integration)}
          />
        )}
      </div>
      {hasBar && (
        <ProgressDisplay
          className="sp-all-progress"
          classNames={{ bar: classNames.bar, barFill: classNames.barFill }}
          autoClose={AUTO_CLOSE_OFF}
          {...{ state, wording }}
        >
          <SyncProgress.Bar />
          <SyncProgress.ConnectionNotice />
        </ProgressDisplay>
      )}
    </li>
  );
}

function ignore(): void {}
