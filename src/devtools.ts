export type { FaultDriver } from "./devtools/fault-controls.js";
export { SyncDevtools, type SyncDevtoolsProps } from "./devtools/sync-devtools.js";
