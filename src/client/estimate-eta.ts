import { doneItems, type SyncSnapshot } from "../protocol/snapshot.js";
import { isMovingStatus } from "../protocol/status.js";

/** How long a sync may still take, from its rate over the last seconds. */
export interface Eta {
  /** ms until the sync is done at the current rate. */
  readonly remainingMs: number;
  /** The same in whole minutes to be shown, in steps that grow with it; 0 means less than a minute. */
  readonly minutes: number;
  /** Items a second within the current phase, over the last ~15 s. */
  readonly itemsPerSecond: number;
}

/** How fast a sync moves. Sums fade exponentially, so that what is {@link FADE_MS} old counts a third. */
export interface Rate {
  /** When the first snapshot arrived; `null` before it. Local clock, ms. */
  readonly since: number | null;
  /** When the last bin was closed. */
  readonly binnedAt: number;
  readonly percent: number;
  readonly doneItems: number;
  /** Fading sums over the bins: time, percent gained, items done, and how far each bin was off the rate. */
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

export const NO_RATE: Rate = {
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
/** Above this share of the rate the bins differ too much for a forecast. */
const MAX_SPREAD = 0.6;
const MINUTE_MS = 60_000;
/** The step moves by one in this time at most, seen or unseen, so that what is read does not jump about. */
const STEP_MS = 1_000;
const STEPS_MIN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1_440];

/** The rate after one more snapshot, of which `percent` is the percentage; pure. */
export function trackRate(rate: Rate, snapshot: SyncSnapshot, percent: number | null, now: number): Rate {
  if (percent === null || !isMovingStatus(snapshot.status)) return { ...NO_RATE, shown: rate.shown };
  const done = doneItems(snapshot);
  if (rate.since === null) {
    return { ...NO_RATE, shown: rate.shown, since: now, binnedAt: now, percent, doneItems: done };
  }

  const elapsed = now - rate.binnedAt;
  if (elapsed < BIN_MS) return rate;
  const fade = Math.exp(-elapsed / FADE_MS);
  const gained = percent - rate.percent;
  // A phase counts its items anew.
  const items = done >= rate.doneItems ? done - rate.doneItems : done;
  const expected = rate.time > 0 ? (rate.gained / rate.time) * elapsed : gained;
  const next: Rate = {
    since: rate.since,
    binnedAt: now,
    percent,
    doneItems: done,
    time: rate.time * fade + elapsed,
    gained: rate.gained * fade + gained,
    items: rate.items * fade + items,
    deviation: rate.deviation * fade + Math.abs(gained - expected),
    bins: rate.bins + 1,
    shown: rate.shown,
    isStable: false,
  };
  return isStable(next, now) ? { ...next, shown: nextStep(next, now), isStable: true } : next;
}

/** The estimate to show, or `null` while there is no stable one. */
export function etaOf(rate: Rate): Eta | null {
  const minutes = rate.isStable && rate.shown !== null ? STEPS_MIN[rate.shown.step] : undefined;
  if (minutes === undefined) return null;
  return { remainingMs: remainingMs(rate), minutes, itemsPerSecond: (rate.items / rate.time) * 1_000 };
}

/** As far towards the estimate as the time since the last step allows. */
function nextStep(rate: Rate, now: number): ShownStep {
  const target = stepOf(remainingMs(rate));
  if (rate.shown === null) return { step: target, at: now };
  const { step, at } = rate.shown;
  // None, should the clock have been set back.
  const reach = Math.max(0, Math.floor((now - at) / STEP_MS));
  return { step: Math.min(Math.max(target, step - reach), step + reach), at: now };
}

function isStable({ since, bins, gained, deviation }: Rate, now: number): boolean {
  if (since === null || now - since < MIN_AGE_MS || bins < MIN_BINS) return false;
  return gained > 0 && deviation / gained <= MAX_SPREAD;
}

function remainingMs({ percent, gained, time }: Rate): number {
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
