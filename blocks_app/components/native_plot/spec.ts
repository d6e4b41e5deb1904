/** What vega-lite draws of a table: the parameters of LinePlot, BarPlot and ScatterPlot in its words. */
import type { Props } from "blocks";
import { thinned } from "./thin";
import { aggregateOf, binWidth, field, rowsOf, type Kind, type Row, type Table } from "./data";

/* eslint-disable @typescript-eslint/no-explicit-any */
type Part = Record<string, any>;

/** Rows from which on a chart is drawn on a canvas, and lines have no marks of their own under the pointer. */
export const MANY = 3000;

/** Colours of words, to be told apart in light and dark, and without red against green. */
const PALETTE = [
  ...["#f97316", "#2f81d6", "#17a589", "#b14ac9", "#d9a400"],
  ...["#e0537f", "#6c7bd9", "#5f9e2f", "#a8693a", "#7c8794"],
];

/** Room for a chart, and the colour of one that has only one. */
export interface Room {
  width: number;
  height: number;
  accent: string;
}

/** Options without `null`s, which mean the usual. */
const given = (parts: Part): Part =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== null && part !== undefined));

/** Both ends of an axis where the app gave one of them; the data tell the other. */
function limits(
  lim: (number | null)[] | null | undefined,
  kind: Kind,
  rows: Row[],
  column: string,
  zero: boolean,
): Part {
  if (!lim || (lim[0] == null && lim[1] == null)) return {};
  const factor = kind === "temporal" ? 1000 : 1;
  let [least, greatest] = zero ? [0, 0] : [Infinity, -Infinity];
  for (const row of rows) {
    const value = row[column];
    if (typeof value !== "number") continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const ends = [lim[0] == null ? least : lim[0] * factor, lim[1] == null ? greatest : lim[1] * factor];
  return ends.every(Number.isFinite) ? { domain: ends, nice: false } : {};
}

function legend(position: string | null | undefined, title: string, values?: string[] | null): Part | null {
  return position === "none" ? null : given({ title, orient: position, values });
}

function xChannel(props: Props, table: Table, rows: Row[]): Part {
  const kind = table.datatypes[props.x];
  const { x_axis_labels_visible: labels = true, sort } = props;
  const order: Record<string, unknown> = {
    x: "ascending",
    "-x": "descending",
    y: { field: field(table, props.y), op: "sum", order: "ascending" },
    "-y": { field: field(table, props.y), op: "sum", order: "descending" },
  };
  const bins = binWidth(props.x_bin, kind) !== null && table.mark === "bar";
  return given({
    field: field(table, props.x),
    type: kind,
    title: props.x_title ?? props.x,
    bin: bins ? "binned" : null,
    sort: undefined,
    ...(kind === "nominal" ? { sort: typeof sort === "string" ? order[sort] : (sort ?? undefined) } : {}),
    axis: given({
      labelAngle: props.x_label_angle,
      labelOverlap: true,
      labels: labels === false ? false : null,
      labelOpacity: labels === "hidden" ? 0 : null,
      format: props.x_axis_format,
      grid: table.mark !== "bar",
    }),
    scale:
      kind === "nominal"
        ? null
        : {
            zero: false,
            ...(kind === "temporal" ? { type: "utc" } : {}),
            ...limits(props.x_lim, kind, rows, field(table, props.x), false),
          },
  });
}

function yChannel(props: Props, table: Table, rows: Row[]): Part {
  const counted = aggregateOf(props, table) === "count";
  const kind: Kind = counted ? "quantitative" : table.datatypes[props.y];
  return given({
    field: field(table, props.y),
    type: kind,
    title: props.y_title ?? props.y,
    axis: given({ labelAngle: props.y_label_angle, format: props.y_axis_format }),
    scale:
      kind === "nominal"
        ? null
        : {
            zero: table.mark === "bar",
            ...limits(props.y_lim, kind, rows, field(table, props.y), table.mark === "bar"),
          },
  });
}

function colorChannel(props: Props, table: Table, rows: Row[]): Part {
  const column = field(table, props.color);
  const title = props.color_title ?? props.color_legend_title ?? props.color;
  const numbers =
    table.datatypes[props.color] === "quantitative" && table.mark === "point" && !props.color_map;
  const entries = legend(props.color_legend_position, title, numbers ? null : props.colors_in_legend);
  if (numbers) return { field: column, type: "quantitative", legend: entries, scale: { scheme: "viridis" } };
  const domain = [...new Set(rows.map((row) => row[column]))].filter((each) => each != null);
  const range = domain.map((each, i) => props.color_map?.[String(each)] ?? PALETTE[i % PALETTE.length]);
  return { field: column, type: "nominal", legend: entries, scale: { domain, range }, sort: null };
}

/** Columns that a mark tells of itself under the pointer. */
export function told(props: Props, table: Table): string[] {
  const wanted = props.tooltip ?? "axis";
  if (wanted === "none") return [];
  const gathered =
    aggregateOf(props, table) !== null || binWidth(props.x_bin, table.datatypes[props.x]) !== null;
  const axes = [props.x, props.y, props.color, props.stroke_dash, props.size, props.shape, props.group];
  const more = wanted === "axis" || gathered ? [] : wanted === "all" ? table.columns : [wanted].flat();
  return [...new Set([...axes, ...more])].filter((name) => table.columns.includes(name));
}

/** Channels that only some of the three have. */
function moreChannels(props: Props, table: Table): Part {
  const channel = (column?: string, title?: string, position?: string, kind?: Kind): Part | null =>
    column
      ? {
          field: field(table, column),
          type: kind ?? table.datatypes[column],
          legend: legend(position, title ?? column),
        }
      : null;
  const { stroke_dash, stroke_dash_legend_title, stroke_dash_legend_position } = props;
  const { shape, shape_legend_title, shape_legend_position } = props;
  const { size, size_legend_title, size_legend_position } = props;
  return given({
    strokeDash: channel(stroke_dash, stroke_dash_legend_title, stroke_dash_legend_position, "nominal"),
    shape: channel(shape, shape_legend_title, shape_legend_position, "nominal"),
    size: channel(size, size_legend_title, size_legend_position),
  });
}

/** Width of bars along an axis of numbers or times that are not gathered. */
function barSize(rows: Row[], column: string, width: number): number {
  const places = new Set(rows.map((row) => row[column])).size;
  return Math.max(1, Math.min(40, (width * 0.7) / Math.max(places, 1)));
}

function marks(props: Props, table: Table, rows: Row[], room: Room): Part[] {
  const color = props.color ? null : room.accent;
  if (table.mark === "point")
    return [
      {
        mark: given({
          type: "point",
          filled: true,
          aria: false,
          clip: true,
          size: props.size ? null : 40,
          opacity: 0.8,
          color,
        }),
      },
    ];
  if (table.mark === "bar") {
    const loose =
      table.datatypes[props.x] !== "nominal" && binWidth(props.x_bin, table.datatypes[props.x]) === null;
    const size = loose ? barSize(rows, field(table, props.x), room.width) : null;
    return [{ mark: given({ type: "bar", aria: false, clip: true, color, size }) }];
  }
  const line = { mark: given({ type: "line", aria: false, clip: true, color }) };
  if (rows.length > MANY && !props.overlay_point) return [line];
  const opacity = props.overlay_point ? 1 : 0;
  const points = given({
    type: "point",
    filled: true,
    aria: false,
    clip: true,
    size: props.overlay_point ? 40 : 120,
    color,
    opacity,
  });
  return [line, { mark: points, encoding: { strokeDash: { value: [1, 0] } } }];
}

/** What the visitor may do with the drawing: select a region, or move it. */
function params(props: Props, table: Table, lying: boolean): Part[] {
  if (props._selectable)
    return [
      {
        name: "brush",
        select: {
          type: "interval",
          encodings: [lying ? "y" : "x"],
          mark: { fill: "gray", fillOpacity: 0.25 },
        },
      },
    ];
  const moves = props.interactive === true && table.datatypes[props.x] !== "nominal";
  return moves ? [{ name: "zoom", select: "interval", bind: "scales" }] : [];
}

/** The chart, and how many rows are drawn in it. */
export function chartOf(table: Table, props: Props, room: Room): { spec: object; drawn: number } {
  const all = rowsOf(table, props);
  const rows = table.mark === "bar" && props.color ? all : thinned(all, table, props, room, MANY);
  const lying = table.mark === "bar" && props.vertical === false;
  const [x, y] = [xChannel(props, table, rows), yChannel(props, table, rows)];
  if (!lying && table.mark === "bar") x.axis.grid = false;
  const encoding: Part = given({
    [lying ? "y" : "x"]: x,
    [lying ? "x" : "y"]: y,
    [lying ? "y2" : "x2"]: x.bin ? { field: "x1" } : null,
    color: props.color ? colorChannel(props, table, rows) : null,
    ...moreChannels(props, table),
  });
  const layers = marks(props, table, rows, room);
  const asked = params(props, table, lying);
  const top = layers.length - 1; // only marks of the layer with the region are found under the pointer
  layers[top] = { ...layers[top], params: asked };
  const single = layers.length === 1;
  const groups = props.group ? new Set(rows.map((row) => row[field(table, props.group)])).size : 1;
  const header = { title: props.group_title ?? props.group };
  const unit = single ? layers[0] : { layer: layers };
  const size = {
    width: groups > 1 && !lying ? Math.max((room.width - 90) / groups - 20, 40) : room.width,
    height: Math.max(
      lying && groups > 1 ? (room.height - 60) / groups - 20 : room.height - (props.group ? 90 : 0),
      40,
    ),
  };
  // beside a narrow drawing there is no room for its legends
  const config = room.width < 340 ? { legend: { orient: "bottom", columns: 2 } } : null;
  const shared = given({ config, data: { name: "table", values: rows }, title: props.title });
  if (!props.group)
    return {
      spec: { ...shared, ...size, ...unit, encoding, autosize: { type: "fit", contains: "padding" } },
      drawn: rows.length,
    };
  const facet = {
    [lying ? "row" : "column"]: { field: field(table, props.group), type: "nominal", header, ...header },
  };
  return { spec: { ...shared, facet, spec: { ...size, ...unit, encoding } }, drawn: rows.length };
}
