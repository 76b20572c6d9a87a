/** Where the doctor writes: the process's streams, or those of a test. */
export interface Terminal {
  write(text: string): void;
  /** Lines can be written over. */
  readonly isTTY: boolean;
  readonly hasColor: boolean;
  /** Characters in a line. */
  readonly columns: number;
}

const CODES = { red: 31, yellow: 33, cyan: 36, green: 32, gray: 90, bold: 1 } as const;

/** A colour or weight of text. */
export type Style = keyof typeof CODES;

/** Text in a style, if the terminal has colours. */
export function styled({ hasColor }: Pick<Terminal, "hasColor">, style: Style, text: string): string {
  return hasColor ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
}

/** Text in lines that are not longer than a width, all but the first indented. Words are never broken. */
export function wrap(text: string, indent: number, columns: number): string {
  const width = Math.max(30, columns - indent);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}
