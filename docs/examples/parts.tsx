"use client";

import { type ComponentPropsWithoutRef, forwardRef } from "react";
import { SyncProgress, useSyncProgress } from "react-sync-progress";

const Button = forwardRef<HTMLButtonElement, ComponentPropsWithoutRef<"button">>(function Button(props, ref) {
  return <button type="button" {...props} className="my-button" ref={ref} />;
});

export function InlineProgress({ syncId }: { readonly syncId: string }) {
  return (
    <SyncProgress.Root state={useSyncProgress(syncId)} name="Gmail">
      <SyncProgress.Title level={3} />
      <SyncProgress.Bar />
      <SyncProgress.ConnectionNotice />
      <SyncProgress.Actions>
        <SyncProgress.Action action="pause" asChild>
          <Button />
        </SyncProgress.Action>
        <SyncProgress.Action action="resume" asChild>
          <Button />
        </SyncProgress.Action>
      </SyncProgress.Actions>
    </SyncProgress.Root>
  );
}
