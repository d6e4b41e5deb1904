import type { Props } from "blocks";
import { expect, test, vi } from "vitest";
import { helpers, morph } from "../../../blocks_app/components/html";
import { mount } from "./support";

test("the markup is drawn as it is", async () => {
  const { find } = await mount("gr-html", { value: "<b id='x'>bold</b>" });
  expect(find("b#x").textContent).toBe("bold");
});

test("scripts do not run, and nothing redirects the page", async () => {
  const value =
    "<script>window.ran = 1</script><base href='https://evil.example'><meta http-equiv=refresh>ok";
  const { find } = await mount("gr-html", { value });
  expect((window as { ran?: number }).ran).toBeUndefined();
  expect(find("base, meta")).toBeNull();
  expect(find(".html-container").textContent).toContain("ok");
});

test("an update of another option leaves the nodes alone", async () => {
  const { element, find } = await mount("gr-html", { value: "<i>a</i>" });
  const node = find("i");
  element.props = { ...element.props, min_height: 50 };
  await element.updateComplete;
  expect(find("i")).toBe(node);
  expect(find<HTMLElement>(".html-container").style.minHeight).toBe("50px");
});

test("a new value raises change, a click raises click", async () => {
  const { element, find, names } = await mount("gr-html", { value: "<i>a</i>" });
  element.receive("<i>b</i>");
  await element.updateComplete;
  await element.updateComplete;
  find("i").click();
  expect(names()).toEqual(["change", "click"]);
});

test("numbers and nothing", async () => {
  expect((await mount("gr-html", { value: 3 })).find(".html-container").textContent).toBe("3");
  expect((await mount("gr-html")).find(".html-container").textContent).toBe("");
});

test("what templates call: paths, escaping, lists and what counts as empty", () => {
  const { get, raw, escape, truthy, each } = helpers;
  expect(get({ a: [{ b: 1 }] }, ["a", "0", "b"])).toBe(1);
  expect(get({ a: 1 }, ["constructor"])).toBeUndefined();
  expect(get(null, ["a"])).toBeUndefined();
  expect(escape(`<a href="x">'&\``)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#96;");
  expect([raw(null), raw(0), escape(undefined)]).toEqual(["", "0", ""]);
  expect([[], "", 0, null, {}, [0], "a"].map(truthy)).toEqual([false, false, false, false, true, true, true]);
  const show = (item: unknown, data: object) => `${item}${JSON.stringify(data)}`;
  expect(each(["a"], show, () => "none")).toBe('a{"index":0,"key":0,"first":true,"last":true}');
  expect(each({ k: 1 }, show, () => "none")).toContain('"key":"k"');
  expect([each([], show, () => "none"), each(null, show, () => "none")]).toEqual(["none", "none"]);
});

test("drawing anew keeps the nodes that need not go", () => {
  const place = document.createElement("div");
  place.innerHTML = "<input value='a'><p class='x'>one</p><i></i>";
  const [input, paragraph] = place.children as unknown as [HTMLInputElement, HTMLElement];
  const wanted = document.createElement("template");
  wanted.innerHTML = "<input value='b'><p id='y'>two</p><b></b><u></u>";
  morph(place, wanted.content);
  expect(place.innerHTML).toBe('<input value="b"><p id="y">two</p><b></b><u></u>');
  expect([place.children[0], place.children[1]]).toEqual([input, paragraph]);
  expect(input.value).toBe("b");
  wanted.innerHTML = "<p>";
  morph(place, wanted.content);
  expect(place.innerHTML).toBe("<p></p>");
});

test("a template, styles and a script of its own come from files that were made for them", async () => {
  const made = ((globalThis as Record<symbol, unknown>)[Symbol.for("blocks.js")] ??= {}) as Props;
  made.one = ({ value, color }: Props) => `<p>${value} ${color}</p>`;
  made.two = ({ color }: Props) => `p { color: ${color} }`;
  made.three = (element: HTMLElement, trigger: (name: string, data: object) => void, props: Props) => {
    element.onclick = () => {
      props.color = "blue";
      trigger("starred", { stars: props.value });
    };
  };
  const { element, find, names, data } = await mount("gr-html", {
    value: 3,
    color: "red",
    _names: ["color"],
    _clicks: false,
    _scripts: { html: "one", css: "two", js: "three" },
  });
  await vi.waitFor(() => expect(find("p").textContent).toBe("3 red"));
  await vi.waitFor(() => expect(find<HTMLElement>(".html-container").onclick).not.toBeNull());
  const paragraph = find<HTMLElement>("p");
  paragraph.click();
  await element.updateComplete;
  expect(find("p")).toBe(paragraph);
  expect(paragraph.textContent).toBe("3 blue");
  expect(names()).toEqual(["starred"]);
  expect(data("starred")).toEqual({ stars: 3 });
});
