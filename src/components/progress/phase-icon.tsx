import type { ReactNode } from "react";
import { Icon } from "../shared/icons.js";
import type { PhaseProgress } from "../wording/describe-phases.js";

const ring = <circle cx="10" cy="10" r="6.25" />;

const SHAPES: Readonly<Record<PhaseProgress, ReactNode>> = {
  done: <path d="m4.5 10.5 3.75 3.75 7.25-8" />,
  current: (
    <>
      {ring}
      <circle cx="10" cy="10" r="2.5" fill="currentColor" />
    </>
  ),
  stopped: (
    <>
      {ring}
      <path d="M7.25 10h5.5" />
    </>
  ),
  pending: ring,
};

/** The progress of a phase, by shape: the colour only repeats it. */
export function PhaseIcon({ progress }: { readonly progress: PhaseProgress }) {
  return <Icon name={`phase-${progress}`}>{SHAPES[progress]}</Icon>;
}
