import { IntegrationCard, type Integrations } from "react-sync-progress";
import { Search } from "./search.js";

/** The integrations, and the search over what was synced. */
export function Library({
  sources: { integrations, isLoading, error, reload },
  onSignedOut,
}: {
  readonly sources: Integrations;
  readonly onSignedOut: () => void;
}) {
  return (
    <>
      <section aria-labelledby="sources">
        <h1 id="sources">Your sources</h1>
        {isLoading && <p>Loading...</p>}
        {error !== null && (
          <p role="alert">
            Your sources could not be loaded.{" "}
            <button type="button" className="demo-link" onClick={() => void reload()}>
              Try again
            </button>
          </p>
        )}
        <ul className="demo-cards">
          {integrations.map((integration) => (
            <IntegrationCard
              key={integration.type}
              integration={integration}
              headingLevel={2}
              modal={{ onSignIn: onSignedOut }}
            />
          ))}
        </ul>
      </section>
      <Search syncedItems={integrations.reduce((sum, one) => sum + one.totalItemsSynced, 0)} />
    </>
  );
}
