import { percentOf } from "../protocol/phases.js";
import type { SyncSnapshot } from "../protocol/snapshot.js";
import { isTerminalStatus } from "../protocol/status.js";
import type { WatchPolicy } from "./watch-policy.js";

/** How long a sync may still take, from the pace of the last seconds. */
export interface Eta {
  /** ms until the sync is done at the current pace. */
  readonly remainingMs: number;
  /** The same in whole minutes to be shown, in steps that grow with it; 0 means less than a minute. */
  readonly minutes: number;
  /** Items a second within the current phase, over the last ~15 s. */
  readonly itemsPerSecond: number;
}

/** What is remembered of a sync's pace. Sums fade exponentially, so that what is {@link FADE_MS} old counts a third. */
export interface Pace {
  /** When the first snapshot of this pace came; `null` before it. Local clock, ms. */
  readonly since: number | null;
  /** When the last bin was closed. */
  readonly binnedAt: number;
  readonly percent: number;
  readonly doneItems: number;
  /** Fading sums over the bins: time, percent gained, items done, and how far each bin was off the pace. */
  readonly time: number;
  readonly gained: number;
  readonly items: number;
  readonly deviation: number;
  readonly bins: number;
  /** What is shown, or was last; `null` before anything was. Outlives a pause, after which it must not jump either. */
  readonly shown: ShownStep | null;
  readonly isStable: boolean;
}

interface ShownStep {
  /** Index into {@link STEPS_MIN}. */
  readonly step: number;
  /** When the estimate was last stable. Local clock, ms. */
  readonly at: number;
}

export const NO_PACE: Pace = {
  since: null,
  binnedAt: 0,
  percent: 0,
  doneItems: 0,
  time: 0,
  gained: 0,
  items: 0,
  deviation: 0,
  bins: 0,
  shown: null,
  isStable: false,
};

const FADE_MS = 15_000;
/** Snapshots are gathered into bins at least this long, so that bursts are no news. */
const BIN_MS = 1_000;
const MIN_AGE_MS = 5_000;
const MIN_BINS = 3;
/** Above this share of the pace the bins differ too much to foretell anything. */
const MAX_SPREAD = 0.6;
const MINUTE_MS = 60_000;
/** The step moves by one in this time at most, seen or unseen, so that what is read does not jump about. */
const STEP_MS = 1_000;
const STEPS_MIN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1_440];

/** Follows the pace of a sync with one more snapshot; pure. */
export function trackPace(pace: Pace, snapshot: SyncSnapshot, policy: WatchPolicy, now: number): Pace {
  const percent = percentOf(snapshot, policy.phases);
  const rests = snapshot.status === "paused" || snapshot.status === "queued" || isTerminalStatus(snapshot.status);
  if (percent === null || rests) return { ...NO_PACE, shown: pace.shown };
  const doneItems = snapshot.processedItems + snapshot.failedItems;
  if (pace.since === null) return { ...NO_PACE, shown: pace.shown, since: now, binnedAt: now, percent, doneItems };

  const elapsed = now - pace.binnedAt;
  if (elapsed < BIN_MS) return pace;
  const fade = Math.exp(-elapsed / FADE_MS);
  const gained = percent - pace.percent;
  // A phase counts its items anew.
  const items = doneItems >= pace.doneItems ? doneItems - pace.doneItems : doneItems;
  const expected = pace.time > 0 ? (pace.gained / pace.time) * elapsed : gained;
  const next: Pace = {
    since: pace.since,
    binnedAt: now,
    percent,
    doneItems,
    time: pace.time * fade + elapsed,
    gained: pace.gained * fade + gained,
    items: pace.items * fade + items,
    deviation: pace.deviation * fade + Math.abs(gained - expected),
    bins: pace.bins + 1,
    shown: pace.shown,
    isStable: false,
  };
  return isStable(next, now) ? { ...next, shown: nextStep(next, now), isStable: true } : next;
}

/** The estimate to show, or `null` while there is no stable one. */
export function etaOf(pace: Pace): Eta | null {
  const minutes = pace.isStable && pace.shown !== null ? STEPS_MIN[pace.shown.step] : undefined;
  if (minutes === undefined) return null;
  return { remainingMs: remainingMs(pace), minutes, itemsPerSecond: (pace.items / pace.time) * 1_000 };
}

/** As far towards the estimate as the time since the last step allows. */
function nextStep(pace: Pace, now: number): ShownStep {
  const target = stepOf(remainingMs(pace));
  if (pace.shown === null) return { step: target, at: now };
  const { step, at } = pace.shown;
  // None, should the clock have been set back.
  const reach = Math.max(0, Math.floor((now - at) / STEP_MS));
  return { step: Math.min(Math.max(target, step - reach), step + reach), at: now };
}

function isStable({ since, bins, gained, deviation }: Pace, now: number): boolean {
  if (since === null || now - since < MIN_AGE_MS || bins < MIN_BINS) return false;
  return gained > 0 && deviation / gained <= MAX_SPREAD;
}

function remainingMs({ percent, gained, time }: Pace): number {
  return Math.round(((100 - percent) / gained) * time);
}

function stepOf(ms: number): number {
  const minutes = ms / MINUTE_MS;
  if (minutes < 1) return 0;
  let nearest = 1;
  STEPS_MIN.forEach((step, index) => {
    if (index > 0 && Math.abs(step - minutes) < Math.abs((STEPS_MIN[nearest] ?? 0) - minutes)) nearest = index;
  });
  return nearest;
}
