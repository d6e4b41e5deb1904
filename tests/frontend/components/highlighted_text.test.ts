import { expect, test } from "vitest";
import "../../../blocks_app/components/highlighted_text/highlighted_text";
import { withMark } from "../../../blocks_app/components/highlighted_text/marks";
import { colorsOf } from "../../../blocks_app/frontend/shared/colors";
import corpus from "../../xss_corpus.json";
import { mount, press } from "./support";

const token = (token: string, class_or_confidence: string | number | null = null) => ({
  token,
  class_or_confidence,
});
const value = [token("The "), token("quick", "adj"), token(" fox", "noun")];
const texts = (element: Element, selector: string) =>
  [...element.querySelectorAll(selector)].map((each) => each.textContent!.trim());

test("parts stand with their categories, by the names that tests rely on", async () => {
  const { element, find } = await mount("gr-highlightedtext", { value, show_legend: true });
  expect(find("[data-testid='highlighted-text']")).not.toBeNull();
  expect(find("[data-testid='highlighted-text:textfield']").textContent!.replace(/\s+/g, " ").trim()).toBe(
    "The quickadj foxnoun",
  );
  expect(texts(element, ".textspan > .label")).toEqual(["adj", "noun"]);
  expect(texts(find("[data-testid='highlighted-text:category-legend']"), "button")).toEqual(["adj", "noun"]);
});

test("without inline categories they are still read aloud", async () => {
  const { element } = await mount("gr-highlightedtext", { value, show_inline_category: false });
  expect(texts(element, ".textspan > .label")).toEqual([]);
  expect(texts(element, ".textspan > .sr-only")).toEqual(["adj", "noun"]);
});

test("scores have a scale and the stronger colour the further from zero", async () => {
  const { find, element } = await mount("gr-highlightedtext", {
    value: [token("good", 0.8), token("bad", -0.2)],
    show_legend: true,
  });
  expect(find("[data-testid='highlighted-text:color-legend']").textContent).toContain("+1");
  expect([...element.querySelectorAll<HTMLElement>(".textspan")].map((part) => part.title)).toEqual([
    "0.8",
    "-0.2",
  ]);
});

test("the legend brings out one category", async () => {
  const { element, find } = await mount("gr-highlightedtext", { value, show_legend: true });
  find(".category-legend button").click();
  await element.updateComplete;
  expect(texts(element, ".textspan:not(.faded) > .text")).toEqual(["quick"]);
});

test("listened-to parts are chosen by mouse and keyboard, with one stop of the Tab key", async () => {
  const { element, find, data } = await mount("gr-highlightedtext", { value, _selectable: true });
  find(".textspan:nth-of-type(2) .text").click();
  expect(data("select")).toEqual({ index: 1, value: ["quick", "adj"] });
  await element.updateComplete;
  expect(element.querySelectorAll("[tabindex='0']").length).toBe(0); // interactive: the text itself is the stop
  element.interactive = false;
  await element.updateComplete;
  expect(texts(element, "[tabindex='0'] > .text")).toEqual(["quick"]);
  press(find(".textfield"), "ArrowRight");
  press(find(".textfield"), "Enter");
  expect(data("select")).toEqual({ index: 2, value: [" fox", "noun"] });
});

test("a mark splits parts, and joins what is plain again", () => {
  const text = [token("The quick fox")];
  const marked = withMark(text, 4, 9, "adj");
  expect(marked).toEqual([token("The "), token("quick", "adj"), token(" fox")]);
  expect(withMark(marked, 0, 9, "all")).toEqual([token("The quick", "all"), token(" fox")]);
  expect(withMark(marked, 4, 9, null)).toEqual(text);
  expect(withMark(marked, 5, 5, "nothing")).toBe(marked);
});

test("colours are the author's, or differ", () => {
  const colors = colorsOf(["a", "b", "c"], { b: "teal" });
  expect(colors.get("b")).toBe("teal");
  expect(new Set(colors.values()).size).toBe(3);
});

test("a text of many parts is drawn in steps", async () => {
  const many = Array.from({ length: 5000 }, (_, index) => token(`w${index} `));
  const { element, find } = await mount("gr-highlightedtext", { value: many });
  expect(element.querySelectorAll(".textspan").length).toBe(2000);
  find(".more-parts").click();
  await element.updateComplete;
  expect(element.querySelectorAll(".textspan").length).toBe(4000);
  expect(find(".more-parts").textContent).toContain("1000");
});

test("hostile text stays text", async () => {
  for (const hostile of corpus) {
    const { element } = await mount("gr-highlightedtext", {
      value: [token(hostile, hostile)],
      show_legend: true,
    });
    expect(element.querySelector("script, img, iframe, svg[onload]")).toBeNull();
  }
});
