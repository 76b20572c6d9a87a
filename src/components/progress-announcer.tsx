import { type AnnouncementLevel, useAnnouncements } from "./use-announcements.js";
import { type DescribedState, useDescription } from "./use-description.js";

interface ProgressAnnouncerProps extends DescribedState {
  readonly says: AnnouncementLevel;
}

/** Speaks of a sync to screen readers, whether or not anything of it is on the screen. */
export function ProgressAnnouncer({ says, ...described }: ProgressAnnouncerProps) {
  useAnnouncements({ ...useDescription(described), state: described.state }, says);
  return null;
}
