/** How wide columns are: as declared, else as wide as the texts in their first rows ask for; and which are drawn. */
import { textOf, type Table } from "./table";

const SAMPLE = 100;
const LETTER = 7.6;
const PADDING = 34;
const LEAST = 72;
const MOST = 320;
const RICH: Record<string, number> = { image: 120, markdown: 180, html: 180 };
/** From so many columns on only those in sight are drawn, so many at a time. */
const WIDE = 40;
const STEP = 8;
/** The share of what is in sight that pinned columns may take. */
const MOST_PINNED = 0.6;
/** What units are in pixels where that has to be known. */
const UNITS: Record<string, number> = { px: 1, em: 16, rem: 16, ch: 8 };

/** Width of the column of row numbers. */
export const NUMBERS = 56;

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

/** Which columns are drawn: those that are pinned, a gap, those in sight. */
export interface Drawn {
  columns: number[];
  /** How many of them are pinned. */
  pinned: number;
  /** Whether columns are left out. */
  hasGap: boolean;
  /** The tracks of a row as css has them. */
  tracks: string;
  key: string;
}

/** The columns of a table, and which of them are drawn. */
export class Columns {
  /** How many are pinned: fewer than declared where they would leave no room for the others. */
  readonly pinned: number;
  /** Where each begins, and where the last ends, in pixels; null where all are drawn. */
  readonly starts: number[] | null = null;
  readonly leastWidth: string;
  /** Which do not grow with the table: those whose width was declared, if others can. */
  private readonly stays: boolean[];

  constructor(
    readonly widths: string[],
    pinned: number,
    private readonly hasNumbers: boolean,
    readonly sight: number,
    declared: string[] = [],
  ) {
    const isDeclared = widths.map((_, column) => !!declared[column] && declared[column] !== "auto");
    this.stays = isDeclared.every(Boolean) ? [] : isDeclared;
    this.pinned = 0;
    for (let taken = 0; this.pinned < Math.min(pinned, widths.length); this.pinned += 1) {
      taken += pixels(widths[this.pinned], sight);
      if (sight && taken > sight * MOST_PINNED) break;
    }
    if (widths.length > WIDE) {
      this.widths = widths.map((width) => `${pixels(width, sight)}px`);
      let at = hasNumbers ? NUMBERS : 0;
      this.starts = [at, ...this.widths.map((width) => (at += parseFloat(width)))];
    }
    this.leastWidth = this.starts
      ? `${this.starts.at(-1)}px`
      : sum(hasNumbers ? [`${NUMBERS}px`, ...widths] : widths);
  }

  /** Where a column is pinned. */
  offset(column: number): string {
    const before = this.widths.slice(0, column);
    return sum(this.hasNumbers ? [`${NUMBERS}px`, ...before] : before);
  }

  private track(column: number): string {
    const width = this.widths[column];
    return width.endsWith("px") && !this.stays[column] ? `minmax(${width}, ${parseFloat(width)}fr)` : width;
  }

  drawn(left: number, width: number): Drawn {
    const all = this.widths.length;
    const { starts, pinned } = this;
    const [from, to] = starts ? inSight(starts, left, width || 1000, pinned) : [pinned, all];
    const columns = [...range(0, pinned), ...range(from, to)];
    const first = this.hasNumbers ? [`${NUMBERS}px`] : [];
    const gap = starts ? [`${starts[from] - starts[pinned]}px`] : [];
    const last = starts ? [`${starts[all] - starts[to]}px`] : [];
    const tracks = [
      ...first,
      ...range(0, pinned).map((column) => this.track(column)),
      ...gap,
      ...range(from, to).map((column) => this.track(column)),
      ...last,
    ].join(" ");
    const key = `${this.hasNumbers ? 1 : 0}/${pinned}/${from}-${to}/${starts ? 1 : 0}`;
    return { columns, pinned, hasGap: !!starts, tracks, key };
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

function inSight(starts: number[], left: number, width: number, pinned: number): [number, number] {
  const all = starts.length - 1;
  let from = pinned;
  while (from < all && starts[from + 1] < left) from += 1;
  let to = from;
  while (to < all && starts[to] < left + width) to += 1;
  const down = Math.floor((from - 1) / STEP) * STEP;
  const up = Math.ceil((to + 1) / STEP) * STEP;
  return [Math.max(pinned, down), Math.max(pinned, Math.min(all, up))];
}

function pixels(width: string, sight: number): number {
  const [, number, unit] = /^([\d.]+)(.*)$/.exec(width) ?? ["", "0", ""];
  if (unit === "%") return (parseFloat(number) / 100) * (sight || 1000);
  if (unit === "vw") return (parseFloat(number) / 100) * innerWidth;
  return parseFloat(number) * (UNITS[unit] ?? 1);
}
