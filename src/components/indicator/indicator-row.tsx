import { memo, useId, useMemo } from "react";
import type { SyncClient } from "../../client/sync-client.js";
import type { SyncView } from "../../client/sync-view.js";
import { progressStateOf } from "../../react/progress-source.js";
import { AUTO_CLOSE_OFF } from "../../react/use-auto-close.js";
import { useProgressContext } from "../progress/progress-context.js";
import { ProgressDisplay } from "../progress/progress-display.js";
import { StateIcon } from "../progress/state-icon.js";
import { SyncProgress } from "../progress/sync-progress.js";
import { cx } from "../shared/part.js";
import type { ProgressAction } from "../wording/describe-progress.js";
import { useProgressWording } from "../wording/use-progress-wording.js";
import type { WordingProps } from "../wording/use-wording.js";
import type { SyncIndicatorClassNames } from "./indicator-parts.js";

/** What all rows have in common. */
export interface IndicatorRowOptions extends WordingProps {
  readonly client: SyncClient;
  readonly classNames: SyncIndicatorClassNames;
  readonly onShow: (syncId: string) => void;
  readonly onDismiss: (syncId: string) => void;
  readonly onSignIn?: (() => void) | undefined;
}

interface IndicatorRowProps extends IndicatorRowOptions {
  readonly view: SyncView;
  /** The integration's display name. */
  readonly name: string | undefined;
}

/** One sync of the indicator: what it is, how far, and what the person can do with it. */
export const IndicatorRow = memo(function IndicatorRow({
  view,
  client,
  name,
  labels,
  locale,
  classNames,
  onShow,
  onDismiss,
  onSignIn,
}: IndicatorRowProps) {
  const { syncId } = view;
  const state = useMemo(() => progressStateOf(client, view), [client, view]);
  const partNames = useMemo(() => ({ ...classNames, root: undefined }), [classNames]);
  const wording = useProgressWording({ state, name, labels, locale });
  const nameId = useId();
  const dismiss = () => onDismiss(syncId);
  return (
    <li className={cx("sp-indicator-row", classNames.row)}>
      <ProgressDisplay
        {...{ state, wording, classNames: partNames, onSignIn }}
        autoClose={AUTO_CLOSE_OFF}
        onClose={view.isRunning ? undefined : dismiss}
        // The new sync takes the place of this one.
        onRetried={dismiss}
      >
        {/* Names the buttons; it needs not be seen for that. */}
        <span id={nameId} hidden>
          {wording.name}
        </span>
        <p className="sp-indicator-title">
          <StateIcon kind={wording.text.kind} />
          <button type="button" className={cx("sp-indicator-name", classNames.name)} onClick={() => onShow(syncId)}>
            <bdi dir={wording.dir}>{wording.text.headline}</bdi>
          </button>
        </p>
        {view.isRunning && <SyncProgress.Bar />}
        <SyncProgress.Stage />
        <SyncProgress.Error />
        <SyncProgress.NotifyEmail />
        <RowActions nameId={nameId} />
      </ProgressDisplay>
    </li>
  );
});

/** Reconnecting is the matter of all rows together. */
const NOT_OF_A_ROW: ReadonlySet<ProgressAction> = new Set(["background", "reconnect"]);

/** The actions of a row, each named with its sync: the page has as many of them as rows. */
function RowActions({ nameId }: { readonly nameId: string }) {
  const { actions, labels } = useProgressContext("SyncIndicator");
  const id = useId();
  return (
    <SyncProgress.Actions>
      {actions
        .filter((action) => !NOT_OF_A_ROW.has(action))
        .map((action) => (
          <SyncProgress.Action
            key={action}
            action={action}
            look="quiet"
            id={`${id}-${action}`}
            aria-labelledby={`${id}-${action} ${nameId}`}
          >
            {action === "close" || action === "done" ? <bdi>{labels.dismiss}</bdi> : undefined}
          </SyncProgress.Action>
        ))}
    </SyncProgress.Actions>
  );
}
