import { expect, test } from "vitest";
import { parse } from "../../../blocks_app/frontend/blocks";
import "../../../blocks_app/components/native_plot/native_plot";
import {
  aggregateOf,
  binWidth,
  csv,
  rowsOf,
  type Table,
} from "../../../blocks_app/components/native_plot/data";
import { chartOf, told } from "../../../blocks_app/components/native_plot/spec";
import { mark, placesOf } from "../../../blocks_app/components/native_plot/region";
import { thinned } from "../../../blocks_app/components/native_plot/thin";
import { mount } from "./support";

const room = { width: 600, height: 300, accent: "orange" };
const DAY = 86_400_000;

const sales = (mark: Table["mark"] = "bar"): Table => ({
  columns: ["day", "sum", "shop"],
  data: [
    [0, 1, "a"],
    [DAY, 2, "b"],
    [DAY * 8, 4, "a"],
    [DAY * 9, null, "a"],
  ],
  datatypes: { day: "temporal", sum: "quantitative", shop: "nominal" },
  mark,
});
const props = { x: "day", y: "sum" };
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const spec = (table: Table, more: object = {}): any => chartOf(table, { ...props, ...more }, room).spec;

test("widths of groups are numbers, or times with a unit", () => {
  expect([binWidth(5, "quantitative"), binWidth("2h", "temporal"), binWidth("1d", "temporal")]).toEqual([
    5,
    7_200_000,
    DAY,
  ]);
  expect([binWidth(5, "nominal"), binWidth(null, "temporal")]).toEqual([null, null]);
});

test("rows of a group become one, by colour", () => {
  const rows = (more: object) => rowsOf(sales(), { ...props, x_bin: "7d", ...more }).map((row) => row.c1);
  expect(rows({})).toEqual([3, 4]);
  expect(rows({ color: "shop" })).toEqual([1, 2, 4]);
  expect(rows({ y_aggregate: "mean" })).toEqual([1.5, 4]);
  expect(rows({ y_aggregate: "median" })).toEqual([1.5, 4]);
  expect(rows({ y_aggregate: "count" })).toEqual([2, 1]);
  expect(rows({ y_aggregate: "max" })).toEqual([2, 4]);
  expect(rowsOf(sales(), { ...props, x_bin: "7d" })[1]).toEqual({ c0: DAY * 7, x1: DAY * 14, c1: 4 });
});

test("only bars and gathered values are summed by themselves", () => {
  expect(aggregateOf(props, sales("bar"))).toBe("sum");
  expect(aggregateOf(props, sales("point"))).toBeNull();
  expect(aggregateOf({ x: "shop", y: "sum" }, sales("line"))).toBe("sum");
});

test("numbers of any length have their place", () => {
  const table = { ...sales("point"), data: parse("[[0, 12345678901234567890, 1]]") as Table["data"] };
  expect(rowsOf(table, props)[0].c1).toBe(12345678901234567890);
  expect(rowsOf({ ...table, mark: "bar" }, props)[0].c1).toBe(12345678901234567890);
});

test("limits leave one end to the data; times are seconds", () => {
  expect(spec(sales("line"), { x_lim: [86_400, null] }).encoding.x.scale.domain).toEqual([DAY, DAY * 9]);
  expect(spec(sales("line"), { y_lim: [null, 9] }).encoding.y.scale.domain).toEqual([1, 9]);
  expect(spec(sales("bar"), { y_lim: [null, 9] }).encoding.y.scale.domain).toEqual([0, 9]);
});

test("colours come from the app, else from the palette", () => {
  const { color } = spec(sales(), {
    color: "shop",
    color_map: { b: "red" },
    colors_in_legend: ["b"],
  }).encoding;
  expect(color.scale.domain).toEqual(["a", "b"]);
  expect(color.scale.range[1]).toBe("red");
  expect(color.legend).toEqual({ title: "shop", values: ["b"] });
  expect(spec(sales(), { color: "shop", color_legend_position: "none" }).encoding.color.legend).toBeNull();
  expect(spec(sales(), {}).mark.color).toBe("orange");
});

test("bars may lie, be sorted and stand in groups", () => {
  const lying = spec(sales(), { vertical: false, x: "shop", sort: "-y" });
  expect([lying.encoding.y.field, lying.encoding.x.field]).toEqual(["c2", "c1"]);
  expect(lying.encoding.y.sort).toMatchObject({ field: "c1", order: "descending" });
  const grouped = spec(sales(), { group: "shop", group_title: "Shop" });
  expect(grouped.facet.column).toMatchObject({ field: "c2", title: "Shop" });
});

test("axes are titled, turned, formatted and hidden", () => {
  const { x, y } = spec(sales(), {
    x_title: "X",
    x_label_angle: 30,
    y_axis_format: ".1%",
    x_axis_labels_visible: "hidden",
  }).encoding;
  expect([x.title, y.title, x.axis.labelAngle, x.axis.labelOpacity]).toEqual(["X", "sum", 30, 0]);
  expect(y.axis.format).toBe(".1%");
  expect(spec(sales(), { x_axis_labels_visible: false }).encoding.x.axis.labels).toBe(false);
});

test("lines are dashed, points sized and shaped, with legends of their own", () => {
  expect(spec(sales("line"), { stroke_dash: "shop" }).encoding.strokeDash.field).toBe("c2");
  const { size, shape } = spec(sales("point"), {
    size: "sum",
    shape: "shop",
    size_legend_title: "S",
    shape_legend_position: "none",
  }).encoding;
  expect([size.legend.title, shape.legend]).toEqual(["S", null]);
});

