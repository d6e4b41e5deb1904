import { expect, test } from "vitest";
import "../../../blocks_app/components/slider";
import { mount, type } from "./support";

const props = { label: "Age", minimum: 1, maximum: 10, step: 1, value: 5 };
const range = "input[type=range]";
const box = "input[type=number]";

test("both inputs have their names", async () => {
  const { find } = await mount("gr-slider", props);
  expect(find(range).getAttribute("aria-label")).toBe("range slider for Age");
  expect(find(box).getAttribute("aria-label")).toBe("number input for Age");
  expect(find(box).dataset.testid).toBe("number-input");
});

test("dragging raises change and input, and release at its end", async () => {
  const { find, names, data } = await mount("gr-slider", props);
  await type(find(range), "7");
  find(range).dispatchEvent(new Event("pointerup"));
  expect(names()).toEqual(["change", "input", "release"]);
  expect(data("release")).toBe(7);
});

test("a typed number counts while in range, and is clamped on leaving the box", async () => {
  const { element, find, names } = await mount("gr-slider", props);
  await type(find(box), "99");
  expect(names()).toEqual([]);
  find(box).dispatchEvent(new Event("blur"));
  expect(element.value).toBe(10);
  expect(names()).toEqual(["change", "input", "release"]);
});

test("the reset button goes back to the first value", async () => {
  const { element, find } = await mount("gr-slider", { ...props, buttons: ["reset"] });
  await type(find(range), "7");
  find<HTMLButtonElement>("[aria-label='Reset to default value']").click();
  expect(element.value).toBe(5);
  expect((await mount("gr-slider", { ...props, buttons: [] })).find("button")).toBe(null);
});

test("null from the server is the minimum", async () => {
  const { element } = await mount("gr-slider", props);
  element.receive(null as never);
  expect(element.value).toBe(1);
});

/** What Chromium does for a key that moves the thumb: keydown, input and change per step, keyup. */
function step(thumb: HTMLInputElement, key: string, values: string[]): void {
  for (const value of values) {
    thumb.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    thumb.value = value;
    thumb.dispatchEvent(new Event("input"));
    thumb.dispatchEvent(new Event("change"));
  }
  thumb.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true }));
}
const releases = (names: string[]) => names.filter((name) => name === "release").length;

test("a key raises release when it is let go, once however long it was held", async () => {
  const { find, names, data } = await mount("gr-slider", { minimum: 0, maximum: 10, step: 1, value: 1 });
  step(find("[type=range]"), "ArrowRight", ["2", "3", "4"]);
  expect([releases(names()), data("release")]).toEqual([1, 4]);
  step(find("[type=range]"), "End", ["10"]);
  expect([releases(names()), data("release")]).toEqual([2, 10]);
  find("[type=range]").dispatchEvent(new KeyboardEvent("keyup", { key: "Tab" }));
  expect(releases(names())).toBe(2);
});

test("a drag raises release once; so does what moves the thumb without keys", async () => {
  const { find, names } = await mount("gr-slider", { minimum: 0, maximum: 10, value: 1 });
  const thumb = find("[type=range]");
  thumb.dispatchEvent(new Event("pointerup"));
  thumb.dispatchEvent(new Event("change"));
  expect(releases(names())).toBe(1);
  await new Promise((done) => setTimeout(done));
  thumb.dispatchEvent(new Event("change"));
  expect(releases(names())).toBe(2);
});

test("a half-typed number stays while other options change", async () => {
  const { element, find } = await mount("gr-slider", { minimum: 10, maximum: 99, value: 50 });
  find("[type=number]").value = "1";
  find("[type=number]").dispatchEvent(new Event("input"));
  element.props = { ...element.props, label: "New" };
  await element.updateComplete;
  expect(find("[type=number]").value).toBe("1");
});
