import type { DownloadFormat } from "../../protocol/download.js";

const MEDIA_TYPES: Readonly<Record<DownloadFormat, string>> = {
  csv: "text/csv;charset=utf-8",
  ndjson: "application/x-ndjson",
};

/** Lets the browser save a text as a file. */
export function saveFile(text: string, fileName: string, format: DownloadFormat): void {
  const url = URL.createObjectURL(new Blob([text], { type: MEDIA_TYPES[format] }));
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // Not at once: the browser reads it in a task of its own.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
