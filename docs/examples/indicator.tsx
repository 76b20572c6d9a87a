"use client";

import type { ReactNode } from "react";
import { SyncIndicator, useIntegrations } from "react-sync-progress";
import "react-sync-progress/styles.css";

export function Layout({ children }: { readonly children: ReactNode }) {
  const { integrations } = useIntegrations();
  return (
    <>
      <main>{children}</main>
      <SyncIndicator integrations={integrations} />
    </>
  );
}
