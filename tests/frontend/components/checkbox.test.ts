import { expect, test } from "vitest";
import "../../../blocks_app/components/checkbox";
import { mount, press } from "./support";

test("a click raises select, change, input", async () => {
  const { element, find, names, data } = await mount("gr-checkbox", { label: "Agree" });
  expect(element.value).toBe(false);
  expect(find("label").textContent!.trim()).toBe("Agree");
  find("[data-testid=checkbox]").click();
  expect(element.value).toBe(true);
  expect(names()).toEqual(["select", "change", "input"]);
  expect(data("select")).toEqual({ index: 0, value: true, selected: true });
});

test("Enter ticks as well", async () => {
  const { element, find } = await mount("gr-checkbox", { value: true });
  press(find("input"), "Enter");
  expect(element.value).toBe(false);
  await element.updateComplete;
  expect(find("input").checked).toBe(false);
});

test("the server's value raises change only", async () => {
  const { element, names } = await mount("gr-checkbox");
  element.receive(true);
  await element.updateComplete;
  await element.updateComplete;
  expect(names()).toEqual(["change"]);
});
