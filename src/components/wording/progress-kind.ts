/** What a display of one kind consists of. */
interface KindTraits {
  /** There is progress to measure. */
  readonly hasBar: boolean;
  /** The phases of the sync say more than the headline. */
  readonly hasPhases: boolean;
}

/** Every kind of display. What depends on it (icons, announcements, styles) is complete, by the compiler or by a test. */
export const PROGRESS_KINDS = {
  opening: { hasBar: true, hasPhases: false },
  queued: { hasBar: true, hasPhases: true },
  running: { hasBar: true, hasPhases: true },
  paused: { hasBar: true, hasPhases: true },
  complete: { hasBar: true, hasPhases: false },
  /** Complete, with failed items. */
  partial: { hasBar: true, hasPhases: false },
  failed: { hasBar: true, hasPhases: true },
  cancelled: { hasBar: true, hasPhases: true },
  unauthorized: { hasBar: false, hasPhases: false },
  "not-found": { hasBar: false, hasPhases: false },
  unreachable: { hasBar: false, hasPhases: false },
} as const satisfies Record<string, KindTraits>;

/** What the person is in front of. */
export type ProgressKind = keyof typeof PROGRESS_KINDS;
