/** Rows of a table as a chart draws them, gathered into groups where it asks for that; and as CSV. */
import { WholeNumber, type Props } from "blocks";

export type Cell = string | number | boolean | null | undefined;
export type Kind = "quantitative" | "nominal" | "temporal";

/** The wire value; see PlotTable in native_plot.py. */
export interface Table {
  columns: string[];
  data: Cell[][];
  datatypes: Record<string, Kind>;
  mark: "line" | "bar" | "point";
}

/** One row by the names that a chart knows: `c0` for the first column, so that no column's name means anything to it. */
export type Row = Record<string, Cell>;

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };

/** Width of the groups of x in the unit of the data, which has times in milliseconds; null for none. */
export function binWidth(bin: string | number | null | undefined, kind: Kind): number | null {
  if (bin === null || bin === undefined || kind === "nominal") return null;
  const text = /^([\d.]+)([smhd])$/.exec(String(bin));
  if (text) return Number(text[1]) * SECONDS[text[2]] * (kind === "temporal" ? 1000 : 1);
  return Number(bin) * (kind === "temporal" ? 1000 : 1) || null;
}

/** How the y values that share a place become one; null leaves them as they are. */
export function aggregateOf(props: Props, table: Table): string | null {
  const kind = table.datatypes[props.x];
  if (props.y_aggregate) return props.y_aggregate;
  const gathers = table.mark === "bar" || (table.mark === "line" && kind === "nominal");
  const bins = binWidth(props.x_bin, kind) !== null;
  return (gathers || bins) && table.datatypes[props.y] === "quantitative" ? "sum" : null;
}

const AGGREGATES: Record<string, (values: number[]) => number | null> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  mean: (values) => (values.length ? AGGREGATES.sum(values)! / values.length : null),
  median: (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    if (!sorted.length) return null;
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  },
  min: (values) => values.reduce<number | null>((a, b) => (a === null || b < a ? b : a), null),
  max: (values) => values.reduce<number | null>((a, b) => (a === null || b > a ? b : a), null),
  count: (values) => values.length,
};

/** The chart's name of a column. */
export const field = (table: Table, column: string): string => `c${table.columns.indexOf(column)}`;

/** Numbers of any length as a drawing can place them. */
const placed = (cell: Cell): Cell => ((cell as unknown) instanceof WholeNumber ? Number(String(cell)) : cell);

/** The rows to draw. Of groups, `x1` is where the group of x ends. */
export function rowsOf(table: Table, props: Props): Row[] {
  const width = binWidth(props.x_bin, table.datatypes[props.x]);
  const how = aggregateOf(props, table);
  if (width === null && how === null)
    return table.data.map((cells) => Object.fromEntries(cells.map((cell, i) => [`c${i}`, placed(cell)])));
  const place = (column: string | null | undefined) => (column ? table.columns.indexOf(column) : -1);
  const [x, y] = [place(props.x), place(props.y)];
  const also = ["color", "stroke_dash", "size", "shape", "group"].map((name) => place(props[name]));
  const kept = [...new Set(also)].filter((i) => i >= 0 && i !== y && i !== x);
  const groups = new Map<string, { row: Row; values: number[] }>();
  for (const cells of table.data) {
    const at = placed(cells[x]);
    if (width !== null && typeof at !== "number") continue;
    const start = width === null ? at : Math.floor((at as number) / width) * width;
    const key = JSON.stringify([start, ...kept.map((i) => cells[i])]);
    let group = groups.get(key);
    if (!group) {
      const row: Row = { [`c${x}`]: start, ...Object.fromEntries(kept.map((i) => [`c${i}`, cells[i]])) };
      if (width !== null) row.x1 = (start as number) + width;
      groups.set(key, (group = { row, values: [] }));
    }
    const value = placed(cells[y]);
    if (value !== null && value !== undefined && (how === "count" || !Number.isNaN(Number(value))))
      group.values.push(Number(value));
  }
  return [...groups.values()].map(({ row, values }) => ({
    ...row,
    [`c${y}`]: AGGREGATES[how ?? "sum"](values),
  }));
}

/** A cell as people read it. */
export function shown(cell: Cell, kind: Kind): string {
  if (cell === null || cell === undefined) return "";
  if (kind !== "temporal" || typeof cell !== "number") return String(cell);
  const text = new Date(cell).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
}

/** The table as a file for spreadsheets. Texts that these would take for formulas begin with an apostrophe. */
export function csv(table: Table): string {
  const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const safe = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
  const kinds = table.columns.map((name) => table.datatypes[name]);
  const line = (cells: Cell[]): string =>
    cells.map((cell, i) => quoted(typeof cell === "string" ? safe(cell) : shown(cell, kinds[i]))).join(",");
  return [table.columns.map((name) => quoted(safe(name))).join(","), ...table.data.map(line)].join("\r\n");
}
