import { defaultRangeExtractor, useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type ReactNode, useCallback } from "react";

/** The rows to render of a long list, and how to place and measure them. */
export interface RowsInSight {
  /** In order; none until the box has a height. */
  readonly rows: readonly VirtualItem[];
  /** px, of all rows together. */
  readonly totalSize: number;
  /** The last row that can be seen. */
  readonly lastIndex: number;
  /** The ref of each row, which has its index as `data-index`. */
  readonly measure: (row: Element | null) => void;
}

interface VirtualRowsProps {
  /** The element that scrolls; `null` until it is there. */
  readonly box: Element | null;
  readonly count: number;
  /** What makes a row the same one: the same function until that changes. */
  readonly keyOf: (index: number) => string;
  /** A row that stays rendered wherever the list is scrolled to; `null` for none. */
  readonly kept: number | null;
  readonly children: (inSight: RowsInSight) => ReactNode;
}

/** px, until a row was measured. */
const ROW_SIZE = 120;
/** Rows before and after those in sight, which the keyboard comes to. */
const OVERSCAN = 6;

/**
 * Says which rows of a long list are to be rendered. Loaded only when a list is long; it imports nothing of ours, because
 * bundlers keep whatever it shares with the other components even where nobody uses it.
 */
export function VirtualRows({ box, count, keyOf, kept, children }: VirtualRowsProps) {
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => box,
    estimateSize: () => ROW_SIZE,
    overscan: OVERSCAN,
    getItemKey: keyOf,
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const rows = defaultRangeExtractor(range);
        if (kept === null || kept >= range.count || rows.includes(kept)) return rows;
        return [...rows, kept].sort((one, other) => one - other);
      },
      [kept],
    ),
  });
  return children({
    rows: virtualizer.getVirtualItems(),
    totalSize: virtualizer.getTotalSize(),
    lastIndex: virtualizer.range?.endIndex ?? 0,
    measure: virtualizer.measureElement,
  });
}
