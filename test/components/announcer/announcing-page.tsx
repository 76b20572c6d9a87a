import { render } from "@testing-library/react";
import { type ReactNode, StrictMode } from "react";
import type { AnnouncementLevel } from "../../../src/components/announcer/use-announcements.js";
import { ProgressAnnouncer } from "../../../src/components/announcer/use-announcements.js";
import type { Wording } from "../../../src/components/wording/use-wording.js";
import type { SyncProgressState } from "../../../src/react/sync-progress-state.js";
import { AUTO_CLOSE_OFF, type AutoCloseControl } from "../../../src/react/use-auto-close.js";
import { aProgressState } from "../../support/a-progress-state.js";
import { listenToAnnouncer } from "./listen-to-announcer.js";

/** A display of a sync, by what it differs in from one of Gmail that runs. */
export interface GivenDisplay extends Partial<SyncProgressState>, Pick<Wording, "labels"> {
  readonly autoClose?: AutoCloseControl;
  readonly name?: string;
  readonly says?: AnnouncementLevel;
  readonly startError?: string | null;
}

/** What a sync is while its start is under way. */
export const starting = { syncId: null, status: null, percent: null, phase: null } as const;

function Displays({ all }: { readonly all: readonly GivenDisplay[] }): ReactNode {
  return all.map(
    ({ name = "Gmail", says = "all", startError = null, labels, autoClose = AUTO_CLOSE_OFF, ...state }, index) => (
      <ProgressAnnouncer
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
