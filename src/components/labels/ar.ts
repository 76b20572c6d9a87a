import { type Formatter, hoursLeft, isJustNow, pluralize, some } from "./formatter.js";
import type { SyncLabels } from "./sync-labels.js";

const items = (format: Formatter, count: number) =>
  pluralize(format, count, {
    zero: "لا عناصر",
    one: "عنصر واحد",
    two: "عنصران",
    few: "# عناصر",
    many: "# عنصرًا",
    other: "# عنصر",
  });
/** After a preposition or another noun; "no items" cannot stand there, so that none is a number like others. */
const oblique = (format: Formatter, count: number) =>
  pluralize(format, count, {
    one: "عنصر واحد",
    two: "عنصرين",
    few: "# عناصر",
    many: "# عنصرًا",
    other: "# عنصر",
  });
/* After "about", hence oblique, too. */
const aboutMinutes = (format: Formatter, count: number) =>
  pluralize(format, count, { one: "دقيقة", two: "دقيقتين", few: "# دقائق", many: "# دقيقة", other: "# دقيقة" });
const aboutHours = (format: Formatter, count: number) => {
  const whole = pluralize(format, Math.floor(count), {
    one: "ساعة",
    two: "ساعتين",
    few: "# ساعات",
    many: "# ساعة",
    other: "# ساعة",
  });
  return Number.isInteger(count) ? whole : `${whole} ونصف`;
};
const ago = (format: Formatter, time: number, now: number) =>
  isJustNow(time, now) ? "قبل لحظات" : format.timeAgo(time, now);

const about = (phase: string, text: string) => `${phase}: ${text}`;
const inPhase = (phase: string | null) => (phase === null ? "" : ` (${phase})`);

