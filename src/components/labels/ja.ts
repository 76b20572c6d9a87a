import { type Formatter, hoursLeft, isJustNow, some } from "./formatter.js";
import type { SyncLabels } from "./sync-labels.js";

const ago = (format: Formatter, time: number, now: number) =>
  isJustNow(time, now) ? "たった今" : format.timeAgo(time, now);

const about = (phase: string, text: string) => `${phase}：${text}`;
const inPhase = (phase: string | null) => (phase === null ? "" : `（${phase}）`);

/** Japanese. */
export const labelsJa: SyncLabels = {
  language: "ja",

  syncing: (name) => `${name}を同期しています`,
  waiting: (name) => `${name}は待機中です`,
  paused: (name) => `${name}は一時停止中です`,
  complete: (name) => `${name}は最新の状態です`,
  completeWithFailures: (name, failed, format) => `${name}を同期しました（問題${format.number(failed)}件）`,
  failed: (name) => `${name}を同期できませんでした`,
  timedOut: (name) => `${name}の同期に時間がかかりすぎました`,
  interrupted: (name) => `${name}の同期が中断されました`,
  cancelled: (name) => `${name}の同期をキャンセルしました`,
  signedOut: "サインアウトされました",
  notFound: "この同期はもう存在しません",
  unreachable: "現在、進捗を表示できません",
  unnamed: "データ",

  stages: {
    queued: "順番を待っています…",
    retrying: "再試行しています…",
    connecting: "接続しています…",
    syncing: "項目を取得しています…",
    parsing: "項目を読み込んでいます…",
    embedding: "インデックスを作成しています…",
    running: "処理しています…",
  },
  pausedAt: (processed, total, format, phase) =>
    total === null
      ? `${format.number(processed)}件で一時停止しています${inPhase(phase)}。`
      : `${format.number(total)}件中${format.number(processed)}件で一時停止しています${inPhase(phase)}。`,
  completeBody: (count, durationMs, format) =>
    `${format.number(count)}件を${durationMs === null ? "" : `${format.duration(durationMs)}で`}同期しました。`,
  nothingNew: "新しい項目はありません。",
  completeWithFailuresBody: (synced, total, format) =>
    `${format.number(total)}件中${format.number(synced)}件を同期しました。`,
  timedOutBody: "長時間進捗がなかったため、同期を停止しました。",
  interruptedBody: "同期中にサーバーが再起動しました。",
  failedBody: "サーバーから理由が通知されませんでした。",
  notResponding: "サーバーが応答しません。",
  cancelledBody: (kept, total, format) =>
    total === null
      ? `${format.number(kept)}件が保存されています。`
      : `${format.number(total)}件中${format.number(kept)}件が保存されています。`,
  itemsKept: (count, format) => `${format.number(count)}件が保存されています。`,
  signedOutBody: "進捗を見るには、もう一度サインインしてください。同期は続いています。",
  notFoundBody: "期限が切れたか、別のアカウントの同期である可能性があります。",
  unreachableBody: (retryInMs, format) =>
    retryInMs === null
      ? "サーバーが応答しません。再試行しています…"
      : `サーバーが応答しません。${format.duration(retryInMs)}後に再試行します。`,
  whatNext: "今すぐ再試行できます。",

  stalled: (lastUpdateAt, now, format) => `処理を続けています。最後の更新は${ago(format, lastUpdateAt, now)}です。`,
  reconnecting: "接続が切れたため、再接続しています。同期は続いています。",
  reconnectingPaused: "接続が切れたため、再接続しています。",
  offline: "オフラインです。同期は続いており、接続が戻ると表示が更新されます。",
  offlinePaused: "オフラインです。接続が戻ると表示が更新されます。",

  phases: "段階",
  phaseProgress: { done: "完了", current: "進行中", stopped: "停止", pending: "未開始" },
  about,

  progressValue: (percent, processed, total, format, phase) => {
    const share = `${format.number(Math.floor(percent))}パーセント`;
    if (total === null) return share;
    const counts = `${format.number(total)}件中${format.number(processed)}件`;
    return `${share}、${phase === null ? counts : about(phase, counts)}`;
  },
  items: "項目",
  itemsOf: (processed, total, format) => `${format.number(processed)} / ${format.number(total)}`,
  itemsSoFar: (processed, format) => `これまでに${format.number(processed)}件`,
  failedItems: "失敗",
  currentItem: "処理中",
  timeLeft: (minutes, format) => {
    if (minutes === 0) return `残り${format.number(1)}分未満`;
    const hours = hoursLeft(minutes);
    if (hours === null) return `残り約${format.number(minutes)}分`;
    return `残り約${format.number(Math.floor(hours))}時間${Number.isInteger(hours) ? "" : "半"}`;
  },
  failuresTitle: (failed, format) => `失敗した項目：${format.number(failed)}件`,
  failuresLoading: "失敗した項目を読み込んでいます…",
  failuresError: "失敗した項目を読み込めませんでした。",
  showMore: "さらに表示",

  runInBackground: "バックグラウンドで続ける",
  pause: "一時停止",
  resume: "再開",
  cancelSync: "同期をキャンセル",
  cancelQuestion: (name) => `${name}の同期を停止しますか？同期済みの項目は残ります。`,
  stop: "停止",
  keepSyncing: "同期を続ける",
  tryNow: "今すぐ再試行",
  tryAgain: "再試行",
  retryFailed: "失敗した項目を再試行",
  syncAgain: "もう一度同期",
  signIn: "サインイン",
  done: "完了",
  close: "閉じる",
  closesIn: (remainingMs, format) => `${format.number(Math.ceil(remainingMs / 1_000))}秒後に閉じます`,
  closePaused: "操作中は開いたままです",
  keepOpen: "開いたままにする",
  commandPending: {
    cancel: "キャンセルしています…",
    pause: "一時停止しています…",
    resume: "再開しています…",
    retry: "もう一度開始しています…",
    retry_failed: "もう一度開始しています…",
  },
  commandFailures: {
    forbidden: "この操作を行う権限がありません。",
    conflict: "現在この操作はできません。",
    unreachable: "サーバーが応答していません。何も変更されていません。",
  },
  commandFailed: "うまくいきませんでした。もう一度お試しください。",
  notifyEmail: "完了したらメールで知らせる",
  notifyEmailFailed: "設定を保存できませんでした。",

  announceStart: (name) => `${name}の同期を開始しました。`,
  announceState: (headline, body) => `${headline}。${body}`,
  announcePercent: (name, percent, format) => `${name}：${format.percent(percent)}。`,
  announceResumed: (name) => `${name}の同期を再開しました。`,
  announceFound: (name) => `${name}：再接続しました。`,
  announceClosing: (remainingMs, format) => `${format.number(Math.ceil(remainingMs / 1_000))}秒後に閉じます。`,

  syncs: "同期",
  syncCounts: ({ running, paused, failed, withProblems, finished }, format) =>
    [
      [running, "同期中"] as const,
      [paused, "一時停止中"] as const,
      [failed, "失敗"] as const,
      [withProblems, "問題あり"] as const,
      [finished, "完了"] as const,
    ]
      .filter(([count]) => count > 0)
      .map(([count, words]) => `${words}${format.number(count)}件`)
      .join("、"),
  syncsFinished: (finished, total, format) => `${format.number(total)}件中${format.number(finished)}件が完了しました。`,
  moreSyncs: (count, format) => `他${format.number(count)}件`,
  offlineShort: "オフライン",
  connectionLost: "接続が切れました",
  dismiss: "表示を消す",
  dismissFinished: "完了した同期を消す",
  notifyMe: "通知を受け取る",
  titlePrefix: (hasFailed) => (hasFailed ? "(失敗) " : "(完了) "),

  cardStatus: {
    not_connected: "未接続",
    connecting: "接続中…",
    connected: "接続済み",
    syncing: "同期中",
    needs_reauth: "アクセス期限切れ",
    error: "前回の同期に失敗しました",
    paused: "一時停止中",
  },
  connect: "接続",
  reauthorize: "再接続",
  syncNow: "今すぐ同期",
  showProgress: "進捗を表示",
  syncEverything: "すべて再同期",
  lastSynced: (time, now, count, format) => `最終同期：${ago(format, time, now)}、${format.number(count)}件`,
  neverSynced: "まだ同期していません",
  moreActions: (name) => `${name}のその他の操作`,

  allSources: "すべてのソース",
  syncAll: "すべて同期",
  cancelAll: "すべてキャンセル",
  cancelAllQuestion: "すべての同期を停止しますか？同期済みの項目は残ります。",
  sourcesConnected: (count, format) => `接続済みのソース：${format.number(count)}件`,
  allSummary: ({ total, upToDate, running, waiting, cancelled, failed, withProblems }, format) => {
    if (upToDate === total) return total === 1 ? "最新の状態です" : `${format.number(total)}件すべて最新`;
    const parts = [`${format.number(total)}件中${format.number(upToDate)}件が最新`];
    if (failed.length > 0) parts.push(`失敗：${some(failed, format)}`);
    if (withProblems.length > 0) parts.push(`問題あり：${some(withProblems, format)}`);
    if (cancelled > 0) parts.push(`キャンセル：${format.number(cancelled)}`);
    if (running > 0) parts.push(`同期中：${format.number(running)}`);
    if (waiting > 0) parts.push(`待機中：${format.number(waiting)}`);
    return parts.join("、");
  },
  announceAllStart: (count, format) => `${format.number(count)}件のソースの同期を開始しました。`,
  noSources: "接続済みのソースはまだありません。",
  sourcesLoading: "ソースを読み込んでいます…",
  sourcesError: "ソースを読み込めませんでした。",
  notStarted: "未開始",
  results: { complete: "完了", partly_failed: "問題あり", failed: "失敗", cancelled: "キャンセル済み" },

  history: "同期の履歴",
  historyLoading: "同期を読み込んでいます…",
  historyError: "同期を読み込めませんでした。",
  historyEmpty: "まだ何も同期していません。",
  historyNoMatch: "条件に合う同期はありません。",
  historyFound: (count, hasMore, format) => `${format.number(count)}件${hasMore ? "以上" : ""}見つかりました。`,
  historyUnsupported: "このサーバーは過去の同期の一覧を保存していません。",
  filterSource: "ソース",
  filterResult: "結果",
  filterAll: "すべて",
  duration: "所要時間",
  startedBy: "開始した人",
  details: "詳細",
  searchFailures: "失敗した項目を検索",
  noFailureMatches: "該当する失敗した項目はありません。",
  copy: "コピー",
  copied: (count, format) => `${format.number(count)}件をコピーしました。`,
  copyFailed: "ブラウザーがコピーを許可しませんでした。",
  log: "ログ",
  download: (kind) => `${kind}をダウンロード`,
  downloadCut: "ファイルは不完全です。サーバーにはこれ以上保存されていません。",
  downloadFailed: "ファイルをダウンロードできませんでした。",
};
