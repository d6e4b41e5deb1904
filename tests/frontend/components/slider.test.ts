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
