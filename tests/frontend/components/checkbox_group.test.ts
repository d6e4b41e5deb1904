import { expect, test } from "vitest";
import "../../../blocks_app/components/checkbox_group";
import { mount } from "./support";

const props = {
  label: "Letters",
  choices: [
    ["P", "p"],
    ["Q", 2],
    ["R", "r"],
  ],
  value: ["p"],
};

test("it is a named group of named boxes", async () => {
  const { element, find } = await mount("gr-checkboxgroup", props);
  const group = find("[role=group]");
  expect(group.dataset.testid).toBe("checkbox-group");
  expect(document.getElementById(group.getAttribute("aria-labelledby")!)!.textContent).toBe("Letters");
  expect([...element.querySelectorAll("label")].map((label) => label.textContent!.trim())).toEqual([
    "P",
    "Q",
    "R",
  ]);
});

test("a click raises select, input, change", async () => {
  const { element, names, data } = await mount("gr-checkboxgroup", props);
  element.querySelectorAll("input")[1].click();
  expect(element.value).toEqual(["p", 2]);
  expect(names()).toEqual(["select", "input", "change"]);
  expect(data("select")).toEqual({ index: 1, value: 2, selected: true });
});

test("unticking takes the value out", async () => {
  const { element, data } = await mount("gr-checkboxgroup", props);
  element.querySelector("input")!.click();
  expect(element.value).toEqual([]);
  expect(data("select")).toEqual({ index: 0, value: "p", selected: false });
});

test("one box ticks and unticks all", async () => {
  const { element, find } = await mount("gr-checkboxgroup", { ...props, show_select_all: true });
  expect(find(".select-all input").indeterminate).toBe(true);
  find(".select-all input").click();
  expect(element.value).toEqual(["p", 2, "r"]);
  await element.updateComplete;
  find(".select-all input").click();
  expect(element.value).toEqual([]);
});
