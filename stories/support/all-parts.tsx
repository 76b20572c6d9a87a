import { SyncProgress } from "react-sync-progress";

/** Every part but the failures, as the modal lays them out; to be put into a `SyncProgress.Root`. */
export function AllParts({ titleLevel = 2 }: { readonly titleLevel?: 1 | 2 }) {
  return (
    <>
      <div className="sp-body">
        <SyncProgress.Title level={titleLevel} />
        <SyncProgress.Stage />
        <SyncProgress.Bar />
        <div className="sp-figures">
          <SyncProgress.Stats />
          <SyncProgress.Eta />
        </div>
        <SyncProgress.CurrentItem />
        <SyncProgress.ConnectionNotice />
        <SyncProgress.Error />
      </div>
      <SyncProgress.AutoClose />
      <SyncProgress.Actions />
    </>
  );
}
