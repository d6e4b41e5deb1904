import { expect, test } from "vitest";
import "../../../blocks_app/components/number";
import { mount, press, type } from "./support";

test("it starts at 0, or empty where a placeholder is to be seen", async () => {
  expect((await mount("gr-number")).element.value).toBe(0);
  const empty = await mount("gr-number", { placeholder: "how many?" });
  expect(empty.element.value).toBe(null);
  expect(empty.find("input").placeholder).toBe("how many?");
});

test("typing raises change and input, Enter submit, clearing null", async () => {
  const { element, find, names } = await mount("gr-number", { value: 1, minimum: 0, maximum: 9, step: 2 });
  const field = find("input");
  expect([field.min, field.max, field.step, field.dataset.testid]).toEqual(["0", "9", "2", "number-input"]);
  await type(field, "5");
  press(field, "Enter");
  expect(element.value).toBe(5);
  await type(field, "");
  expect(element.value).toBe(null);
  expect(names()).toEqual(["change", "input", "submit", "change", "input"]);
});

test("what the user typed is not rewritten", async () => {
  const { element, find } = await mount("gr-number");
  await type(find("input"), "1.0");
  await element.updateComplete;
  expect(element.value).toBe(1);
  expect(find("input").value).toBe("1.0");
});

test("the server's number is shown, and raises change only when it differs", async () => {
  const { element, find, names } = await mount("gr-number", { value: 3 });
  element.receive(3);
  element.receive(4.5);
  await element.updateComplete;
  expect(find("input").value).toBe("4.5");
  await element.updateComplete;
  expect(names()).toEqual(["change"]);
});
