import { useState } from "react";

/** What can go wrong, by hand: `createMockSyncBackend().driver` has it. */
export interface FaultDriver {
  /** Breaks every open stream now. */
  drop(): void;
  /** What happens to responses from now on; `{}` for nothing. */
  setFaults(faults: {
    readonly status?: 401 | 503;
    readonly isStreamOnly?: boolean;
    readonly isSilent?: boolean;
  }): void;
}

const FAULTS = [
  { name: "none", label: "None", faults: {} },
  { name: "silent", label: "Streams are silent", faults: { isSilent: true } },
  { name: "blocked", label: "Streams are blocked", faults: { status: 503, isStreamOnly: true } },
  { name: "away", label: "Server is away", faults: { status: 503 } },
  { name: "signed-out", label: "Signed out", faults: { status: 401 } },
] as const;

/** Lets the connection of a mocked backend fail. */
export function FaultControls({ driver }: { readonly driver: FaultDriver }) {
  const [chosen, setChosen] = useState("none");
  return (
    <div className="faults">
      <fieldset>
        <legend>Fault</legend>
        {FAULTS.map(({ name, label, faults }) => (
          <label key={name}>
            <input
              type="radio"
              name="fault"
              checked={chosen === name}
              onChange={() => {
                setChosen(name);
                driver.setFaults(faults);
              }}
            />{" "}
            {label}
          </label>
        ))}
      </fieldset>
      <button type="button" onClick={() => driver.drop()}>
        Drop connections
      </button>
    </div>
  );
}
