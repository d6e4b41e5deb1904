import { expect, test } from "vitest";
import "../../../blocks_app/components/radio";
import { mount } from "./support";

const props = {
  label: "Letter",
  choices: [
    ["P", "p"],
    ["Q", 2],
  ],
};

test("a click raises change, select, input; the chosen one again nothing", async () => {
  const { element, find, names, data } = await mount("gr-radio", props);
  expect(element.value).toBe(null);
  const radio = find("[data-testid=Q-radio-label] input");
  radio.click();
  await element.updateComplete;
  radio.click();
  expect(element.value).toBe(2);
  expect(names()).toEqual(["change", "select", "input"]);
  expect(data("select")).toEqual({ value: 2, index: 1 });
});

test("the server's value raises change only; one that is no choice leaves none chosen", async () => {
  const { element, names } = await mount("gr-radio", { ...props, value: "p" });
  element.receive("zzz");
  await element.updateComplete;
  await element.updateComplete;
  expect(names()).toEqual(["change"]);
  expect([...element.querySelectorAll("input")].some((input) => input.checked)).toBe(false);
});
