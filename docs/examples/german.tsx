import { SyncProgressModal } from "react-sync-progress";
import { labelsDe } from "react-sync-progress/labels/de";

export function Fortschritt(props: { readonly syncId: string; readonly onClose: () => void }) {
  return <SyncProgressModal name="Gmail" labels={labelsDe} syncId={props.syncId} open onOpenChange={props.onClose} />;
}
