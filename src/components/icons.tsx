import type { ReactNode } from "react";
import type { ProgressKind } from "./describe-progress.js";

/** Decorative: the words beside it say the same. */
function Icon({ children, name }: { readonly children: ReactNode; readonly name: string }) {
  return (
    <svg
      className="sp-icon"
      data-icon={name}
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export function SpinnerIcon() {
  return (
    <Icon name="spinner">
      <circle cx="10" cy="10" r="7.25" opacity="0.25" />
      <path d="M10 2.75a7.25 7.25 0 0 1 7.25 7.25" />
    </Icon>
  );
}

export function WarningIcon() {
  return (
    <Icon name="warning">
      <path d="M10 3 2.5 16.5h15L10 3Z" />
      <path d="M10 8.5v3.5" />
      <path d="M10 14.4v.1" />
    </Icon>
  );
}

export function MoreIcon() {
  return (
    <Icon name="more">
      <path d="M4.5 10h.01M10 10h.01M15.5 10h.01" strokeWidth="3" />
    </Icon>
  );
}

/** The icon of a state. */
export function StateIcon({ kind }: { readonly kind: ProgressKind }) {
  switch (kind) {
    case "complete":
      return (
        <Icon name="complete">
          <circle cx="10" cy="10" r="7.25" />
          <path d="m6.75 10.25 2.25 2.25 4.25-4.75" />
        </Icon>
      );
    case "partial":
      return <WarningIcon />;
    case "failed":
    case "not-found":
    case "unauthorized":
    case "unreachable":
      return (
        <Icon name="failed">
          <circle cx="10" cy="10" r="7.25" />
          <path d="M10 6.25v4.5" />
          <path d="M10 13.7v.1" />
        </Icon>
      );
    case "cancelled":
      return (
        <Icon name="cancelled">
          <circle cx="10" cy="10" r="7.25" />
          <path d="M6.75 10h6.5" />
        </Icon>
      );
    case "paused":
    case "queued":
      return (
        <Icon name={kind}>
          <circle cx="10" cy="10" r="7.25" />
          {kind === "paused" ? <path d="M8.25 7.5v5M11.75 7.5v5" /> : <path d="M10 6.5V10l2.25 1.75" />}
        </Icon>
      );
    default:
      return <SpinnerIcon />;
  }
}
