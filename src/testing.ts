export { type RenderWithSyncOptions, renderWithSync } from "./testing/render-with-sync.js";
export type { TestSyncRequest } from "./testing/test-backend.js";
export {
  type Act,
  createTestSync,
  type TestSync,
  type TestSyncChange,
  type TestSyncOptions,
} from "./testing/test-sync.js";
