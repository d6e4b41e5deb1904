import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "blocks";
import type { GrImageEditor } from "../../../blocks_app/components/image_editor/image_editor";
import "../../../blocks_app/components/image_editor/image_editor";
import "../../../blocks_app/frontend/droparea";
import { canvases, file, pixel } from "./canvas";
import { mount, press } from "./support";

const BRUSH = {
  default_size: 2,
  colors: ["#ff0000", ["#0000ff", 0.5]],
  default_color: "#ff0000",
  color_mode: "fixed",
};
const SKETCH = {
  label: "Sheet",
  canvas_size: [40, 20],
  brush: BRUSH,
  eraser: { default_size: 3 },
  sources: [],
};
const NOTHING = { background: null, layers: [], composite: null, id: null };

let number = 0;
const send = vi.fn(async (files: File[]) =>
  files.map((each) => ({ path: `${"A".repeat(22)}/${++number}.png`, orig_name: each.name })),
);
vi.mock("../../../blocks_app/frontend/upload", () => ({ send: (files: File[]) => send(files) }));
const show = vi.fn();
vi.mock("../../../blocks_app/frontend/toast", () => ({ show: (toast: unknown) => show(toast) }));

beforeEach(() => {
  page.base = "/";
  canvases();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  send.mockClear();
  show.mockClear();
});

async function editor(props: object = {}) {
  const mounted = await mount<GrImageEditor>("gr-imageeditor", { ...SKETCH, ...props });
  const { element, find } = mounted;
  await vi.waitFor(() => expect(send).toHaveBeenCalledWith([])); // what uploads is there
  await element.drawing.settled();
  await element.updateComplete;
  element.view = { scale: 1, x: 0, y: 0 };
  const point = (type: string, x: number, y: number, more: PointerEventInit = {}): void =>
    void find(".stage").dispatchEvent(
      new PointerEvent(type, {
        clientX: x,
        clientY: y,
        pointerId: 1,
        bubbles: true,
        cancelable: true,
        ...more,
      }),
    );
  const stroke = (from: [number, number], to: [number, number], more: PointerEventInit = {}): void => {
    point("pointerdown", ...from, more);
    point("pointermove", ...to, more);
    point("pointerup", ...to, more);
  };
  const button = (name: string): HTMLButtonElement => find(`button[aria-label="${name}"]`);
  const sentNames = (): string[][] =>
    send.mock.calls.map(([files]) => files.map(({ name }) => name)).filter((names) => names.length);
  return { ...mounted, point, stroke, button, sentNames };
}

test("nothing is sent of an empty sheet, and none of its pictures is there", async () => {
  const { element } = await editor();
  expect([element.value, element.pendingValue()]).toEqual([NOTHING, null]);
});

test("each stroke tells change and input, and nothing is sent until somebody asks", async () => {
  const { element, stroke, names, sentNames } = await editor();
  stroke([5, 10], [30, 10]);
  stroke([5, 5], [30, 5]);
  expect(names()).toEqual(["change", "input", "change", "input"]);
  expect(sentNames()).toEqual([]);
  const value = await element.pendingValue();
  expect(sentNames()).toEqual([["background.png", "layer_1.png", "composite.png"]]);
  expect(element.value).toBe(value);
  expect(value!.layers[0].orig_name).toBe("layer_1.png");
  expect(element.pendingValue()).toBeNull();
});

test("only what has changed is sent", async () => {
  const { element, stroke, sentNames } = await editor({ layers: { layers: ["Low", "High"] } });
  stroke([5, 10], [30, 10]);
  const first = (await element.pendingValue())!;
  stroke([5, 5], [30, 5]);
  const second = (await element.pendingValue())!;
  expect(sentNames()[1]).toEqual(["layer_2.png", "composite.png"]);
  expect([second.background, second.layers[0]]).toEqual([first.background, first.layers[0]]);
  element.picture.showLayer(element.picture.layer.id, false);
  await element.pendingValue();
  expect(sentNames()[2]).toEqual(["composite.png"]);
});

test("two who ask at once get one upload, and who asks later gets what is drawn by then", async () => {
  const { element, stroke, sentNames } = await editor();
  stroke([5, 10], [30, 10]);
  const asked = [element.pendingValue(), element.pendingValue()];
  const [one, other] = await Promise.all(asked);
  expect(one).toBe(other);
  expect(sentNames().length).toBe(1);
});

test("without a connection the drawing waits and is sent when it is back", async () => {
  const { element, stroke, find } = await editor();
  stroke([5, 10], [30, 10]);
  send.mockRejectedValueOnce(new DOMException("The upload failed.", "NetworkError"));
  const asked = element.pendingValue();
  await vi.waitFor(() => expect(find(".going").textContent).toContain("No connection"));
  window.dispatchEvent(new Event("online"));
  expect((await asked)!.composite).not.toBeNull();
  await element.updateComplete;
  expect(find(".going").hidden).toBe(true);
});

