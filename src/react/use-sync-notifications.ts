import { useCallback, useEffect, useReducer, useSyncExternalStore } from "react";
import { claimEnd } from "../client/claim-end.js";
import type { SyncView } from "../client/sync-view.js";
import { TitlePrefix } from "../client/title-prefix.js";
import { watchEnds } from "../client/watch-ends.js";
import { describeEnded, type NotificationWords, titlePrefixOf } from "./notification-text.js";
import { type SyncClientSource, useSyncClient } from "./sync-provider.js";
import { useLatest } from "./use-latest.js";

/** Whether the person lets the page notify them; `"unsupported"` if the browser cannot. */
export type SyncNotificationPermission = NotificationPermission | "unsupported";

/** Options of {@link useSyncNotifications}. Functions may change with every render. */
export interface UseSyncNotificationsOptions extends SyncClientSource {
  /** Whether to notify at all. Default true. */
  readonly enabled?: boolean | undefined;
  /** ms that a sync must have taken for its end to be worth a notice. Default 10,000. */
  readonly minDurationMs?: number | undefined;
  /**
   * The words before the page's title until the person comes back, for the syncs that have ended since they left; `false` leaves the title
   * alone. Default `"(done) "`, or `"(failed) "` when one has failed.
   */
  readonly titlePrefix?: ((ended: readonly SyncView[]) => string) | false | undefined;
  /** The words of a notification, for the syncs that have ended together. Default English ones. */
  readonly notificationText?: ((ended: readonly SyncView[]) => NotificationWords) | undefined;
  /** The URL of an image in the notification. Default none. */
  readonly icon?: string | undefined;
  /** The person has clicked the notification; the window has the focus by then. */
  readonly onSelect?: ((ended: readonly SyncView[]) => void) | undefined;
}

/** The return value of {@link useSyncNotifications}. */
export interface SyncNotifications {
  /** What the person has allowed so far. */
  readonly permission: SyncNotificationPermission;
  /** Asks the person to allow notifications; to be called from a click. Never rejects. The same function in every render. */
  request(): Promise<SyncNotificationPermission>;
}

const DEFAULT_MIN_DURATION_MS = 10_000;

/**
 * Notifies a person who is in another tab that a sync has ended: by the page's title, and if they have allowed it, by a
 * notification of the browser. One for several that end together, from one tab only, and none while any tab of the
 * application is seen, for a short sync, or for one that was cancelled.
 *
 * @example
 * const { permission, request } = useSyncNotifications();
 * return permission === "default" && <button onClick={() => void request()}>Notify me</button>;
 */
export function useSyncNotifications(options: UseSyncNotificationsOptions = {}): SyncNotifications {
  const client = useSyncClient(options);
  const { enabled = true } = options;
  const latest = useLatest(options);

  useEffect(() => {
    if (!enabled) return;
    const title = new TitlePrefix();
    const shown = new Set<Notification>();
    let unseen: readonly SyncView[] = [];
    const onVisibilityChange = () => {
      if (document.visibilityState === "hidden") return;
      unseen = [];
      title.clear();
      for (const notification of shown) notification.close();
      shown.clear();
    };
    const stop = watchEnds(client, () => latest.current.minDurationMs ?? DEFAULT_MIN_DURATION_MS, {
      onEnd({ syncId }) {
        // Seen here: no other tab has to notify.
        if (document.visibilityState !== "hidden") void claimEnd(syncId);
      },
      onEnded(views) {
        if (document.visibilityState !== "hidden") return;
        const { titlePrefix = titlePrefixOf } = latest.current;
        unseen = [...unseen, ...views];
        if (titlePrefix !== false) title.show(titlePrefix(unseen));
        void notify(views, latest.current, shown);
      },
    });
    document.addEventListener("visibilitychange", onVisibilityChange);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", onVisibilityChange);
      title.clear();
    };
  }, [client, enabled, latest]);

  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  const permission = useSyncExternalStore(subscribeToPermission, readPermission, () => "default" as const);
  const request = useCallback(async () => {
    if (readPermission() === "default") await Notification.requestPermission().catch(() => {});
    renderAgain();
    return readPermission();
  }, []);
  return { permission, request };
}

async function notify(
  views: readonly SyncView[],
  { notificationText = describeEnded, icon, onSelect }: UseSyncNotificationsOptions,
  shown: Set<Notification>,
): Promise<void> {
  if (readPermission() !== "granted") return;
  const claims = await Promise.all(views.map(({ syncId }) => claimEnd(syncId)));
  const ours = views.filter((_, index) => claims[index]);
  const [first] = ours;
  if (first === undefined || document.visibilityState !== "hidden") return;
  const { title, body } = notificationText(ours);
  try {
    // The same tag from two tabs, in browsers without locks, is one notification.
    const tag = `react-sync-progress:${first.syncId}`;
    const notification = new Notification(title, { body, tag, ...(icon === undefined ? {} : { icon }) });
    shown.add(notification);
    notification.onclick = () => {
      window.focus();
      notification.close();
      onSelect?.(ours);
    };
  } catch {
    // Chrome on Android has notifications of service workers only; the title must do.
  }
}

function readPermission(): SyncNotificationPermission {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}

/** The person may change it in the settings of the browser. */
function subscribeToPermission(notifyReact: () => void): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  navigator.permissions?.query({ name: "notifications" }).then(
    (status) => {
      if (!signal.aborted) status.addEventListener("change", notifyReact, { signal });
    },
    () => {},
  );
  return () => controller.abort();
}
