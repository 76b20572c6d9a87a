import type { EmailWords } from "./email-words.js";

/** What is put into the HTML of a mail, as plain text. */
export interface EmailHtmlParts {
  readonly headline: string;
  readonly lines: readonly string[];
  readonly link: string | null;
  readonly words: EmailWords;
}

const FONT = "font-family:Arial,Helvetica,sans-serif";

/** One table with inline styles: old clients drop style sheets, and lay out nothing else reliably. */
export function htmlOf({ headline, lines, link, words }: EmailHtmlParts): string {
  const { language, direction } = words;
  const row = (style: string, content: string) =>
    `<tr><td style="${FONT};${style};text-align:${direction === "rtl" ? "right" : "left"}">${content}</td></tr>`;
  const line = (text: string) =>
    row("padding:0 24px 8px;font-size:16px;line-height:24px;color:#1f2937", escapeHtml(text));
  const rows = [
    row(
      "padding:24px 24px 12px;font-size:20px;line-height:28px;font-weight:bold;color:#111827",
      `<h1 style="margin:0;font-size:20px;line-height:28px">${escapeHtml(headline)}</h1>`,
    ),
    ...lines.map(line),
    ...(link === null
      ? []
      : [
          row(
            "padding:8px 24px 16px;font-size:16px;line-height:24px",
            `<a href="${escapeHtml(link)}" style="color:#1d4ed8;text-decoration:underline">${escapeHtml(words.open)}</a>`,
          ),
        ]),
    row("padding:8px 24px 24px;font-size:13px;line-height:20px;color:#4b5563", escapeHtml(words.why)),
  ];
  return [
    "<!DOCTYPE html>",
    `<html lang="${language}" dir="${direction}">`,
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(headline)}</title></head>`,
    `<body dir="${direction}" style="margin:0;padding:0;background-color:#ffffff">`,
    `<table role="presentation" dir="${direction}" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px">`,
    ...rows,
    "</table>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that is safe in an element and in a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
