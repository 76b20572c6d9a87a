import { SyncProgress } from "react-sync-progress";

/** Every part, one after the other; to be put into a `SyncProgress.Root`. */
export function AllParts({ titleLevel = 2 }: { readonly titleLevel?: 1 | 2 }) {
  return (
    <>
      <SyncProgress.Title level={titleLevel} />
      <SyncProgress.Stage />
      <SyncProgress.Bar />
      <SyncProgress.Phases />
      <div style={{ display: "flex", flexWrap: "wrap", justifyContent: "space-between" }}>
        <SyncProgress.Stats />
        <SyncProgress.Eta />
      </div>
      <SyncProgress.CurrentItem />
      <SyncProgress.ConnectionNotice />
      <SyncProgress.Error />
      <SyncProgress.NotifyEmail />
      <SyncProgress.AutoClose />
      <SyncProgress.Actions />
    </>
  );
}
