/** What is drawn on, without the page: strokes, layers, history, cutting and zooming. */
import { beforeEach, expect, test } from "vitest";
import { dragged, ratioOf, typed, whole, within } from "../../../blocks_app/components/image_editor/cropping";
import { History } from "../../../blocks_app/components/image_editor/history";
import { Picture } from "../../../blocks_app/components/image_editor/picture";
import { TILE, type Ink } from "../../../blocks_app/components/image_editor/strokes";
import { fitting, moved, zoomed } from "../../../blocks_app/components/image_editor/view";
import { canvases, pixel, read } from "./canvas";

const RED: Ink = { color: "#ff0000", opacity: 1, erases: false };
const RUBBER: Ink = { color: "#000000", opacity: 1, erases: true };
const CLEAR = [0, 0, 0, 0];

beforeEach(canvases);

function picture(width = 40, height = 20, names = ["Layer 1"], fixed = false): Picture {
  const made = new Picture();
  made.setUp({ width, height }, names, fixed);
  return made;
}

function line(on: Picture, ink: Ink, from: [number, number], to: [number, number], radius = 2): void {
  on.begin(ink);
  on.draw(...from, radius);
  on.draw(...to, radius);
  on.end();
}

const at = (on: Picture, x: number, y: number): number[] => pixel(on.layer.sheet.canvas, x, y);
const image = (width: number, height: number, color: string) => {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d")!;
  pen.fillStyle = color;
  pen.fillRect(0, 0, width, height);
  return { image: canvas, width, height };
};

test("a stroke is drawn, taken back and drawn again", () => {
  const made = picture();
  line(made, RED, [5, 10], [30, 10]);
  expect([at(made, 20, 10), at(made, 20, 3)]).toEqual([[255, 0, 0, 255], CLEAR]);
  expect(made.state.touched).toBe(true);
  made.undo();
  expect([at(made, 20, 10), made.state.touched, made.history.canRedo]).toEqual([CLEAR, false, true]);
  made.redo();
  expect([at(made, 20, 10), made.state.touched, made.history.canUndo]).toEqual([
    [255, 0, 0, 255],
    true,
    true,
  ]);
});

test("the eraser takes away, and undo brings back what was there", () => {
  const made = picture();
  line(made, RED, [5, 10], [30, 10]);
  line(made, RUBBER, [20, 5], [20, 15]);
  expect(at(made, 20, 10)[3]).toBe(0);
  made.undo();
  expect(at(made, 20, 10)).toEqual([255, 0, 0, 255]);
});

test("a stroke that shines through is even where it crosses itself", () => {
  const made = picture();
  made.begin({ ...RED, opacity: 0.5 });
  for (const [x, y] of [
    [5, 10],
    [30, 10],
    [5, 10],
    [20, 3],
    [20, 17],
  ])
    made.draw(x, y, 2);
  made.end();
  expect(new Set([10, 15, 20].map((x) => at(made, x, 10)[3]))).toEqual(new Set([128]));
  line(made, { ...RED, opacity: 0.5 }, [10, 10], [12, 10]);
  expect(at(made, 11, 10)[3]).toBeGreaterThan(180);
});

test("a stroke that was none leaves nothing", () => {
  const made = picture();
  made.begin(RED);
  made.draw(10, 10, 3);
  expect(made.end(false)).toBe(false);
  expect([at(made, 10, 10), made.history.canUndo, made.state.touched]).toEqual([CLEAR, false, false]);
  made.begin(RED);
  made.draw(-50, -50, 3);
  expect(made.end()).toBe(false);
});

test("on eight million pixels a stroke reads only the tiles under it", () => {
  const made = picture(3264, 2448);
  read.pixels = 0;
  line(made, RED, [1000, 1000], [1100, 1020], 20);
  expect(read.pixels).toBeLessThanOrEqual(4 * TILE * TILE);
  expect(at(made, 1050, 1010)).toEqual([255, 0, 0, 255]);
});

test("layers are added, named, moved, hidden and taken away, and each of it can be undone", () => {
  const made = picture(10, 10, ["Low", "High"]);
  const names = () => made.state.layers.map(({ name }) => name);
  expect([names(), made.layer.name]).toEqual([["Low", "High"], "High"]);
  made.addLayer();
  made.addLayer();
  expect([names(), made.layer.name]).toEqual([["Low", "High", "Layer 3", "Layer 4"], "Layer 4"]);
  made.moveLayer(made.layer.id, -1);
  expect(names()).toEqual(["Low", "High", "Layer 4", "Layer 3"]);
  line(made, RED, [5, 5], [6, 5]);
  made.showLayer(made.layer.id, false);
  expect(made.begin(RED)).toBe(false);
  expect(pixel(made.composite.canvas, 5, 5)).toEqual([255, 255, 255, 255]);
  made.undo();
  expect(pixel(made.composite.canvas, 5, 5)).toEqual([255, 0, 0, 255]);
  made.removeLayer(made.layer.id);
  expect([names(), made.layer.name]).toEqual([["Low", "High", "Layer 3"], "High"]);
  made.undo();
  expect(names()).toEqual(["Low", "High", "Layer 4", "Layer 3"]);
});

test("the last layer is emptied, not taken away", () => {
  const made = picture();
  line(made, RED, [5, 10], [30, 10]);
  made.removeLayer(made.layer.id);
  expect([made.state.layers.length, at(made, 20, 10)]).toEqual([1, CLEAR]);
  made.undo();
  expect(at(made, 20, 10)).toEqual([255, 0, 0, 255]);
});

