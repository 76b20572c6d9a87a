import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { SyncIndicator, useActiveSyncs } from "react-sync-progress";

/**
 * The page of the growth benchmark. `?show=` says what follows the `?syncs=` syncs: `indicator` is the open indicator,
 * `headless` shows the aggregate of `useActiveSyncs`.
 */

const query = new URLSearchParams(location.search);
const baseUrl = `/api/${query.get("syncs")}`;
const SHOWN: Readonly<Record<string, () => ReactNode>> = {
  indicator: () => <SyncIndicator baseUrl={baseUrl} defaultOpen />,
  headless: () => <Aggregate />,
};

createRoot(document.getElementById("root") ?? document.body).render(SHOWN[query.get("show") ?? ""]?.());

function Aggregate() {
  const { syncs, aggregate } = useActiveSyncs({ baseUrl });
  return (
    <p>
      {syncs.length.toLocaleString("en")} syncs, {aggregate.running} running, {(aggregate.percent ?? 0).toFixed(3)} %
    </p>
  );
}
