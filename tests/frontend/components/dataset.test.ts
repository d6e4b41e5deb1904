import { expect, test } from "vitest";
import type { GrDataset } from "../../../blocks_app/components/dataset";
import "../../../blocks_app/components/dataset";
import { mount } from "./support";

const many = [...Array(25).keys()].map((number) => [`sample ${number}`, number]);
const texts = (element: Element, selector: string) =>
  [...element.querySelectorAll(selector)].map((each) => each.textContent!.trim());

test("one component makes cards; a click tells which, with its value", async () => {
  const { element, find, names, data } = await mount<GrDataset>("gr-dataset", {
    components: ["textbox"],
    samples: [["a"], ["b"]],
  });
  expect(texts(element, ".sample")).toEqual(["a", "b"]);
  find<HTMLButtonElement>("[data-index='1']").click();
  expect(names()).toEqual(["click", "select", "change"]);
  expect([element.value, data("click"), data("select")]).toEqual([1, 1, { index: 1, value: ["b"] }]);
  await element.updateComplete;
  expect(find("[data-index='1']").getAttribute("aria-pressed")).toBe("true");
});

test("several make a table, some rows at a time", async () => {
  const { element, find } = await mount<GrDataset>("gr-dataset", {
    components: ["textbox", "number"],
    headers: ["Text", "N"],
    samples: many,
    samples_per_page: 10,
  });
  expect(texts(element, "th")).toEqual(["Text", "N"]);
  expect(texts(element, "tbody tr")).toHaveLength(10);
  find<HTMLButtonElement>("[aria-label='Page 3']").click();
  await element.updateComplete;
  expect(texts(element, "tbody button")).toEqual([20, 21, 22, 23, 24].map((number) => `sample ${number}`));
  find<HTMLButtonElement>("[data-index='24']").click(); // a row tells once, whatever of it is pressed
  expect(element.value).toBe(24);
  element.props = { ...element.props, samples: many.slice(0, 3) };
  await element.updateComplete;
  expect(texts(element, "tbody tr")).toHaveLength(3);
  expect(element.querySelector("nav")).toBeNull();
});

test("a sample is a picture or a short text, its label if it has one", async () => {
  const picture = { path: `${"a".repeat(22)}/cat.png`, orig_name: "cat.png" };
  const { element, find } = await mount<GrDataset>("gr-dataset", {
    components: ["image", "json", "checkboxgroup", "textbox", "file"],
    samples: [[picture, { a: 1 }, ["x", "y"], "long ".repeat(100), { path: "x/notes.txt" }]],
  });
  expect(find<HTMLImageElement>("img").alt).toBe("cat.png");
  const [, json, list, long, file] = texts(element, "td");
  expect([json, list, file]).toEqual(['{"a":1}', "x, y", "notes.txt"]);
  expect(long!.length).toBeLessThan(110);
  element.props = { ...element.props, sample_labels: ["The cat"] };
  await element.updateComplete;
  expect(texts(element, ".sample")).toEqual(["The cat"]);
});
