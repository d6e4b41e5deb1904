/** How wide columns are: as declared, else as wide as the texts in their first rows ask for. */
import { textOf, type Table } from "./table";

const SAMPLE = 100;
const LETTER = 7.6;
const PADDING = 34;
const LEAST = 72;
const MOST = 320;
const RICH: Record<string, number> = { image: 120, markdown: 180, html: 180 };

/** Widths as css has them, one for each column. */
export function widthsOf(table: Table, declared: string[], kindOf: (column: number) => string): string[] {
  const sample = table.data.slice(0, SAMPLE);
  return table.headers.map((header, column) => {
    const given = declared[column];
    if (given && given !== "auto") return given;
    const shown = table.metadata?.display_value;
    const texts = sample.map((row, i) => shown?.[i]?.[column] ?? textOf(row[column]));
    const longest = texts.reduce((most, text) => Math.max(most, longestLine(text)), 0);
    const letters = Math.max(longest, textOf(header).length + 4);
    const least = RICH[kindOf(column)] ?? LEAST;
    return `${Math.round(Math.min(MOST, Math.max(least, letters * LETTER + PADDING)))}px`;
  });
}

function longestLine(text: string): number {
  if (text.length < 40)
    return text.includes("\n") ? Math.max(...text.split("\n").map((line) => line.length)) : text.length;
  return 40;
}

/** The sum of widths as css has it. */
export function sum(widths: string[]): string {
  return widths.length ? `calc(${widths.join(" + ")})` : "0px";
}

/** The widths for `<col>`: shares of the whole, so that a column of row numbers does not grow with the others. */
export function shares(widths: string[]): string[] {
  const pixels = widths.map((width) => (/^[\d.]+px$/.test(width) ? parseFloat(width) : NaN));
  const all = pixels.reduce((one, other) => one + other, 0);
  return Number.isNaN(all) || !all ? widths : pixels.map((width) => `${(width / all) * 100}%`);
}