test("a region is selected only where somebody listens", () => {
  expect(spec(sales("point"), {}).params).toEqual([]);
  expect(spec(sales("point"), { _selectable: true }).params[0].name).toBe("brush");
  expect(spec(sales("point"), { interactive: true }).params[0].bind).toBe("scales");
});

test("marks tell of their axes, of all columns, of some, or of nothing", () => {
  const tell = (tooltip?: unknown) => told({ ...props, tooltip }, sales("point"));
  expect([tell(), tell("all"), tell("none"), tell(["shop", "gone"])]).toEqual([
    ["day", "sum"],
    ["day", "sum", "shop"],
    [],
    ["day", "sum", "shop"],
  ]);
});

test("a file for spreadsheets has no formulas", () => {
  const table: Table = {
    columns: ["=a", "b"],
    data: [
      ['=1+1,"x"', -5],
      ["@x", 0],
    ],
    datatypes: { "=a": "nominal", b: "temporal" },
    mark: "bar",
  };
  expect(csv(table)).toBe(`'=a,b\r\n"'=1+1,""x""",1969-12-31 23:59:59\r\n'@x,1970-01-01`);
});

test("a table says the same to screen readers", async () => {
  const { find, element } = await mount("gr-nativeplot", { ...props, value: sales("line"), label: "Sales" });
  expect(find("[role=img]").getAttribute("aria-label")).toBe("Sales: Line plot of sum by day, 4 rows");
  expect(find("caption").textContent!.trim()).toBe("Data of Sales");
  expect([...element.querySelectorAll("tbody tr")].map((row) => row.children[0].textContent)).toEqual([
    "1970-01-01",
    "1970-01-02",
    "1970-01-09",
    "1970-01-10",
  ]);
});

test("the table stays short however long the data are", async () => {
  const value = { ...sales("line"), data: Array.from({ length: 500 }, (_, i) => [i, i, "a"]) };
  const { element, find } = await mount("gr-nativeplot", { ...props, value });
  expect(element.querySelectorAll("tbody tr")).toHaveLength(100);
  expect(find("caption").textContent).toMatch(/the first 100 of 500 rows/);
});

const wave = (mark: Table["mark"], count: number): Table => ({
  columns: ["day", "sum", "shop"],
  data: Array.from({ length: count }, (_, i) => [i, i === 70 ? 99 : i % 7, i % 2 ? "a" : "b"]),
  datatypes: { day: "quantitative", sum: "quantitative", shop: "nominal" },
  mark,
});

test("of very many rows those are drawn that can be told apart", () => {
  const drawn = (kind: Table["mark"], more: object = {}, many = 100) => {
    const table = wave(kind, 20_000);
    return thinned(rowsOf(table, { ...props, ...more }), table, { ...props, ...more }, room, many);
  };
  const line = drawn("line");
  expect(line.length).toBeLessThan(4 * 602);
  expect([line[0].c0, line.at(-1)!.c0]).toEqual([0, 19_999]);
  expect(line.some((row) => row.c1 === 99)).toBe(true);
  expect(drawn("line", { color: "shop" }).length).toBeGreaterThan(line.length);
  const points = drawn("point");
  expect(points.length).toBeLessThan(8 * 202);
  expect(points.some((row) => row.c1 === 99)).toBe(true);
  expect(drawn("point", { interactive: true })).toHaveLength(20_000);
  expect(drawn("point", { size: "sum" })).toHaveLength(20_000);
  expect(drawn("line", {}, 20_000)).toHaveLength(20_000);
});

test("where a line is broken it stays broken", () => {
  const table = wave("line", 20_000);
  table.data[10_000][1] = null;
  const rows = thinned(rowsOf(table, props), table, props, room, 100);
  expect(rows.filter((row) => row.c1 === null).map((row) => row.c0)).toEqual([10_000]);
});

/* eslint-disable @typescript-eslint/no-explicit-any */
test("a region goes along the places of an axis", () => {
  const numbers: any = Object.assign((value: number) => value * 3, {
    domain: () => [0, 100],
    range: () => [0, 300],
    invert: (pixel: number) => pixel / 3,
  });
  const along = placesOf(numbers);
  expect([along.count, along.at(50, false), along.pixels(20, 40), along.told(20, 40)]).toEqual([
    100,
    50,
    [60, 120],
    [20, 40],
  ]);
  expect([along.between([20.2, 39.9]), along.between([40, 20]), along.between([99.9, 100])]).toEqual([
    [20, 40],
    [20, 40],
    [99, 100],
  ]);
  const upwards: any = Object.assign((value: number) => value, { ...numbers, range: () => [300, 0] });
  expect(placesOf(upwards).pixels(20, 40)).toEqual([180, 240]);
  const words = ["a", "b", "c"];
  const named: any = Object.assign((word: string) => words.indexOf(word) * 10, {
    domain: () => words,
    range: () => [0, 30],
    bandwidth: () => 8,
  });
  const between = placesOf(named);
  expect([between.count, between.at(1, false), between.at(2, true), between.pixels(1, 3)]).toEqual([
    3,
    "b",
    "b",
    [10, 28],
  ]);
  expect(between.told(1, 3)).toEqual(["b", "c"]);
  expect(between.between(["c", "b"])).toEqual([1, 3]);
});

test("one of several drawings has a region of its own, which the keyboard leaves alone", () => {
  const set: unknown[] = [];
  const view = (known: boolean): any => ({
    signal: (name: string, value: unknown) => {
      if (!known) throw new Error("unknown");
      set.push([name, value]);
    },
    runAsync: async () => {},
  });
  expect([mark(view(true), "x", [1, 2]), mark(view(false), "x", [1, 2])]).toEqual([true, false]);
  expect(set).toEqual([["brush_x", [1, 2]]]);
});
