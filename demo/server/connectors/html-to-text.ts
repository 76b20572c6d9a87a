import { Parser } from "htmlparser2";

const SILENT = new Set(["script", "style", "template", "noscript"]);
const BLOCKS = new Set(["p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "article"]);

/** The words of an HTML document, and its title. */
export function htmlToText(html: string): { readonly title: string; readonly text: string } {
  let text = "";
  let title = "";
  let silence = 0;
  let isTitle = false;
  const parser = new Parser({
    onopentagname(name) {
      if (SILENT.has(name)) silence += 1;
      if (name === "title") isTitle = true;
    },
    onclosetag(name) {
      if (SILENT.has(name)) silence = Math.max(0, silence - 1);
      if (name === "title") isTitle = false;
      if (BLOCKS.has(name)) text += "\n";
    },
    ontext(words) {
      if (isTitle) title += words;
      else if (silence === 0) text += words;
    },
  });
  parser.end(html);
  return { title: title.trim(), text: text.replace(/\n{3,}/g, "\n\n").trim() };
}
