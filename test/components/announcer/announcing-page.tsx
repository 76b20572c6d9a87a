import { render } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import { type AnnouncementLevel, useAnnouncements } from "../../../src/components/announcer/use-announcements.js";
import {
  type ProgressWordingSource,
  useProgressWording,
} from "../../../src/components/wording/use-progress-wording.js";
import type { WordingProps } from "../../../src/components/wording/use-wording.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { AUTO_CLOSE_OFF, type AutoCloseControl } from "../../../src/react/use-auto-close.js";
import { aProgressState } from "../../support/a-progress-state.js";
import { listenToAnnouncer } from "./listen-to-announcer.js";

/** A display of a sync, by what it differs in from one of Gmail that runs. */
export interface GivenDisplay extends Partial<SyncProgressState>, Pick<WordingProps, "labels"> {
  readonly autoClose?: AutoCloseControl;
  readonly name?: string;
  readonly says?: AnnouncementLevel;
  readonly startError?: string | null;
}

/** What a sync is while its start is under way. */
export const starting = { syncId: null, status: null, percent: null, phase: null } as const;

interface AnnouncingProps extends ProgressWordingSource {
  readonly says: AnnouncementLevel;
  readonly autoClose: AutoCloseControl;
}

function Announcing({ says, autoClose, ...source }: AnnouncingProps) {
  useAnnouncements({ ...useProgressWording(source), state: source.state, autoClose }, says);
  return null;
}

function Displays({ all }: { readonly all: readonly GivenDisplay[] }): ReactNode {
  return all.map(
    ({ name = "Gmail", says = "all", startError = null, labels, autoClose = AUTO_CLOSE_OFF, ...state }, index) => (
      <Announcing
        key={index}
        state={aProgressState(state)}
        autoClose={autoClose}
        name={name}
        says={says}
        startError={startError}
        labels={labels}
        locale="en"
      />
    ),
  );
}

/** A page of displays, with all effects run twice where they begin, and who listens to it. */
export function openPage(...first: readonly GivenDisplay[]) {
  const page = listenToAnnouncer();
  const { rerender } = render(<Displays all={first} />, { wrapper: StrictMode });
  return { ...page, show: (...next: readonly GivenDisplay[]) => rerender(<Displays all={next} />) };
}
