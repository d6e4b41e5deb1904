/** Tables as text: what spreadsheets copy and paste, and csv files. */
import { isNumber, textOf, type Cell } from "./table";

/** What starts a formula where a spreadsheet opens the file. */
const FORMULA = /^[=+\-@\t\r]/;

/** Cells as spreadsheets paste them: tabs between them, quotes around what has tabs or line breaks in it. */
export function toTabs(rows: Cell[][]): string {
  const field = (cell: Cell): string => {
    const text = textOf(cell);
    return /[\t\n\r"]/.test(text) ? quoted(text) : text;
  };
  return rows.map((row) => row.map(field).join("\t")).join("\n");
}

/** The cells of a text that a spreadsheet, or anything else, has copied. */
export function fromTabs(text: string): string[][] {
  const rows: string[][] = [[]];
  const field = /(?:"((?:[^"]|"")*)"(?=[\t\n\r]|$)|([^\t\n\r]*))(\t|\r\n|\n|\r|$)/y;
  while (field.lastIndex <= text.length) {
    const found = field.exec(text);
    if (!found) break;
    rows.at(-1)!.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] === "") break;
    if (found[3] !== "\t") {
      if (field.lastIndex >= text.length) break; // the last line ends with a line break, too
      rows.push([]);
    }
  }
  return rows;
}

/** A csv file. Texts that a spreadsheet would run as a formula are marked as texts; numbers are none. */
export function toCsv(headers: Cell[], rows: Cell[][]): string {
  const field = (cell: Cell): string => {
    const raw = textOf(cell);
    const text = FORMULA.test(raw) && !isNumber(cell) ? `'${raw}` : raw;
    return /[",\n\r\t]/.test(text) ? quoted(text) : text;
  };
  return [headers, ...rows].map((row) => `${row.map(field).join(",")}\n`).join("");
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
