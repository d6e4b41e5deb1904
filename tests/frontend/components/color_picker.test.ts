import { expect, test } from "vitest";
import { parseColor, toHex, writtenLike } from "../../../blocks_app/components/color_picker";
import { mount, press, type } from "./support";

test.each([
  ["#f80", "#ff8800"],
  ["#FF880080", "#ff8800"],
  ["rgb(255, 136, 0)", "#ff8800"],
  ["rgba(255 136 0 / 50%)", "#ff8800"],
  ["hsl(32, 100%, 50%)", "#ff8800"],
  ["hsl(240deg 100% 25%)", "#000080"],
])("%s is %s", (text, hex) => {
  expect(toHex(parseColor(text)!)).toBe(hex);
});

test.each(["", "#ff", "rgb(1, 2)", "rgb(a, b, c)", "url(x)"])("%j is no colour", (text) => {
  expect(parseColor(text)).toBe(null);
});

test("a picked colour is written as the one before", () => {
  expect(writtenLike(null, "#ff8800")).toBe("#ff8800");
  expect(writtenLike("#123456", "#ff8800")).toBe("#ff8800");
  expect(writtenLike("#12345680", "#ff8800")).toBe("#ff880080");
  expect(writtenLike("rgb(1, 2, 3)", "#ff8800")).toBe("rgb(255, 136, 0)");
  expect(writtenLike("rgba(1, 2, 3, 0.25)", "#ff8800")).toBe("rgba(255, 136, 0, 0.25)");
  expect(writtenLike("hsl(0, 0%, 0%)", "#ff8800")).toBe("hsl(32, 100%, 50%)");
});

test("picking raises change and input, letting go release, both fields follow", async () => {
  const { element, find, names, data } = await mount("gr-colorpicker", { value: "rgb(0, 0, 0)" });
  await type(find("[type=color]"), "#ff0000");
  find("[type=color]").dispatchEvent(new Event("change"));
  await element.updateComplete;
  expect(names()).toEqual(["change", "input", "release"]);
  expect(data("release")).toBe("rgb(255, 0, 0)");
  expect(find("[type=text]").value).toBe("rgb(255, 0, 0)");
});

test("half a colour is not sent and stands until the field is left", async () => {
  const { element, find, names } = await mount("gr-colorpicker");
  const field = find("[type=text]");
  await type(field, "#ff");
  await element.updateComplete;
  expect([field.value, field.getAttribute("aria-invalid"), element.value]).toEqual(["#ff", "true", null]);
  await type(field, "#ff0");
  press(field, "Enter");
  expect([element.value, ...names()]).toEqual(["#ff0", "change", "input", "submit"]);
  await type(field, "#ff0z");
  field.dispatchEvent(new Event("blur"));
  expect(field.value).toBe("#ff0");
});

test("without a colour the palette shows black and null is sent", async () => {
  const { element, find } = await mount("gr-colorpicker");
  expect([element.value, find("[type=color]").value]).toEqual([null, "#000000"]);
});
