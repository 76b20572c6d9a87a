import { useState } from "react";
import {
  type Integrations,
  SyncAll,
  SyncHistory,
  SyncIndicator,
  SyncProgressModal,
  useIntegrations,
  useSyncNotifications,
} from "react-sync-progress";
import { Library } from "./library.js";
import { Outbox } from "./outbox.js";
import { PAGES, type PageHash, usePage } from "./use-page.js";

/** The pages of a person, and on each of them what runs. */
export function SignedIn({ onSignedOut }: { readonly onSignedOut: () => void }) {
  const sources = useIntegrations();
  const page = usePage();
  const [shownId, setShownId] = useState<string | null>(null);
  const [isShown, setIsShown] = useState(false);
  const show = (syncId: string) => {
    setShownId(syncId);
    setIsShown(true);
  };
  return (
    <>
      <Navigation page={page} />
      <main>
        <CurrentPage page={page} sources={sources} onShow={show} onSignedOut={onSignedOut} />
      </main>
      <SyncProgressModal
        syncId={shownId}
        open={isShown}
        onOpenChange={setIsShown}
        onRetried={setShownId}
        onSignIn={onSignedOut}
      />
      <SyncIndicator integrations={sources.integrations} onSignIn={onSignedOut} />
    </>
  );
}

function Navigation({ page }: { readonly page: PageHash }) {
  const { permission, request } = useSyncNotifications();
  return (
    <nav className="demo-nav" aria-label="Pages">
      {PAGES.map(({ hash, title }) => (
        <a key={title} href={hash === "" ? "#" : hash} aria-current={hash === page ? "page" : undefined}>
          {title}
        </a>
      ))}
      {permission === "default" && (
        <button type="button" className="demo-link" onClick={() => void request()}>
          Notify me when a sync has ended
        </button>
      )}
    </nav>
  );
}

interface CurrentPageProps {
  readonly page: PageHash;
  readonly sources: Integrations;
  readonly onShow: (syncId: string) => void;
  readonly onSignedOut: () => void;
}

function CurrentPage({ page, sources, onShow, onSignedOut }: CurrentPageProps) {
  switch (page) {
    case "":
      return <Library sources={sources} onSignedOut={onSignedOut} />;
    case "#/all":
      return (
        <div className="demo-page">
          <h1>Everything at once</h1>
          <SyncAll onShowProgress={onShow} />
        </div>
      );
    case "#/history":
      return (
        <div className="demo-page">
          <h1>What has been synced</h1>
          <SyncHistory onShowProgress={onShow} />
        </div>
      );
    case "#/outbox":
      return (
        <div className="demo-page">
          <h1>What would have been mailed to you</h1>
          <Outbox />
        </div>
      );
    default:
      return page satisfies never;
  }
}
