"use client";

import { IntegrationCard, useIntegrations } from "react-sync-progress";
import "react-sync-progress/styles.css";

export function Sources() {
  const { integrations, isLoading, error, reload } = useIntegrations();
  if (isLoading) return <p>Loading...</p>;
  return (
    <>
      {error !== null && (
        <p role="alert">
          {error.safeMessage ?? "Your sources could not be loaded."}{" "}
          <button type="button" onClick={() => void reload()}>
            Try again
          </button>
        </p>
      )}
      <ul style={{ display: "grid", gap: "1rem", padding: 0 }}>
        {integrations.map((integration) => (
          <IntegrationCard key={integration.type} integration={integration} />
        ))}
      </ul>
    </>
  );
}
