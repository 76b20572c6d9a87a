export type { CardMenuItem } from "./components/card-menu.js";
export {
  type DescribedProgress,
  describeProgress,
  type ProgressAction,
  type ProgressDescription,
  type ProgressKind,
  type ProgressNotice,
} from "./components/describe-progress.js";
export { IntegrationCard, type IntegrationCardPart, type IntegrationCardProps } from "./components/integration-card.js";
export { labelsEn } from "./components/labels/en.js";
export { createFormatter, type Formatter, type PluralForms, pluralize } from "./components/labels/formatter.js";
export type { SyncLabels } from "./components/labels/sync-labels.js";
export type { PartProps } from "./components/part.js";
export type { ProgressClassNames, ProgressPart } from "./components/progress-parts.js";
export type { ProgressHandlers, ProgressRootProps } from "./components/progress-root.js";
export { SyncProgress } from "./components/sync-progress.js";
export {
  SyncProgressModal,
  type SyncProgressModalPart,
  type SyncProgressModalProps,
} from "./components/sync-progress-modal.js";
export type { ProgressWording } from "./components/use-description.js";
export type { Wording } from "./components/use-wording.js";
export * from "./headless.js";
