import type { ReactNode } from "react";
import { Icon, SpinnerIcon, WarningIcon } from "../shared/icons.js";
import type { ProgressKind } from "../wording/progress-kind.js";

const ring = <circle cx="10" cy="10" r="7.25" />;

const failed = (
  <Icon name="failed">
    {ring}
    <path d="M10 6.25v4.5" />
    <path d="M10 13.7v.1" />
  </Icon>
);

const ICONS: Readonly<Record<ProgressKind, ReactNode>> = {
  opening: <SpinnerIcon />,
  running: <SpinnerIcon />,
  queued: (
    <Icon name="queued">
      {ring}
      <path d="M10 6.5V10l2.25 1.75" />
    </Icon>
  ),
  paused: (
    <Icon name="paused">
      {ring}
      <path d="M8.25 7.5v5M11.75 7.5v5" />
    </Icon>
  ),
  complete: (
    <Icon name="complete">
      {ring}
      <path d="m6.75 10.25 2.25 2.25 4.25-4.75" />
    </Icon>
  ),
  partial: <WarningIcon />,
  cancelled: (
    <Icon name="cancelled">
      {ring}
      <path d="M6.75 10h6.5" />
    </Icon>
  ),
  failed,
  unauthorized: failed,
  "not-found": failed,
  unreachable: failed,
};

/** The icon of a state. */
export function StateIcon({ kind }: { readonly kind: ProgressKind }) {
  return ICONS[kind];
}
