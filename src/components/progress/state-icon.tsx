import { Icon, SpinnerIcon, WarningIcon } from "../shared/icons.js";
import type { ProgressKind } from "../wording/describe-progress.js";

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
