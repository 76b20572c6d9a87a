export { labelsEn } from "./components/labels/en.js";
export { createFormatter, type Formatter, type PluralForms, pluralize } from "./components/labels/formatter.js";
export type { AllSourcesCount, SyncLabels } from "./components/labels/sync-labels.js";
