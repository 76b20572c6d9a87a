import { type CSSProperties, lazy, Suspense, useCallback, useEffect, useState } from "react";
import type { SyncSnapshot } from "../../protocol/snapshot.js";
import { cx } from "../shared/part.js";
import { useHistoryContext } from "./history-context.js";
import { HistoryRow } from "./history-row.js";
import type { RowsInSight } from "./virtual-rows.js";

interface HistoryListProps {
  readonly syncs: readonly SyncSnapshot[];
  readonly hasMore: boolean;
  /** Loads more when the end comes near. */
  readonly onNearEnd: () => void;
  /** Names the list. */
  readonly labelledBy: string;
}

/** A list that is longer than this scrolls in a box of its own, in which only the rows in sight are rendered. */
const VIRTUAL_FROM = 60;
/** How many rows before the end of the list more is loaded. */
const NEAR_END = 6;

/** Most histories are short. */
const VirtualRows = lazy(async () => ({ default: (await import("./virtual-rows.js")).VirtualRows }));

/** The syncs of the history, as a list: one that is virtual says of each row which one it is. */
export function HistoryList({ syncs, hasMore, onNearEnd, labelledBy }: HistoryListProps) {
  const { classNames } = useHistoryContext();
  const isVirtual = syncs.length > VIRTUAL_FROM;
  // A state, because the rows inside are there before a ref has the element.
  const [box, setBox] = useState<HTMLUListElement | null>(null);
  const [focused, setFocused] = useState<number | null>(null);
  const keyOf = useCallback((index: number) => syncs[index]?.syncId ?? String(index), [syncs]);
  const firstRows = syncs.slice(0, VIRTUAL_FROM).map((sync) => <HistoryRow key={sync.syncId} sync={sync} />);
  return (
    <ul
      ref={setBox}
      className={cx("sp-history-list", classNames.list)}
      data-virtual={isVirtual ? "" : undefined}
      aria-labelledby={labelledBy}
      onFocus={({ target }) => {
        const row = target.closest<HTMLElement>("[data-index]");
        setFocused(row === null ? null : Number(row.dataset["index"]));
      }}
      onBlur={() => setFocused(null)}
    >
      {isVirtual ? (
        <Suspense fallback={firstRows}>
          <VirtualRows box={box} count={syncs.length} keyOf={keyOf} kept={focused}>
            {(inSight) =>
              // Without the stylesheet the box is as high as its rows, and at first there are none.
              inSight.rows.length === 0 ? firstRows : <RowsOf {...{ inSight, syncs, hasMore, onNearEnd }} />
            }
          </VirtualRows>
        </Suspense>
      ) : (
        firstRows
      )}
    </ul>
  );
}

interface RowsOfProps extends Omit<HistoryListProps, "labelledBy"> {
  readonly inSight: RowsInSight;
}

/** The rows in sight, with gaps in the place of the others. */
function RowsOf({ inSight: { rows, totalSize, lastIndex, measure }, syncs, hasMore, onNearEnd }: RowsOfProps) {
  const isNearEnd = hasMore && lastIndex >= syncs.length - NEAR_END;
  useEffect(() => {
    if (isNearEnd) onNearEnd();
  }, [isNearEnd, onNearEnd]);

  return rows.map(({ key, index, start, end }, at) => {
    const sync = syncs[index];
    if (sync === undefined) return null;
    const gaps: CSSProperties & Record<"--_before" | "--_after", string> = {
      "--_before": `${start - (rows[at - 1]?.end ?? 0)}px`,
      "--_after": at === rows.length - 1 ? `${totalSize - end}px` : "0px",
    };
    return (
      <HistoryRow
        key={key}
        ref={measure}
        sync={sync}
        data-index={index}
        aria-posinset={index + 1}
        aria-setsize={hasMore ? -1 : syncs.length}
        style={gaps}
      />
    );
  });
}
