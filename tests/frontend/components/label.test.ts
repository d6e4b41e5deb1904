import { expect, test } from "vitest";
import "../../../blocks_app/components/label";
import corpus from "../../xss_corpus.json";
import { mount, press } from "./support";

const pets = {
  label: "cat",
  confidences: [
    { label: "cat", confidence: 0.9 },
    { label: "dog", confidence: 0.1 },
  ],
};

test("the heading names the surest class, a bar tells how sure each is", async () => {
  const { element, find } = await mount("gr-label", { value: pets });
  expect(element.dataset.testid).toBe("label");
  expect(find("[data-testid='label-output-value']").textContent!.trim()).toBe("cat");
  const row = find("[data-testid='dog-confidence-set']");
  expect(row.querySelector(".confidence")!.textContent).toBe("10%");
  expect(row.querySelector<HTMLElement>(".bar")!.style.width).toBe("10%");
  expect(row.querySelector("[role=meter]")!.getAttribute("aria-valuenow")).toBe("10");
});

test("a name alone has no bars; the heading takes a colour", async () => {
  const { element, find } = await mount("gr-label", {
    value: { label: "x", confidences: null },
    color: "red",
  });
  expect(element.querySelector(".confidence-set")).toBeNull();
  expect(find<HTMLElement>("h2").style.backgroundColor).toBe("red");
});

test("show_heading=False leaves the bars alone", async () => {
  const { find } = await mount("gr-label", { value: pets, show_heading: false });
  expect(find("h2")).toBeNull();
});

test("a listened-to class can be chosen by mouse and keyboard", async () => {
  const { find, data } = await mount("gr-label", { value: pets, _selectable: true });
  find("[data-testid='dog-confidence-set']").click();
  expect(data("select")).toEqual({ index: 1, value: "dog" });
  press(find("[data-testid='cat-confidence-set']"), "Enter");
  expect(data("select")).toEqual({ index: 0, value: "cat" });
});

test("without a listener nothing looks pressable", async () => {
  const { find } = await mount("gr-label", { value: pets });
  expect(find("[role=button]")).toBeNull();
});

test("nothing yet has a sign", async () => {
  expect((await mount("gr-label", { value: {} })).find("[aria-label='Empty value']")).not.toBeNull();
});

test("markup in a name is text", async () => {
  const confidences = (corpus as string[]).map((label) => ({ label, confidence: 0.5 }));
  const { element } = await mount("gr-label", { value: { label: corpus[0], confidences } });
  expect(element.querySelector("img, script, iframe, style, form")).toBeNull();
});

test("of very many classes the surest are drawn, and the number of the others is told", async () => {
  const confidences = Array.from({ length: 20_000 }, (_, i) => ({ label: `c${i}`, confidence: 1 / (i + 1) }));
  const { element } = await mount("gr-label", { value: { label: "c0", confidences } });
  expect(element.querySelectorAll(".confidence-set").length).toBe(500);
  expect(element.textContent).toContain("and 19,500 more");
});
