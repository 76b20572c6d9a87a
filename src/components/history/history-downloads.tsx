import { useState } from "react";
import type { DownloadFormat, DownloadList } from "../../protocol/download.js";
import { ProgressButton } from "../progress/progress-button.js";
import { useHistoryContext } from "./history-context.js";
import { saveFile } from "./save-file.js";

interface HistoryDownloadsProps {
  readonly syncId: string;
  readonly list: DownloadList;
  /** What the files are of, for the names of the buttons. */
  readonly subject: string;
}

const FORMATS: readonly (readonly [format: DownloadFormat, kind: string])[] = [
  ["csv", "CSV"],
  ["ndjson", "NDJSON"],
];

/** Buttons that save a list of a sync as a file. */
export function HistoryDownloads({ syncId, list, subject }: HistoryDownloadsProps) {
  const { client, labels, classNames, announce } = useHistoryContext();
  const [state, setState] = useState<{ readonly pending: DownloadFormat | null; readonly notice: string | null }>({
    pending: null,
    notice: null,
  });

  const download = async (format: DownloadFormat) => {
    if (state.pending !== null) return;
    setState({ pending: format, notice: null });
    const end = (notice: string | null, politeness: "polite" | "assertive") => {
      setState({ pending: null, notice });
      if (notice !== null) announce(`download:${list}:${format}`, notice, politeness);
    };
    try {
      const { text, fileName, isCut } = await client.download(syncId, list, format);
      saveFile(text, fileName, format);
      end(isCut ? labels.downloadCut : null, "polite");
    } catch {
      end(labels.downloadFailed, "assertive");
    }
  };

  return (
    <>
      {FORMATS.map(([format, kind]) => (
        <ProgressButton
          key={format}
          look="quiet"
          classNames={classNames}
          content={labels.download(kind)}
          aria-label={labels.about(subject, labels.download(kind))}
          // Not `disabled`, which would drop the focus.
          aria-disabled={state.pending === format || undefined}
          onClick={() => void download(format)}
        />
      ))}
      {state.notice !== null && (
        <p className="sp-history-notice">
          <bdi>{state.notice}</bdi>
        </p>
      )}
    </>
  );
}
