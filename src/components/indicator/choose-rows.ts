import { groupOf } from "../../client/aggregate-syncs.js";
import type { SyncView } from "../../client/sync-view.js";

/** The syncs of a list that are shown, and how many are not. */
export interface ChosenRows {
  readonly rows: readonly SyncView[];
  readonly hidden: number;
}

/** Cuts a long list: what went wrong is shown before what runs, and that before what has ended well. Keeps the order. */
export function chooseRows(views: readonly SyncView[], maxRows: number): ChosenRows {
  if (views.length <= maxRows) return { rows: views, hidden: 0 };
  const ranked = [0, 1, 2].flatMap((rank) => views.filter((view) => rankOf(view) === rank));
  const shown = new Set(ranked.slice(0, maxRows));
  return { rows: views.filter((view) => shown.has(view)), hidden: views.length - shown.size };
}

function rankOf(view: SyncView): number {
  switch (groupOf(view)) {
    case "failed":
    case "partlyFailed":
      return 0;
    case "running":
    case "paused":
      return 1;
    default:
      return 2;
  }
}
