/** The formats of a download. */
export const DOWNLOAD_FORMATS = ["csv", "ndjson"] as const;

/** The format of a download: a table for people, or one JSON object a line for programs. */
export type DownloadFormat = (typeof DOWNLOAD_FORMATS)[number];

/** What of a sync can be downloaded. */
export type DownloadList = "failures" | "log";

/** Says `true` in the response of a download that does not hold all entries; its last entry says so, too. */
export const CUT_HEADER = "x-sync-progress-cut";

/** The failed items or the log of a sync, as the text of a file. */
export interface SyncDownload {
  readonly text: string;
  /** There were more entries than the server keeps or sends. */
  readonly isCut: boolean;
  /** What to call the file. */
  readonly fileName: string;
}
