import type { SyncView } from "../../client/sync-view.js";
import type { Integration } from "../../protocol/integration.js";
import { type SyncClientSource, useSyncClient } from "../../react/sync-provider.js";
import { type SyncNotifications, useSyncNotifications } from "../../react/use-sync-notifications.js";
import { describeSyncs } from "../wording/describe-syncs.js";
import { useWording, type WordingProps } from "../wording/use-wording.js";
import { useDescribedSync } from "./use-described-sync.js";

/** Systems cut what is longer. */
const MAX_LINES = 5;

interface IndicatorNotificationsOptions extends SyncClientSource, WordingProps {
  readonly enabled: boolean;
  readonly integrations: readonly Integration[] | undefined;
  /** The person has clicked the notification of one sync. */
  readonly onShow: (syncId: string) => void;
}

/** `useSyncNotifications` in the words of the components, and the button that requests the permission. */
export function useIndicatorNotifications({
  enabled,
  integrations,
  onShow,
  labels: given,
  locale,
  ...source
}: IndicatorNotificationsOptions): SyncNotifications & { readonly label: string } {
  const client = useSyncClient(source);
  const wording = useWording({ labels: given, locale });
  const { labels, format } = wording;
  const { describe } = useDescribedSync(client, integrations, wording);

  const notificationText = (ended: readonly SyncView[]) => {
    const texts = ended.map(describe);
    const [only] = texts;
    if (texts.length === 1 && only !== undefined) return { title: only.headline, body: only.body };
    const { counts } = describeSyncs(ended, labels, format, null);
    const lines = texts.slice(0, MAX_LINES).map(({ headline }) => headline);
    return { title: labels.about(labels.syncs, counts), body: lines.join("\n") };
  };
  const notifications = useSyncNotifications({
    client,
    enabled,
    notificationText,
    titlePrefix: (ended) => labels.titlePrefix(ended.some(({ status }) => status === "error")),
    onSelect([first, ...others]) {
      if (first !== undefined && others.length === 0) onShow(first.syncId);
    },
  });
  return { ...notifications, label: labels.notifyMe };
}
