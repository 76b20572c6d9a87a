import type { ReactNode } from "react";

/** Decorative: the words beside it say the same. */
export function Icon({ children, name }: { readonly children: ReactNode; readonly name: string }) {
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

export function ChevronIcon() {
  return (
    <Icon name="chevron">
      <path d="m5.5 12.5 4.5-4.5 4.5 4.5" />
    </Icon>
  );
}