/** Arabic. */
export const labelsAr: SyncLabels = {
  language: "ar",

  syncing: (name) => `جارٍ مزامنة ${name}`,
  waiting: (name) => `${name} قيد الانتظار`,
  paused: (name) => `مزامنة ${name} متوقفة مؤقتًا`,
  complete: (name) => `اكتملت مزامنة ${name}`,
  completeWithFailures: (name, failed, format) =>
    `تمت مزامنة ${name} مع ${pluralize(format, failed, {
      one: "مشكلة واحدة",
      two: "مشكلتين",
      few: "# مشكلات",
      many: "# مشكلة",
      other: "# مشكلة",
    })}`,
  failed: (name) => `تعذّرت مزامنة ${name}`,
  timedOut: (name) => `استغرقت مزامنة ${name} وقتًا أطول من اللازم`,
  interrupted: (name) => `انقطعت مزامنة ${name}`,
  cancelled: (name) => `أُلغيت مزامنة ${name}`,
  signedOut: "تم تسجيل خروجك",
  notFound: "هذه المزامنة لم تعد موجودة",
  unreachable: "لا يمكن عرض التقدم الآن",
  unnamed: "بياناتك",

  stages: {
    queued: "في انتظار الدور...",
    retrying: "ستُعاد المحاولة...",
    connecting: "جارٍ الاتصال...",
    syncing: "جارٍ جلب العناصر...",
    parsing: "جارٍ قراءة العناصر...",
    embedding: "جارٍ الفهرسة...",
    running: "جارٍ العمل...",
  },
  pausedAt: (processed, total, format, phase) =>
    total === null
      ? `توقفت مؤقتًا بعد ${oblique(format, processed)}${inPhase(phase)}.`
      : `توقفت مؤقتًا عند ${format.number(processed)} من ${format.number(total)}${inPhase(phase)}.`,
  completeBody: (count, durationMs, format) =>
    `تمت مزامنة ${oblique(format, count)}${durationMs === null ? "" : ` خلال ${format.duration(durationMs)}`}.`,
  nothingNew: "لا يوجد جديد للمزامنة.",
  completeWithFailuresBody: (synced, total, format) =>
    `تمت مزامنة ${format.number(synced)} من أصل ${oblique(format, total)}.`,
  timedOutBody: "لم يحدث أي تقدم لوقت طويل، لذا أُوقفت المزامنة.",
  interruptedBody: "أُعيد تشغيل الخادم أثناء المزامنة.",
  failedBody: "لم يذكر الخادم السبب.",
  notResponding: "الخادم لا يستجيب.",
  cancelledBody: (kept, total, format) =>
    total === null
      ? `تم حفظ ${oblique(format, kept)}.`
      : `تم حفظ ${format.number(kept)} من أصل ${oblique(format, total)}.`,
  itemsKept: (count, format) => `تم حفظ ${oblique(format, count)}.`,
  signedOutBody: "يُرجى تسجيل الدخول مرة أخرى لرؤية التقدم. المزامنة مستمرة.",
  notFoundBody: "ربما انتهت صلاحيتها أو تخص حسابًا آخر.",
  unreachableBody: (retryInMs, format) =>
    retryInMs === null
      ? "الخادم لا يستجيب. جارٍ إعادة المحاولة..."
      : `الخادم لا يستجيب. ستُعاد المحاولة بعد ${format.duration(retryInMs)}.`,
  whatNext: "يمكنك المحاولة مرة أخرى الآن.",

  stalled: (lastUpdateAt, now, format) => `العمل مستمر. آخر تحديث ${ago(format, lastUpdateAt, now)}.`,
  reconnecting: "انقطع الاتصال. جارٍ إعادة الاتصال... المزامنة مستمرة.",
  reconnectingPaused: "انقطع الاتصال. جارٍ إعادة الاتصال...",
  offline: "أنت غير متصل بالإنترنت. المزامنة مستمرة، وسيُحدَّث العرض عند عودة الاتصال.",
  offlinePaused: "أنت غير متصل بالإنترنت. سيُحدَّث العرض عند عودة الاتصال.",

  phases: "المراحل",
  phaseProgress: { done: "اكتملت", current: "قيد التنفيذ", stopped: "توقفت", pending: "لم تبدأ" },
  about,

  progressValue: (percent, processed, total, format, phase) => {
    const share = `${format.number(Math.floor(percent))} بالمئة`;
    if (total === null) return share;
    const counts = `${format.number(processed)} من أصل ${oblique(format, total)}`;
    return `${share}، ${phase === null ? counts : about(phase, counts)}`;
  },
  items: "العناصر",
  itemsOf: (processed, total, format) => `${format.number(processed)} من ${format.number(total)}`,
  itemsSoFar: (processed, format) => `${items(format, processed)} حتى الآن`,
  failedItems: "فشل",
  currentItem: "الآن",
  timeLeft: (minutes, format) => {
    if (minutes === 0) return "بقي أقل من دقيقة";
    const hours = hoursLeft(minutes);
    return `بقي حوالي ${hours === null ? aboutMinutes(format, minutes) : aboutHours(format, hours)}`;
  },
  failuresTitle: (failed, format) => `العناصر التي فشلت: ${format.number(failed)}`,
  failuresLoading: "جارٍ تحميل العناصر التي فشلت...",
  failuresError: "تعذّر تحميل العناصر التي فشلت.",
  showMore: "عرض المزيد",

  runInBackground: "متابعة في الخلفية",
  pause: "إيقاف مؤقت",
  resume: "استئناف",
  cancelSync: "إلغاء المزامنة",
  cancelQuestion: (name) => `هل تريد إيقاف مزامنة ${name}؟ ستبقى العناصر التي تمت مزامنتها محفوظة.`,
  stop: "إيقاف",
  keepSyncing: "متابعة المزامنة",
  tryNow: "المحاولة الآن",
  tryAgain: "المحاولة مرة أخرى",
  retryFailed: "إعادة محاولة العناصر الفاشلة",
  syncAgain: "المزامنة مرة أخرى",
  signIn: "تسجيل الدخول",
  done: "تم",
  close: "إغلاق",
  closesIn: (remainingMs, format) => `يُغلق خلال ${format.number(Math.ceil(remainingMs / 1_000))} ث`,
  closePaused: "يبقى مفتوحًا ما دمت هنا",
  keepOpen: "إبقاء العرض مفتوحًا",
  commandPending: {
    cancel: "جارٍ الإلغاء...",
    pause: "جارٍ الإيقاف المؤقت...",
    resume: "جارٍ الاستئناف...",
    retry: "جارٍ البدء من جديد...",
    retry_failed: "جارٍ البدء من جديد...",
  },
  commandFailures: {
    forbidden: "ليس لديك إذن للقيام بذلك.",
    conflict: "هذا غير ممكن في الوقت الحالي.",
    unreachable: "الخادم لا يستجيب، ولم يتغير شيء.",
  },
  commandFailed: "لم ينجح ذلك. يُرجى المحاولة مرة أخرى.",
  notifyEmail: "أرسل لي بريدًا إلكترونيًا عند الانتهاء",
  notifyEmailFailed: "تعذّر حفظ اختيارك.",

  announceStart: (name) => `بدأت مزامنة ${name}.`,
  announceState: (headline, body) => `${headline}. ${body}`,
  announcePercent: (name, percent, format) => `${name}: ${format.percent(percent)}.`,
  announceResumed: (name) => `استؤنفت مزامنة ${name}.`,
  announceFound: (name) => `${name}: عاد الاتصال.`,
  announceClosing: (remainingMs, format) =>
    `يُغلق خلال ${pluralize(format, Math.ceil(remainingMs / 1_000), {
      one: "ثانية واحدة",
      two: "ثانيتين",
      few: "# ثوانٍ",
      many: "# ثانية",
      other: "# ثانية",
    })}.`,

  syncs: "عمليات المزامنة",
  syncCounts: ({ running, paused, failed, withProblems, finished }, format) =>
    [
      [running, "قيد التنفيذ"] as const,
      [paused, "متوقفة مؤقتًا"] as const,
      [failed, "فشلت"] as const,
      [withProblems, "مع مشكلات"] as const,
      [finished, "انتهت"] as const,
    ]
      .filter(([count]) => count > 0)
      .map(([count, words]) => `${words}: ${format.number(count)}`)
      .join("، "),
  syncsFinished: (finished, total, format) => `انتهت ${format.number(finished)} من أصل ${format.number(total)}.`,
  moreSyncs: (count, format) => `وغيرها: ${format.number(count)}`,
  offlineShort: "غير متصل",
  connectionLost: "انقطع الاتصال",
  dismiss: "إخفاء",
  dismissFinished: "إخفاء ما انتهى",
  notifyMe: "أعلمني",
  titlePrefix: (hasFailed) => (hasFailed ? "(فشل) " : "(تم) "),

  cardStatus: {
    not_connected: "غير متصل",
    connecting: "جارٍ الاتصال...",
    connected: "متصل",
    syncing: "جارٍ المزامنة",
    needs_reauth: "انتهت صلاحية الوصول",
    error: "فشلت آخر مزامنة",
    paused: "متوقف مؤقتًا",
  },
  connect: "اتصال",
  reauthorize: "إعادة الاتصال",
  syncNow: "مزامنة الآن",
  showProgress: "عرض التقدم",
  syncEverything: "مزامنة كل شيء من جديد",
  lastSynced: (time, now, count, format) => `آخر مزامنة ${ago(format, time, now)}، ${items(format, count)}`,
  neverSynced: "لم تتم المزامنة بعد",
  moreActions: (name) => `إجراءات أخرى لـ ${name}`,

  allSources: "جميع المصادر",
  syncAll: "مزامنة الكل",
  cancelAll: "إلغاء الكل",
  cancelAllQuestion: "هل تريد إيقاف جميع عمليات المزامنة؟ ستبقى العناصر التي تمت مزامنتها محفوظة.",
  sourcesConnected: (count, format) => `المصادر المتصلة: ${format.number(count)}`,
  allSummary: ({ total, upToDate, running, waiting, cancelled, failed, withProblems }, format) => {
    if (upToDate === total) return `اكتملت مزامنة جميع المصادر (${format.number(total)})`;
    const parts = [`اكتملت مزامنة ${format.number(upToDate)} من ${format.number(total)}`];
    if (failed.length > 0) parts.push(`فشلت مزامنة ${some(failed, format)}`);
    if (withProblems.length > 0) parts.push(`مشكلات في ${some(withProblems, format)}`);
    if (cancelled > 0) parts.push(`أُلغيت: ${format.number(cancelled)}`);
    if (running > 0) parts.push(`قيد المزامنة: ${format.number(running)}`);
    if (waiting > 0) parts.push(`في الانتظار: ${format.number(waiting)}`);
    return parts.join("، ");
  },
  announceAllStart: (count, format) => `بدأت المزامنة. عدد المصادر: ${format.number(count)}.`,
  noSources: "لا يوجد مصدر متصل بعد.",
  sourcesLoading: "جارٍ تحميل المصادر...",
  sourcesError: "تعذّر تحميل المصادر.",
  notStarted: "لم تبدأ",
  results: { complete: "اكتملت", partly_failed: "مع مشكلات", failed: "فشلت", cancelled: "أُلغيت" },

  history: "سجل المزامنة",
  historyLoading: "جارٍ تحميل عمليات المزامنة...",
  historyError: "تعذّر تحميل عمليات المزامنة.",
  historyEmpty: "لم تتم مزامنة أي شيء بعد.",
  historyNoMatch: "لا توجد مزامنة تطابق عوامل التصفية.",
  historyFound: (count, hasMore, format) => `عدد النتائج: ${format.number(count)}${hasMore ? " أو أكثر" : ""}.`,
  historyUnsupported: "لا يحتفظ هذا الخادم بقائمة عمليات المزامنة السابقة.",
  filterSource: "المصدر",
  filterResult: "النتيجة",
  filterAll: "الكل",
  duration: "المدة",
  startedBy: "بدأها",
  details: "التفاصيل",
  searchFailures: "البحث في العناصر التي فشلت",
  noFailureMatches: "لا يوجد عنصر فاشل يحتوي على ذلك.",
  copy: "نسخ",
  copied: (count, format) => `تم نسخ ${oblique(format, count)}.`,
  copyFailed: "لم يسمح المتصفح بالنسخ.",
  log: "السجل",
  download: (kind) => `تنزيل ${kind}`,
  downloadCut: "الملف غير مكتمل: لا يحتفظ الخادم بأكثر من ذلك.",
  downloadFailed: "تعذّر تنزيل الملف.",
};