test("what the server refuses is told once, and can be tried again", async () => {
  const { element, stroke } = await editor();
  stroke([5, 10], [30, 10]);
  send.mockRejectedValueOnce(new Error("The file is too large for this app."));
  await expect(element.pendingValue()).rejects.toThrow("too large");
  await vi.waitFor(() => expect(show).toHaveBeenCalledTimes(1));
  expect((await element.pendingValue())!.composite).not.toBeNull();
});

test("a pen draws as wide as it is pressed, a mouse as wide as it is set", async () => {
  const { element, stroke } = await editor({ brush: { ...BRUSH, default_size: 8 } });
  const wide = (x: number): number =>
    Array.from({ length: 20 }, (_, y) => pixel(element.picture.layer.sheet.canvas, x, y)).filter(
      ([, , , a]) => a,
    ).length;
  stroke([10, 10], [10, 10]);
  expect(wide(10)).toBe(16);
  stroke([30, 10], [30, 10], { pointerType: "pen", pressure: 0.1 });
  expect(wide(30)).toBeLessThan(8);
});

test("two fingers zoom and move, and leave no stroke", async () => {
  const { element, point, names } = await editor();
  point("pointerdown", 10, 10, { pointerType: "touch" });
  point("pointermove", 12, 10, { pointerType: "touch" });
  point("pointerdown", 30, 10, { pointerType: "touch", pointerId: 2 });
  point("pointermove", 60, 10, { pointerType: "touch", pointerId: 2 });
  expect(element.view.scale).toBeGreaterThan(1);
  point("pointerup", 60, 10, { pointerType: "touch", pointerId: 2 });
  point("pointerup", 12, 10, { pointerType: "touch" });
  expect([names(), element.picture.state.touched]).toEqual([[], false]);
});

test("the keyboard draws, undoes, does it again, erases and changes size", async () => {
  const { element, find, names } = await editor();
  const stage = find(".stage");
  press(stage, " ");
  press(stage, "ArrowRight", { shiftKey: true });
  press(stage, " ");
  expect(names()).toEqual(["change", "input"]);
  expect(pixel(element.picture.layer.sheet.canvas, 30, 10)).toEqual([255, 0, 0, 255]);
  press(stage, "z", { ctrlKey: true });
  expect(pixel(element.picture.layer.sheet.canvas, 30, 10)[3]).toBe(0);
  press(stage, "y", { ctrlKey: true });
  expect(pixel(element.picture.layer.sheet.canvas, 30, 10)[3]).toBe(255);
  press(stage, "e");
  expect(element.tool).toBe("erase");
  press(stage, "]");
  expect(element.sizes.erase).toBeGreaterThan(3);
  press(stage, "b");
  press(stage, "+");
  expect(element.view.scale).toBeGreaterThan(1);
});

test("clearing tells clear, change and input, and nothing is left to send", async () => {
  const { element, stroke, button, names } = await editor();
  stroke([5, 10], [30, 10]);
  await element.updateComplete;
  button("Clear canvas").click();
  expect(names().slice(2)).toEqual(["clear", "change", "input"]);
  expect([element.value, element.pendingValue()]).toEqual([NOTHING, null]);
  await element.updateComplete;
  button("Undo").click();
  expect((await element.pendingValue())!.composite).not.toBeNull();
});

test("a picture from the visitor becomes the background: upload, change, input", async () => {
  const { element, find, names, sentNames } = await editor({ sources: ["upload"] });
  const chosen = file(12, 8, [0, 255, 0, 255]);
  find("gr-drop-area").dispatchEvent(new CustomEvent("chosen", { detail: [chosen] }));
  await vi.waitFor(() => expect(names()).toEqual(["upload", "change", "input"]));
  expect([element.picture.state.width, element.picture.state.height, element.tool]).toEqual([12, 8, "draw"]);
  await element.pendingValue();
  expect(sentNames()).toEqual([["background.png", "layer_1.png", "composite.png"]]);
  expect(send.mock.lastCall![0][0].size).toBe(chosen.size);
});

test("the button for a file works whatever tool is chosen", async () => {
  const { element, find, button, names } = await editor({ sources: ["upload"] });
  element.use("draw");
  await element.updateComplete;
  const input = find("input.pick");
  const chosen = file(12, 8, [0, 255, 0, 255]);
  input.addEventListener("click", () => {
    Object.defineProperty(input, "files", { value: [chosen], configurable: true });
    input.dispatchEvent(new Event("change"));
  });
  button("Upload file").click();
  await vi.waitFor(() => expect(names()).toEqual(["upload", "change", "input"]));
  expect(element.picture.state.width).toBe(12);
});

