import { expect, test, vi } from "vitest";
import "../../../blocks_app/components/json";
import corpus from "../../xss_corpus.json";
import { mount } from "./support";

const text = (element: Element) => element.textContent!.replace(/\s+/g, "");

test("data are drawn as JSON", async () => {
  const { element, find } = await mount("gr-json", { value: { a: [1, null, true], b: 'x"y' } });
  expect(text(find(".json-holder"))).toBe('{"a":[1,null,true],"b":"x\\"y"}');
  expect(element.dataset.testid).toBe("json");
});

test("deep levels start folded, and a folded one draws nothing inside", async () => {
  const { element, find } = await mount("gr-json", { value: { a: { b: { c: { d: 1 } } } } });
  const folds = [...element.querySelectorAll("details")];
  expect(folds.map((fold) => fold.open)).toEqual([true, true, true, false]);
  expect(find(".json-holder").textContent).not.toContain("d");
  folds[3].open = true;
  folds[3].dispatchEvent(new Event("toggle"));
  await element.updateComplete;
  expect(find(".json-holder").textContent).toContain('"d"');
});

test("open unfolds everything, show_indices numbers the items", async () => {
  const { element, find } = await mount("gr-json", { value: [[[[["x"]]]]], open: true, show_indices: true });
  expect([...element.querySelectorAll("details")].every((fold) => fold.open)).toBe(true);
  expect(text(find(".json-holder"))).toContain('0:"x"');
});

test("long lists come in pages", async () => {
  const { element, find } = await mount("gr-json", { value: Array.from({ length: 1000 }, (_, i) => i) });
  expect(element.querySelectorAll("li").length).toBe(201);
  expect(find("button.json-more").textContent!.trim()).toBe("800 more");
  find("button.json-more").click();
  await element.updateComplete;
  expect(element.querySelectorAll("li").length).toBe(1000);
});

test("an equal answer raises change too", async () => {
  const { element, names } = await mount("gr-json", { value: { a: 1 } });
  element.receive({ a: 1 });
  await element.updateComplete;
  await element.updateComplete;
  expect(names()).toEqual(["change"]);
});

test("an empty value has a sign; the copy button copies text", async () => {
  expect((await mount("gr-json")).find("[aria-label='Empty value']")).not.toBeNull();
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const { find } = await mount("gr-json", { value: { a: 1 }, buttons: ["copy"] });
  find("button.copy-button").click();
  await vi.waitFor(() => expect(writeText).toHaveBeenCalledWith('{\n  "a": 1\n}'));
  vi.unstubAllGlobals();
});

test("markup in keys and values is text", async () => {
  const { element } = await mount("gr-json", {
    value: Object.fromEntries((corpus as string[]).map((x) => [x, x])),
  });
  expect(element.querySelector("img, script, iframe, style, form")).toBeNull();
});

test("a tree that is too deep or too large unfolds by itself only so far", async () => {
  let deep: unknown = 1;
  for (let i = 0; i < 3000; i += 1) deep = [deep];
  const { element, find } = await mount("gr-json", { value: deep, open: true });
  expect(element.querySelectorAll("details[open]")).toHaveLength(50);
  const wide = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => [1, 2]));
  element.receive(wide);
  await element.updateComplete;
  expect(element.querySelectorAll("li").length).toBeLessThan(4000);
  const closed = [...element.querySelectorAll<HTMLDetailsElement>("details:not([open])")].at(-1)!;
  closed.open = true;
  closed.dispatchEvent(new Event("toggle"));
  await element.updateComplete;
  const first = find<HTMLDetailsElement>("details details");
  first.open = false;
  first.dispatchEvent(new Event("toggle"));
  await element.updateComplete;
  expect(first.open).toBe(false);
});
