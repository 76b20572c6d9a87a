import { once } from "node:events";
import { createWriteStream } from "node:fs";

/**
 * Makes a mailbox file for the demo: `tsx demo/make-mailbox.ts FILE [MESSAGES]`. The same number makes the same file.
 * Every 40th message is broken, so that there is something to see of failures.
 */

const PEOPLE = ["Ada Lovelace", "Grace Hopper", "Jürgen Groß", "山田 太郎", "Zoë Müller", "محمد العلي", "Łukasz Żak"];
const TOPICS = [
  "analytical engine",
  "quarterly report",
  "Grüße aus Köln",
  "会議の議事録",
  "compiler release",
  "خطة المشروع",
  "zażółć gęślą jaźń",
];
const SENTENCES = [
  "The numbers of the last month are attached, and they look better than we feared.",
  "Could you look over the second chapter before Thursday?",
  "Die Züge fahren wieder, wir sehen uns am Montag.",
  "次の会議は水曜日の午後三時からです。",
  "The compiler now tells where it is while it works, which everybody asked for.",
  "سنلتقي في المكتب صباح الغد.",
  "Nobody should have to stare at zero percent and wonder whether anything happens.",
];

const encodeWord = (text: string) => `=?UTF-8?B?${Buffer.from(text).toString("base64")}?=`;
const pick = <Item>(list: readonly Item[], index: number) => list[index % list.length] as Item;

function message(index: number): string {
  const date = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toUTCString();
  const name = pick(PEOPLE, index);
  const topic = pick(TOPICS, index * 3);
  const body = [0, 1, 2].map((offset) => pick(SENTENCES, index + offset * 2)).join("\n");
  const begin = `From demo@example.test ${date}\n`;
  if (index % 40 === 17) return `${begin}\u0000\u0001 this is no message, a disk has lost its head\n\n`;

  const head = [
    `From: ${encodeWord(name)} <person${index % 7}@example.test>`,
    "To: you@example.test",
    `Subject: ${encodeWord(`${topic} #${index + 1}`)}`,
    `Date: ${date}`,
    `Message-ID: <${index}@example.test>`,
    "MIME-Version: 1.0",
  ];
  if (index % 3 === 0) {
    const boundary = `part-${index}`;
    return [
      begin + head.join("\n"),
      `Content-Type: multipart/alternative; boundary="${boundary}"`,
      "",
      `--${boundary}`,
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(body).toString("base64"),
      `--${boundary}`,
      "Content-Type: text/html; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "",
      Buffer.from(`<p>${body.replaceAll("\n", "</p><p>")}</p>`).toString("base64"),
      `--${boundary}--`,
      "\n",
    ].join("\n");
  }
  return `${begin}${head.join("\n")}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${body.replaceAll(/^From /gm, ">From ")}\n\n`;
}

const [path, countText = "60"] = process.argv.slice(2);
const count = Number(countText);
if (path === undefined || !Number.isInteger(count) || count < 1) {
  process.stderr.write("Usage: tsx demo/make-mailbox.ts FILE [MESSAGES]\n");
  process.exit(1);
}
const file = createWriteStream(path);
for (let index = 0; index < count; index += 1) {
  if (!file.write(message(index))) await once(file, "drain");
}
file.end();
await once(file, "finish");
process.stdout.write(`${count} messages written to ${path}\n`);
