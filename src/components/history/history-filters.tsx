import { useId } from "react";
import type { Integration } from "../../protocol/integration.js";
import { SYNC_RESULTS } from "../../protocol/sync-result.js";
import type { SyncHistoryFilter } from "../../react/use-sync-history.js";
import { cx } from "../shared/part.js";
import { useHistoryContext } from "./history-context.js";

interface HistoryFiltersProps {
  readonly filter: SyncHistoryFilter;
  readonly integrations: readonly Integration[];
  readonly onChange: (filter: SyncHistoryFilter) => void;
}

const ALL = "";

/** Which syncs are shown: by integration and by result. */
export function HistoryFilters({ filter, integrations, onChange }: HistoryFiltersProps) {
  const { labels, classNames } = useHistoryContext();
  const [result] = filter.result ?? [];
  return (
    <div className={cx("sp-history-filters", classNames.filters)}>
      <Choice
        label={labels.filterSource}
        value={filter.type ?? ALL}
        options={integrations.map(({ type, name }) => [type, name])}
        onChange={(type) => onChange({ ...filter, type: type === ALL ? undefined : type })}
      />
      <Choice
        label={labels.filterResult}
        value={result ?? ALL}
        options={SYNC_RESULTS.map((one) => [one, labels.results[one]])}
        onChange={(chosen) => onChange({ ...filter, result: SYNC_RESULTS.filter((one) => one === chosen) })}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  const { labels, classNames } = useHistoryContext();
  const id = useId();
  return (
    <div className="sp-history-filter">
      <label htmlFor={id}>
        <bdi>{label}</bdi>
      </label>
      <select
        id={id}
        className={cx("sp-input", classNames.select)}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      >
        <option value={ALL}>{labels.filterAll}</option>
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
