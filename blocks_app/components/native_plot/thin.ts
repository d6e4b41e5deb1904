/** Of very many rows, those that can be told apart in a drawing: nobody sees the others, and drawing them takes seconds. */
import type { Props } from "blocks";
import { field, type Row, type Table } from "./data";

/** Pixels within which points of one colour, 7 pixels wide each, look like one. */
const NEAR = 3;

type Span = [least: number, greatest: number];

function spanOf(rows: Row[], column: string): Span {
  let [least, greatest] = [Infinity, -Infinity];
  for (const row of rows) {
    const value = row[column];
    if (typeof value !== "number") continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [least, greatest];
}

const ends = (lim: (number | null)[] | null | undefined, span: Span, unit: number): Span => [
  lim?.[0] == null ? span[0] : lim[0] * unit,
  lim?.[1] == null ? span[1] : lim[1] * unit,
];

/** The rows to draw of more than `many`, in a drawing of this size. What can be zoomed into stays as it is. */
export function thinned(
  rows: Row[],
  table: Table,
  props: Props,
  room: { width: number; height: number },
  many: number,
): Row[] {
  const kind = table.datatypes[props.x];
  const varied = props.size || props.shape;
  if (rows.length <= many || props.interactive || varied || kind === "nominal") return rows;
  const [x, y] = [field(table, props.x), field(table, props.y)];
  const [spanX, spanY] = [spanOf(rows, x), spanOf(rows, y)];
  const [left, right] = ends(props.x_lim, spanX, kind === "temporal" ? 1000 : 1);
  const across = (value: unknown): number =>
    typeof value === "number" ? Math.floor(((value - left) / (right - left || 1)) * room.width) : NaN;
  const words = [props.color, props.stroke_dash, props.group]
    .filter(Boolean)
    .map((name) => field(table, name));
  const series = (row: Row): string => words.map((name) => String(row[name])).join("\n");
  if (table.mark === "point") {
    const [low, high] = ends(props.y_lim, spanY, 1);
    const up = (value: unknown): unknown =>
      typeof value === "number"
        ? Math.floor(((value - low) / (high - low || 1)) * (room.height / NEAR))
        : value;
    const seen = new Set<string>(); // the outermost points are always drawn, each once: the axes go as far as they do
    const outer = (row: Row, column: string, span: Span): boolean => {
      const value = row[column] as number;
      return span.includes(value) && !seen.has(column + value) && !!seen.add(column + value);
    };
    const taken = new Set<string>();
    return rows.filter((row) => {
      const cell = `${Math.floor(across(row[x]) / NEAR)} ${up(row[y])} ${series(row)}`;
      return outer(row, x, spanX) || outer(row, y, spanY) || (!taken.has(cell) && !!taken.add(cell));
    });
  }
  return columns(rows, x, y, across, series);
}

/** Of the rows in a column of pixels the first, the least, the greatest and the last; and where a line is broken. */
function columns(
  rows: Row[],
  x: string,
  y: string,
  across: (value: unknown) => number,
  series: (row: Row) => string,
): Row[] {
  const sorted = [...rows].sort((a, b) => Number(a[x]) - Number(b[x]));
  const kept = new Set<Row>();
  const open = new Map<string, { column: number; first: Row; least: Row; greatest: Row; last: Row }>();
  const close = (key: string) => {
    const { first, least, greatest, last } = open.get(key)!;
    for (const row of [first, least, greatest, last]) kept.add(row);
    open.delete(key);
  };
  for (const row of sorted) {
    const [key, column, value] = [series(row), across(row[x]), row[y]];
    const now = open.get(key);
    if (now && (now.column !== column || typeof value !== "number")) close(key);
    if (typeof value !== "number") {
      kept.add(row);
      continue;
    }
    const same = open.get(key);
    if (!same) {
      open.set(key, { column, first: row, least: row, greatest: row, last: row });
      continue;
    }
    same.last = row;
    if (value < (same.least[y] as number)) same.least = row;
    if (value > (same.greatest[y] as number)) same.greatest = row;
  }
  for (const key of [...open.keys()]) close(key);
  return sorted.filter((row) => kept.has(row));
}
