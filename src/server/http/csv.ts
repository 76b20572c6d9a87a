/**
 * Rows as CSV (RFC 4180), each cell in quotes, for spreadsheets: with the byte order mark by which they know UTF-8, and with
 * no cell that they would take for a formula.
 */
export function encodeCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(encodeCell).join(",")}\r\n`).join("")}`;
}

/**
 * Where a cell can begin, for a spreadsheet: at its start, after a line break, and after what other languages separate cells
 * by. What follows is a formula in half or full width.
 */
const FORMULA = /(^|[;\t\r\n])(\s*)([=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

function encodeCell(text: string): string {
  const harmless = text.replace(FORMULA, "$1$2'$3");
  return `"${harmless.replaceAll('"', '""')}"`;
}
