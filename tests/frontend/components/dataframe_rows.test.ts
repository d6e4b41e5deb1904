/** Which rows and columns of a table are in sight, in numbers. */
import { expect, test } from "vitest";
import { RowHeights } from "../../../blocks_app/frontend/shared/heights";
import { HIGHEST, ScrollScale } from "../../../blocks_app/components/dataframe/scroll_scale";
import { Columns } from "../../../blocks_app/components/dataframe/widths";

test("rows of one height, and of measured ones, are found by their place", () => {
  const rows = new RowHeights(1000, 34);
  expect([rows.start(10), rows.at(340), rows.at(339), rows.total]).toEqual([340, 10, 9, 34_000]);
  expect(rows.set(3, 100)).toBe(66);
  expect(rows.set(3, 100)).toBe(0);
  rows.set(700, 10);
  expect([rows.start(3), rows.start(4), rows.start(701)]).toEqual([102, 202, 701 * 34 + 66 - 24]);
  expect([rows.at(201), rows.at(202), rows.at(1e9), rows.at(-5)]).toEqual([3, 4, 999, 0]);
  for (const row of [0, 5, 511, 512, 699, 700, 701, 999]) expect(rows.at(rows.start(row))).toBe(row);
  expect(rows.total).toBe(34_042);
});

test("no rows are no place", () => {
  const none = new RowHeights(0, 34);
  expect([none.at(10), none.start(0), none.total]).toEqual([0, 0, 0]);
});

test("a table within what browsers show is scrolled as it is", () => {
  const scale = new ScrollScale();
  scale.resize(34_000, 500);
  scale.scrolled(1234);
  expect([scale.at, scale.shift, scale.height]).toEqual([1234, 0, 34_000]);
  scale.resize(1000, 500);
  expect(scale.at).toBe(500);
});

test("the scrollbar of a higher table reaches all of it", () => {
  const scale = new ScrollScale();
  const total = 340_000_000;
  scale.resize(total, 500);
  expect(scale.height).toBe(HIGHEST);
  scale.scrolled(HIGHEST - 500);
  expect(scale.at).toBe(total - 500);
  scale.scrolled(HIGHEST - 600);
  expect(scale.at).toBe(total - 600);
  scale.scrolled(HIGHEST / 2);
  expect(Math.abs(scale.at / total - 0.5)).toBeLessThan(0.001);
  const { at, shift } = scale;
  scale.scrolled(HIGHEST / 2 + 100);
  expect([scale.at - at, scale.shift - shift]).toEqual([100, 0]);
  scale.scrolled(0);
  expect(scale.at).toBe(0);
});

test("after small steps the scrollbar comes to stand where it would have led", () => {
  const scale = new ScrollScale();
  scale.resize(340_000_000, 500);
  scale.go(100_000_000);
  let bar = scale.settle();
  for (let i = 0; i < 50; i += 1) scale.scrolled((bar += 100));
  const { at } = scale;
  expect(at).toBe(100_005_000);
  const settled = scale.settle();
  expect(settled).toBeLessThan(bar);
  expect(scale.at).toBe(at);
  scale.scrolled(settled);
  expect(scale.at).toBe(at);
});

test("of a wide table only pinned columns and those in sight are drawn", () => {
  const columns = new Columns(
    Array.from({ length: 1000 }, () => "100px"),
    2,
    true,
    800,
  );
  const { columns: drawn, tracks, hasGap } = columns.drawn(50_000, 800);
  expect(hasGap).toBe(true);
  expect(drawn.slice(0, 3)).toEqual([0, 1, 496]);
  expect(drawn.at(-1)).toBe(511);
  expect(tracks.startsWith("56px minmax(100px, 100fr) minmax(100px, 100fr) 49400px ")).toBe(true);
  expect(tracks.endsWith(" 48800px")).toBe(true);
  expect(columns.leastWidth).toBe("100056px");
  expect(columns.drawn(1e9, 800).columns.at(-1)).toBe(999);
});

test("a table of few columns is drawn whole, with the widths that were declared", () => {
  const { columns, tracks, hasGap } = new Columns(["20%", "100px"], 5, false, 800).drawn(0, 0);
  expect([columns, tracks, hasGap]).toEqual([[0, 1], "20% minmax(100px, 100fr)", false]);
});

test("columns are pinned only as far as they leave room for others", () => {
  const widths = ["200px", "50px", "300px"];
  expect([0, 340, 600, 300].map((sight) => new Columns(widths, 2, false, sight).pinned)).toEqual([
    2, 1, 2, 0,
  ]);
  expect(new Columns(widths, 9, false, 2000).pinned).toBe(3);
});

test("a declared width stays where other columns can grow", () => {
  const tracks = (declared: string[]) =>
    new Columns(["50px", "90px"], 0, false, 800, declared).drawn(0, 800).tracks;
  expect(tracks(["50px", "auto"])).toBe("50px minmax(90px, 90fr)");
  expect(tracks(["50px", "90px"])).toBe("minmax(50px, 50fr) minmax(90px, 90fr)");
});
