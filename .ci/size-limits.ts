/** What an app imports, and how many bytes of gzip it may cost there, peers (react, hono, msw) excluded. */
export interface SizeLimit {
  readonly title: string;
  /** Resolved in `dist/`. */
  readonly code: string;
  readonly maxGzipBytes: number;
}

const everything = (entry: string) => `export * from "./${entry}.js"`;
const only = (name: string) => `export { ${name} } from "./index.js"`;

/** One line for each entry and for each import that the README starts with; `npm test` compares, `npm run size` prints. */
export const SIZE_LIMITS: readonly SizeLimit[] = [
  { title: "headless, everything", code: everything("headless"), maxGzipBytes: 17_100 },
  { title: "main, everything", code: everything("index"), maxGzipBytes: 49_800 },
  { title: "{ useSyncProgress }", code: only("useSyncProgress"), maxGzipBytes: 15_000 },
  { title: "{ SyncProgress }", code: only("SyncProgress"), maxGzipBytes: 30_400 },
  { title: "{ SyncProgressModal }", code: only("SyncProgressModal"), maxGzipBytes: 44_800 },
  { title: "{ IntegrationCard }", code: only("IntegrationCard"), maxGzipBytes: 48_500 },
  { title: "server, everything", code: everything("server"), maxGzipBytes: 18_000 },
  { title: "server/sqlite", code: everything("server/sqlite"), maxGzipBytes: 7_000 },
  { title: "msw, everything", code: everything("msw"), maxGzipBytes: 22_000 },
  { title: "labels, everything", code: everything("labels"), maxGzipBytes: 2_800 },
  { title: "labels/de", code: everything("labels/de"), maxGzipBytes: 2_400 },
  { title: "labels/ar", code: everything("labels/ar"), maxGzipBytes: 2_800 },
  { title: "labels/ja", code: everything("labels/ja"), maxGzipBytes: 2_400 },
  { title: "styles.css", code: '@import "./styles.css";', maxGzipBytes: 4_000 },
];