test("the composite is made once for the same content", () => {
  const made = picture();
  line(made, RED, [5, 10], [30, 10]);
  const first = made.composite;
  expect(made.composite).toBe(first);
  line(made, RED, [5, 5], [30, 5]);
  expect(made.composite).not.toBe(first);
});

test("a background gives the sheet its size, what was drawn stays where it is", () => {
  const made = picture();
  line(made, RED, [5, 10], [30, 10]);
  made.setBackground(image(60, 50, "#0000ff"));
  expect([made.state.width, made.state.height, at(made, 20, 10)]).toEqual([60, 50, [255, 0, 0, 255]]);
  expect(pixel(made.composite.canvas, 59, 49)).toEqual([0, 0, 255, 255]);
  made.undo();
  expect([made.state.width, made.state.height, made.state.background]).toEqual([40, 20, null]);
});

test("a fixed sheet fits what comes into its middle, and keeps its size when cut", () => {
  const made = picture(40, 20, ["Layer 1"], true);
  made.setBackground(image(10, 10, "#0000ff"));
  expect([made.state.width, made.state.height]).toEqual([40, 20]);
  const ground = made.state.background!.canvas;
  expect([9, 10, 29, 30].map((x) => pixel(ground, x, 10)[3])).toEqual([0, 255, 255, 0]);
  made.crop({ x: 10, y: 5, width: 10, height: 10 });
  expect([made.state.width, made.state.height]).toEqual([40, 20]);
});

test("cutting and scaling change every layer, and can be undone", () => {
  const made = picture();
  line(made, RED, [5, 10], [30, 10]);
  made.crop({ x: 4, y: 8, width: 20, height: 6 });
  expect([made.state.width, made.state.height, at(made, 10, 2)]).toEqual([20, 6, [255, 0, 0, 255]]);
  made.resize({ width: 40, height: 12 });
  expect([made.state.width, at(made, 20, 4)]).toEqual([40, [255, 0, 0, 255]]);
  made.undo();
  made.undo();
  expect([made.state.width, made.state.height, at(made, 20, 10)]).toEqual([40, 20, [255, 0, 0, 255]]);
});

test("history forgets the oldest when it holds too much, never the newest", () => {
  const history = new History(3, 100);
  const done: number[] = [];
  const step = (number: number, bytes: number) => ({ bytes, swap: () => void done.push(number) });
  for (const number of [1, 2, 3, 4]) history.add(step(number, 10));
  while (history.undo());
  expect(done).toEqual([4, 3, 2]);
  history.add(step(5, 1000));
  expect([history.canUndo, history.canRedo]).toEqual([true, false]);
  history.add(step(6, 1));
  while (history.undo());
  expect(done.slice(3)).toEqual([6]);
});

test("the frame of a cut keeps its shape and stays in the picture", () => {
  const size = { width: 100, height: 80 };
  expect([ratioOf("16:9"), ratioOf([20, 10]), ratioOf(null)]).toEqual([16 / 9, 2, null]);
  expect(whole(size, null)).toEqual({ x: 0, y: 0, width: 100, height: 80 });
  const wide = whole(size, 2);
  expect(wide).toEqual({ x: 0, y: 15, width: 100, height: 50 });
  expect(dragged(wide, [0, 0], 10, 100, size, 2)).toEqual({ x: 0, y: 30, width: 100, height: 50 });
  expect(dragged(wide, [-1, -1], 50, 0, size, 2)).toEqual({ x: 0, y: 15, width: 100, height: 50 });
  expect(dragged(wide, [1, 0], -50, 0, size, 2)).toEqual({ x: 0, y: 15, width: 50, height: 25 });
  const half = { x: 20, y: 20, width: 40, height: 40 };
  expect(dragged(half, [1, 1], 500, 500, size, null)).toEqual({ x: 20, y: 20, width: 80, height: 60 });
  expect(dragged(half, [-1, 0], 500, 0, size, null)).toEqual({ x: 59, y: 20, width: 1, height: 40 });
  expect(typed(whole(size, null), { x: 10 }, size, null)).toEqual({ x: 10, y: 0, width: 90, height: 80 });
  expect(typed(half, { width: 90 }, size, null)).toEqual({ x: 10, y: 20, width: 90, height: 40 });
  expect(typed(half, { width: 90 }, size, 1)).toEqual({ x: 20, y: 0, width: 80, height: 80 });
  expect(typed(half, { y: 70 }, size, 1)).toEqual({ x: 20, y: 70, width: 10, height: 10 });
  expect(within({ x: 90, y: -5, width: 40, height: NaN }, size)).toEqual({
    x: 60,
    y: 0,
    width: 40,
    height: 1,
  });
});

test("zooming keeps the point under the pointer, and leaves no gap", () => {
  const [size, room] = [
    { width: 100, height: 100 },
    { width: 200, height: 100 },
  ];
  const all = fitting(size, room);
  expect(all).toEqual({ scale: 1, x: 50, y: 0 });
  const near = zoomed(all, 4, { x: 100, y: 50 }, size, room);
  expect([near.scale, near.x, near.y]).toEqual([4, -100, -150]);
  expect(moved(near, 1000, -1000, size, room)).toEqual({ scale: 4, x: 0, y: -300 });
  expect(zoomed(near, 1000, { x: 0, y: 0 }, size, room).scale).toBe(32);
});