test("a picture of the app that cannot be read is told, and what was there is gone", async () => {
  const { element, stroke } = await editor();
  stroke([5, 10], [30, 10]);
  vi.stubGlobal("fetch", async () => new Response("no picture"));
  vi.stubGlobal("createImageBitmap", async () => Promise.reject(new Error("no picture")));
  vi.spyOn(HTMLImageElement.prototype, "decode").mockRejectedValue(new Error("no picture"));
  element.receive({ background: { path: `${"B".repeat(22)}/x.png` }, layers: [], composite: null });
  await element.updateComplete;
  await element.drawing.settled();
  await vi.waitFor(() => expect(show).toHaveBeenCalledTimes(1));
  expect([element.picture.state.touched, element.pendingValue()]).toEqual([false, null]);
});

test("a picture of the app is drawn on, and what nobody changed is not sent again", async () => {
  const path = `${"B".repeat(22)}/photo.png`;
  vi.stubGlobal("fetch", async () => new Response(file(12, 8, [0, 255, 0, 255])));
  const { element, stroke, sentNames } = await editor();
  element.receive({ background: { path }, layers: [], composite: { path } });
  await element.updateComplete;
  await element.drawing.settled();
  expect([element.picture.state.width, element.pendingValue()]).toEqual([12, null]);
  element.view = { scale: 1, x: 0, y: 0 };
  stroke([3, 3], [5, 3]);
  const value = (await element.pendingValue())!;
  expect(sentNames()).toEqual([["layer_1.png", "composite.png"]]);
  expect(value.background!.path).toBe(path);
});

test("cutting out by numbers; a shape given by the app is kept", async () => {
  const { element, stroke, button, names } = await editor({ transforms: ["crop"], crop_size: "1:1" });
  stroke([5, 10], [30, 10]);
  await element.updateComplete;
  button("Crop").click();
  expect(element.area).toEqual({ x: 10, y: 0, width: 20, height: 20 });
  await element.updateComplete;
  press(button("Move the frame"), "ArrowLeft", { shiftKey: true });
  expect(element.area!.x).toBe(0);
  press(button("Move the frame"), "Enter");
  expect([element.picture.state.width, names().length]).toEqual([20, 4]);
});

test("colours and sizes are chosen; a palette that is fixed has no others", async () => {
  const { element, find, button, stroke } = await editor();
  expect([element.paint, find("input[type=color]")]).toEqual([{ color: "#ff0000", opacity: 1 }, null]);
  button("Color #0000ff, 50 % opaque").click();
  stroke([5, 10], [30, 10]);
  expect(pixel(element.picture.layer.sheet.canvas, 20, 10)).toEqual([0, 0, 255, 128]);
  element.props = { ...element.props, brush: { ...BRUSH, color_mode: "defaults" } };
  await element.updateComplete;
  expect(find("input[type=color]")).not.toBeNull();
});

test("tools that are switched off are not there", async () => {
  const { button, element } = await editor({ brush: false, layers: { disabled: true }, transforms: [] });
  for (const name of ["Draw button", "Erase button", "Show Layers", "Crop", "Resize"])
    expect(button(name)).toBeNull();
  expect(element.tool).toBeNull();
});

test("a click without a tool that draws tells the pixel, where somebody listens", async () => {
  const { point, data, element } = await editor({ _selectable: true });
  element.use(null);
  point("pointerdown", 7, 3);
  point("pointerup", 7, 3);
  expect(data("select")).toEqual({ index: [7, 3], value: null });
});

test("one that only shows has its composite, without tools", async () => {
  const { element, find, names, data } = await editor({ buttons: ["download"] });
  element.interactive = false;
  element.receive({ background: null, layers: [], composite: { path: `${"C".repeat(22)}/c.webp` } });
  await element.updateComplete;
  expect(find("[data-testid=detailed-image]").getAttribute("src")).toBe(`/file=${"C".repeat(22)}/c.webp`);
  expect([find(".tools"), find("[aria-label=Download]").getAttribute("download")]).toEqual([null, "image"]);
  element.props = { ...element.props, _selectable: true };
  await element.updateComplete;
  const image = find<HTMLImageElement>("img.picture");
  Object.defineProperties(image, { naturalWidth: { value: 40 }, naturalHeight: { value: 20 } });
  image.getBoundingClientRect = () => new DOMRect(0, 0, 100, 100);
  for (const clientY of [50, 10])
    image.dispatchEvent(new MouseEvent("click", { clientX: 50, clientY, bubbles: true }));
  expect([names(), data("select")]).toEqual([["change", "select"], { index: [20, 10], value: null }]);
});
