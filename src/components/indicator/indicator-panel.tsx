import { type ReactNode, useMemo } from "react";
import type { SyncView } from "../../client/sync-view.js";
import { useEscapeLayer } from "../shared/escape-layers.js";
import { WarningIcon } from "../shared/icons.js";
import { cx } from "../shared/part.js";
import type { SyncsText } from "../wording/describe-syncs.js";
import type { Wording } from "../wording/use-wording.js";
import { chooseRows } from "./choose-rows.js";
import { IndicatorRow, type IndicatorRowOptions } from "./indicator-row.js";

interface IndicatorPanelProps extends IndicatorRowOptions {
  readonly id: string;
  readonly syncs: readonly SyncView[];
  readonly text: SyncsText;
  readonly wording: Wording;
  readonly maxRows: number;
  readonly nameOf: (view: SyncView) => string | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The list of the indicator, while it is open. */
export function IndicatorPanel({
  id,
  syncs,
  text,
  wording,
  maxRows,
  nameOf,
  onClose,
  children,
  ...row
}: IndicatorPanelProps) {
  const { labels, format } = wording;
  const { classNames, onDismiss } = row;
  useEscapeLayer(onClose);
  const { rows, hidden } = useMemo(() => chooseRows(syncs, maxRows), [syncs, maxRows]);
  const ended = syncs.filter(({ isRunning }) => !isRunning);
  return (
    <div id={id} className={cx("sp-indicator-panel", classNames.panel)}>
      {text.notice !== null && (
        <div className={cx("sp-notice", classNames.notice)} data-kind={text.notice.kind}>
          <WarningIcon />
          <p className="sp-notice-text">
            <bdi>{text.notice.text}</bdi>
          </p>
        </div>
      )}
      <ul className={cx("sp-indicator-list", classNames.list)}>
        {rows.map((view) => (
          <IndicatorRow key={view.syncId} {...row} view={view} name={nameOf(view)} />
        ))}
      </ul>
      {(hidden > 0 || ended.length > 1) && (
        <div className="sp-indicator-foot">
          {hidden > 0 && (
            <p className={cx("sp-indicator-more", classNames.more)}>
              <bdi>{labels.moreSyncs(hidden, format)}</bdi>
            </p>
          )}
          {ended.length > 1 && (
            <button
              type="button"
              className={cx("sp-button", "sp-button-quiet", classNames.quietButton)}
              onClick={() => {
                for (const { syncId } of ended) onDismiss(syncId);
              }}
            >
              <bdi>{labels.dismissFinished}</bdi>
            </button>
          )}
        </div>
      )}
      {children}
    </div>
  );
}
