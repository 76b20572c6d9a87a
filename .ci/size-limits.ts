/** What an app imports, and how many bytes of gzip it may cost there, peers excluded. */
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
  { title: "headless, everything", code: everything("headless"), maxGzipBytes: 25_600 },
  { title: "main, everything", code: everything("index"), maxGzipBytes: 71_700 },
  { title: "{ useSyncProgress }", code: only("useSyncProgress"), maxGzipBytes: 18_400 },
  { title: "{ SyncProgress }", code: only("SyncProgress"), maxGzipBytes: 35_900 },
  { title: "{ SyncProgressModal }", code: only("SyncProgressModal"), maxGzipBytes: 50_800 },
  { title: "{ IntegrationCard }", code: only("IntegrationCard"), maxGzipBytes: 54_400 },
  { title: "{ useSyncAll }", code: only("useSyncAll"), maxGzipBytes: 19_900 },
  { title: "{ SyncAll }", code: only("SyncAll"), maxGzipBytes: 41_400 },
  { title: "{ SyncIndicator }", code: only("SyncIndicator"), maxGzipBytes: 58_500 },
  { title: "{ SyncHistory }", code: only("SyncHistory"), maxGzipBytes: 42_800 },
  { title: "server, everything", code: everything("server"), maxGzipBytes: 26_000 },
  { title: "server/sqlite", code: everything("server/sqlite"), maxGzipBytes: 7_500 },
  { title: "server/redis", code: everything("server/redis"), maxGzipBytes: 10_600 },
  { title: "server/postgres", code: everything("server/postgres"), maxGzipBytes: 9_900 },
  { title: "server/node", code: everything("server/node"), maxGzipBytes: 600 },
  { title: "server/jwt", code: everything("server/jwt"), maxGzipBytes: 3_000 },
  { title: "server/bullmq", code: everything("server/bullmq"), maxGzipBytes: 2_000 },
  { title: "server/email", code: everything("server/email"), maxGzipBytes: 7_800 },
  { title: "server/opentelemetry", code: everything("server/opentelemetry"), maxGzipBytes: 2_400 },
  { title: "msw, everything", code: everything("msw"), maxGzipBytes: 29_400 },
  { title: "devtools, in an app that has the hooks", code: everything("devtools"), maxGzipBytes: 19_000 },
  { title: "testing, everything", code: everything("testing"), maxGzipBytes: 18_400 },
  { title: "labels, everything", code: everything("labels"), maxGzipBytes: 3_800 },
  { title: "labels/de", code: everything("labels/de"), maxGzipBytes: 3_600 },
  { title: "labels/ar", code: everything("labels/ar"), maxGzipBytes: 4_200 },
  { title: "labels/ja", code: everything("labels/ja"), maxGzipBytes: 3_700 },
  { title: "styles.css", code: '@import "./styles.css";', maxGzipBytes: 5_600 },
];
