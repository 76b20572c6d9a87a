import type { EmailNumbers } from "../email-numbers.js";
import type { EmailWords } from "../email-words.js";

/** After another noun or a verb, hence oblique. */
const items = (numbers: EmailNumbers, count: number) =>
  numbers.count(count, {
    one: "عنصر واحد",
    two: "عنصرين",
    few: "# عناصر",
    many: "# عنصرًا",
    other: "# عنصر",
  });

/** Arabic. */
export const emailWordsAr: EmailWords = {
  language: "ar",
  direction: "rtl",
  complete: (name) => `اكتملت مزامنة ${name}`,
  partlyFailed: (name, failed, numbers) =>
    `تمت مزامنة ${name} مع ${numbers.count(failed, {
      one: "مشكلة واحدة",
      two: "مشكلتين",
      few: "# مشكلات",
      many: "# مشكلة",
      other: "# مشكلة",
    })}`,
  failed: (name) => `تعذّرت مزامنة ${name}`,
  timedOut: (name) => `استغرقت مزامنة ${name} وقتًا أطول من اللازم`,
  interrupted: (name) => `انقطعت مزامنة ${name}`,
  unnamed: "بياناتك",
  synced: (count, numbers) => `تمت مزامنة ${items(numbers, count)}.`,
  nothingNew: "لا يوجد جديد للمزامنة.",
  syncedOf: (synced, total, numbers) => `تمت مزامنة ${numbers.number(synced)} من ${items(numbers, total)}.`,
  failedReason: "حدث خطأ ما.",
  timedOutReason: "استغرقت المزامنة وقتًا أطول من اللازم، لذا أُوقفت.",
  interruptedReason: "أُعيد تشغيل الخادم أثناء المزامنة.",
  kept: (count, numbers) => `تم حفظ ${items(numbers, count)}.`,
  whatNext: "يمكنك بدء المزامنة من جديد.",
  open: "عرض المزامنة",
  why: "وصلتك هذه الرسالة لأن إحدى عمليات المزامنة الخاصة بك انتهت.",
};
