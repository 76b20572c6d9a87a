import { useEffect, useId, useRef, useState, useSyncExternalStore } from "react";
import type { SyncClient } from "../client/sync-client.js";
import { DevtoolsLog } from "./devtools-log.js";
import { EventList } from "./event-list.js";
import { FaultControls, type FaultDriver } from "./fault-controls.js";
import { ShadowRoot } from "./shadow-root.js";
import { SyncList } from "./sync-list.js";

interface DevtoolsPanelProps {
  readonly client: SyncClient;
  readonly driver: FaultDriver | undefined;
  readonly defaultOpen: boolean;
}

/** The panel and the button that opens it, in a shadow root, where no style of the page reaches it. */
export function DevtoolsPanel({ client, driver, defaultOpen }: DevtoolsPanelProps) {
  const [log] = useState(() => new DevtoolsLog());
  useEffect(() => log.attach(client), [log, client]);
  const { isRecording, entries, dropped, syncs } = useSyncExternalStore(log.subscribe, log.getState);
  const [isOpen, setIsOpen] = useState(defaultOpen);
  const [selected, setSelected] = useState<string | null>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const running = syncs.filter(({ view }) => view.isRunning).length;
  const close = () => {
    setIsOpen(false);
    toggle.current?.focus();
  };

  return (
    <ShadowRoot>
      {isOpen && (
        <section
          id={panelId}
          className="panel"
          aria-label="Sync devtools"
          onKeyDown={(event) => {
            if (event.key === "Escape") close();
          }}
        >
          <header>
            <h2>Sync devtools</h2>
            <button type="button" aria-pressed={isRecording} onClick={() => log.setRecording(!isRecording)}>
              Record
            </button>
            <button type="button" onClick={() => log.clear()}>
              Clear
            </button>
            <button type="button" onClick={() => void copy(JSON.stringify({ entries, syncs }, null, 2))}>
              Copy
            </button>
            <button type="button" onClick={close}>
              Close
            </button>
          </header>
          {driver !== undefined && <FaultControls driver={driver} />}
          <div className="columns">
            <SyncList
              syncs={syncs}
              selected={selected}
              onSelect={setSelected}
              onReconnect={(syncId) => client.reconnect(syncId)}
            />
            <EventList
              entries={entries.filter((entry) => selected === null || entry.syncId === selected)}
              dropped={dropped}
            />
          </div>
        </section>
      )}
      <button
        ref={toggle}
        type="button"
        className="toggle"
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        onClick={() => setIsOpen(!isOpen)}
      >
        Syncs: {running} running
      </button>
    </ShadowRoot>
  );
}

async function copy(text: string): Promise<void> {
  // Not allowed in every page; then the button does nothing.
  await navigator.clipboard?.writeText(text).catch(() => {});
}
