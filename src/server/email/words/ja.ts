import type { EmailWords } from "../email-words.js";

/** Japanese. */
export const emailWordsJa: EmailWords = {
  language: "ja",
  direction: "ltr",
  complete: (name) => `${name}は最新の状態です`,
  partlyFailed: (name, failed, numbers) => `${name}を同期しました（問題${numbers.number(failed)}件）`,
  failed: (name) => `${name}を同期できませんでした`,
  timedOut: (name) => `${name}の同期に時間がかかりすぎました`,
  interrupted: (name) => `${name}の同期が中断されました`,
  unnamed: "データ",
  synced: (count, numbers) => `${numbers.number(count)}件を同期しました。`,
  nothingNew: "新しい項目はありません。",
  syncedOf: (synced, total, numbers) => `${numbers.number(total)}件中${numbers.number(synced)}件を同期しました。`,
  failedReason: "エラーが発生しました。",
  timedOutReason: "時間がかかりすぎたため、同期を停止しました。",
  interruptedReason: "同期中にサーバーが再起動しました。",
  kept: (count, numbers) => `${numbers.number(count)}件が保存されています。`,
  whatNext: "もう一度同期を開始できます。",
  open: "同期を表示",
  why: "このメールは、同期が終了したためお送りしています。",
};
