import { expect, test } from "vitest";
import { anchor, link } from "../../../blocks_app/components/param_viewer";
import { mount } from "./support";

const value = {
  size: {
    type: "int | Size",
    description: "See [the manual](https://example.org/a) and [b](javascript:x).",
    default: "3",
  },
  "na me": { type: "<b>str</b>", description: "", default: null },
};

async function viewer(options = {}) {
  const mounted = await mount("gr-paramviewer", { value, header: "Takes", ...options });
  await (mounted.element as unknown as { coloured: Promise<void> }).coloured;
  return mounted;
}

/** Whether each row is open. */
const opened = (element: Element) =>
  [...element.querySelectorAll(".type button")].map((each) => each.getAttribute("aria-expanded") === "true");

test("each parameter is a row with its type, default and sentence", async () => {
  const { element, find } = await viewer();
  expect([...element.querySelectorAll(".type")].map((each) => each.textContent?.trim())).toEqual([
    "size: int | Size",
    "na me: <b>str</b>",
  ]);
  expect(find(".default").textContent).toContain("= 3");
  const links = [...element.querySelectorAll<HTMLAnchorElement>(".description a")];
  expect(links.map((each) => [each.textContent, each.href])).toEqual([
    ["the manual", "https://example.org/a"],
  ]);
  expect(element.querySelectorAll(".default").length).toBe(1);
});

test("one button opens all rows and closes them", async () => {
  const { element, find } = await viewer();
  const open = () => opened(element);
  find("button").click();
  await element.updateComplete;
  expect([open(), find("button").getAttribute("aria-label")]).toEqual([[true, true], "Close all"]);
  find("button").click();
  await element.updateComplete;
  expect(open()).toEqual([false, false]);
});

test("types are coloured, and named ones link to their heading", async () => {
  const { find, element } = await viewer({ linkify: ["Size"] });
  expect(find("code").querySelector(".hljs-built_in, .hljs-type, .hljs-title")).not.toBe(null);
  expect(find<HTMLAnchorElement>("code a").getAttribute("href")).toBe("#h-size");
  element.receive({ size: { type: "Size", description: "", default: null } });
  await element.updateComplete;
  await (element as unknown as { coloured: Promise<void> }).coloured;
  expect(find("code").textContent).toBe("size: Size");
  expect(element.querySelectorAll("code a").length).toBe(1);
});

test("only whole words become links, the longest first", () => {
  const root = document.createElement("p");
  root.textContent = "Size | SizeHint | a.Size[x]";
  link(root, ["Size", "SizeHint", "x"]);
  expect(root.innerHTML).toBe(
    '<a href="#h-size">Size</a> | <a href="#h-sizehint">SizeHint</a> | a.<a href="#h-size">Size</a>[<a href="#h-x">x</a>]',
  );
});

test("the address of a row opens it", async () => {
  expect([anchor("Na me!", true), anchor("size", "here")]).toEqual(["param-na-me-", "param-here-size"]);
  location.hash = "#param-size";
  const { element, find } = await viewer({ anchor_links: true });
  await element.updateComplete;
  expect(opened(element)).toEqual([true, false]);
  expect(find(".param-link").getAttribute("href")).toBe("#param-size");
  location.hash = "";
});

test("a row opens by its button or a click beside it, not by a link in it", async () => {
  const { element, find } = await viewer({ linkify: ["Size"] });
  find<HTMLElement>(".type button").click();
  await element.updateComplete;
  expect([opened(element), find<HTMLElement>(".default").parentElement!.hidden]).toEqual([
    [true, false],
    false,
  ]);
  find<HTMLElement>(".type a").click();
  expect(opened(element)).toEqual([true, false]);
  find<HTMLElement>(".type pre").click();
  await element.updateComplete;
  expect(opened(element)).toEqual([false, false]);
});

test("without a header there is no button", async () => {
  const { element } = await viewer({ header: null });
  expect(element.querySelector(".toggle-all")).toBe(null);
});
