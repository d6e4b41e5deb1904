// @vitest-environment jsdom
// happy-dom parses too loosely for a sanitiser
import { beforeAll, expect, test, vi } from "vitest";
import { plainParagraphs, type GrMarkdown } from "../../../blocks_app/components/markdown";
import corpus from "../../xss_corpus.json";
import { mount } from "./support";

const dollars = [{ left: "$$", right: "$$", display: true }];

async function show(value: string, props: object = {}) {
  const mounted = await mount<GrMarkdown>("gr-markdown", {
    value,
    sanitize_html: true,
    container: false,
    ...props,
  });
  await mounted.element.drawn;
  return { ...mounted, md: mounted.find<HTMLElement>(".md") };
}

async function grow(element: GrMarkdown, value: string) {
  element.receive(value);
  await element.updateComplete;
}

beforeAll(async () => {
  await import("../../../blocks_app/frontend/languages");
  await import("katex");
});

test("headings, emphasis and paragraphs", async () => {
  const { md, find } = await show("# Title\n\nSome *text*");
  expect(md.querySelector("h1")!.textContent).toBe("Title");
  expect(md.querySelector("p em")!.textContent).toBe("text");
  expect(find(".prose").dataset.testid).toBe("markdown");
});

test("tables and task lists", async () => {
  const { md } = await show("| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n- [ ] open");
  expect(md.querySelectorAll("td").length).toBe(2);
  const boxes = [...md.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  expect(boxes.map((box) => [box.hasAttribute("checked"), box.hasAttribute("disabled")])).toEqual([
    [true, true],
    [false, true],
  ]);
});

test("code of a known language is coloured and can be copied", async () => {
  const { md } = await show("```python\ndef f(): pass\n```");
  await vi.waitFor(() => expect(md.querySelector("code.hljs .hljs-keyword")!.textContent).toBe("def"));
  expect(md.querySelector(".code_wrap > button")!.getAttribute("aria-label")).toBe("Copy");
});

test("a formula becomes MathML, and is left alone in code and without delimiters", async () => {
  const { md } = await show("$$x^2$$ and `$$y$$`", { latex_delimiters: dollars });
  await vi.waitFor(() => expect(md.querySelector("math")).not.toBeNull());
  expect(md.querySelector("code")!.textContent).toBe("$$y$$");
  const plain = await show("$$x^2$$", { latex_delimiters: [] });
  expect(plain.md.textContent!.trim()).toBe("$$x^2$$");
});

test("a formula of several lines keeps its underscores", async () => {
  const { md } = await show("$$\na_1 + b_1\n\n= c_1 * d_1\n$$", { latex_delimiters: dollars });
  await vi.waitFor(() => expect(md.querySelectorAll("math").length).toBe(1));
  expect(md.querySelector("em")).toBeNull();
});

test("line breaks count when asked for", async () => {
  expect((await show("a\nb")).md.querySelector("br")).toBeNull();
  expect((await show("a\nb", { line_breaks: true })).md.querySelector("br")).not.toBeNull();
});

test("headings link to themselves when asked for", async () => {
  const { md } = await show("# Two Words\n\n# Two Words", { header_links: true });
  expect([...md.querySelectorAll("h1")].map((heading) => heading.id)).toEqual(["two-words", "two-words-1"]);
  expect(md.querySelector("h1 a")!.getAttribute("href")).toBe("#two-words");
});

test("other sites open beside the page, our own in it", async () => {
  const { md } = await show("[out](https://example.org) [in](#here)");
  const [out, inside] = md.querySelectorAll("a");
  expect([out.target, out.rel]).toEqual(["_blank", "noopener noreferrer"]);
  expect(inside.hasAttribute("target")).toBe(false);
});

test("a growing text keeps the nodes of what stands", async () => {
  const { element, md } = await show("# One\n\nfirst");
  const heading = md.querySelector("h1");
  await grow(element, "# One\n\nfirst and\n\n- second");
  expect(md.querySelector("h1")).toBe(heading);
  expect(md.querySelector("p")!.textContent).toBe("first and");
  expect(md.querySelector("li")!.textContent).toBe("second");
});

test("typed letter by letter it ends as if it had come at once", async () => {
  const text =
    "# T\n\na [link][1]\n\n<details>\n\n*in*\n\n</details>\n\n$$\nx\n\ny\n$$\n\n1. a\n\n   b\n2. c\n\n```js\nlet a\n\nlet b\n```\n\nSet\n===\n\n[1]: https://example.org";
  const { element, md } = await show("", { latex_delimiters: dollars });
  for (let end = 1; end <= text.length; end += 1) await grow(element, text.slice(0, end));
  const whole = await show(text, { latex_delimiters: dollars });
  await vi.waitFor(() => expect(whole.md.querySelector("math")).not.toBeNull());
  await vi.waitFor(() => expect(md.innerHTML).toBe(whole.md.innerHTML));
});

test("an element that spans blocks holds them", async () => {
  const { md } = await show("<details><summary>More</summary>\n\n**inside**\n\n</details>\n\noutside");
  expect(md.querySelector("details strong")!.textContent).toBe("inside");
  expect(md.querySelector("details")!.textContent).not.toContain("outside");
});

test("the copy button copies the text and tells it", async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const { find, data } = await show("*x*", { buttons: ["copy"] });
  find("button.copy-button").click();
  await vi.waitFor(() => expect(data("copy")).toEqual({ value: "*x*" }));
  expect(writeText).toHaveBeenCalledWith("*x*");
  vi.unstubAllGlobals();
});

test("right to left, heights and padding", async () => {
  const { element, find } = await show("x", { rtl: true, height: 80, padding: true });
  expect(find(".prose").getAttribute("dir")).toBe("rtl");
  expect(find<HTMLElement>(".prose").style.height).toBe("80px");
  expect(element.classList.contains("padded")).toBe(true);
});

test("without sanitising, markup stays as the author wrote it", async () => {
  const { md } = await show("<form id=f></form>", { sanitize_html: false });
  expect(md.querySelector("form")).not.toBeNull();
  expect((await show("<form id=f></form>")).md.querySelector("form")).toBeNull();
});

test.each(corpus as string[])("cannot run or restyle: %s", async (evil) => {
  const { md } = await show(evil, { latex_delimiters: dollars });
  await new Promise((resolve) => setTimeout(resolve));
  const harmful =
    "script, style, link, base, meta, form, iframe, object, embed, button:not(.icon-button), template";
  expect(md.querySelector(harmful)).toBeNull();
  for (const node of md.querySelectorAll("*")) {
    for (const { name, value } of node.attributes) {
      expect(name).not.toMatch(/^on/);
      if (/href|src|action/.test(name))
        expect(value.replace(/\s/g, "")).not.toMatch(/^(javascript|data|vbscript):/i);
    }
    expect((node as HTMLElement).style?.position ?? "").toBe("");
  }
});

const plain = [
  "Start typing below and then click **Run** to see the output.",
  'One line\nand the next.\n\nA paragraph, (**bold words**): well-known, 50%; "said" it\'s 3.5',
  "**All of it**",
  "\n\nKäse – **größer** …\n\n\n**a** **b**\n",
  "",
];

test.each(plain)("a plain text is drawn as the library draws it: %j", async (text) => {
  const nodes = plainParagraphs(text, { latex_delimiters: dollars })!;
  const { MarkdownView } = await import("../../../blocks_app/frontend/markdown");
  const root = document.createElement("div");
  new MarkdownView(root).render(text, { latex_delimiters: dollars });
  const mine = document.createElement("div");
  mine.append(...nodes);
  expect(mine.innerHTML).toBe(root.innerHTML.replace(/<\/p>\n/g, "</p>"));
});

const special = [
  ...["# a", "*a*", "a_b_", "`a`", "[a](b)", "<b>", "&amp;", "\\a", "~~a~~", "a | b", "$a$", "> a", "a\tb"],
  ...[
    "- a",
    "+ a",
    "1. a",
    "2) a",
    "a\n---",
    "a\n===",
    "    a",
    "a  \nb",
    "https://a.de",
    "see www.a.de",
    "a@b.de",
  ],
  ...["** a**", "a**b**c", "**a", "**a**b", "***a***", "**a** *", "**1. a**\n\n**- a**\n1. b", "https\n://a"],
];

test.each(special)("any other text waits for the library: %j", (text) => {
  expect(plainParagraphs(text, {})).toBeNull();
});

test("line breaks and formulas of one's own need the library", () => {
  expect(plainParagraphs("a\nb", { line_breaks: true })).toBeNull();
  const latex_delimiters = [{ left: "((", right: "))", display: false }];
  expect(plainParagraphs("a ((b))", { latex_delimiters })).toBeNull();
});

test("a text that grows beyond plain is drawn by the library", async () => {
  const { element, md } = await show("One");
  expect(md.innerHTML).toBe("<p>One</p>");
  await grow(element, "One *two*");
  await element.drawn;
  expect(md.querySelector("em")!.textContent).toBe("two");
  expect(md.querySelectorAll("p")).toHaveLength(1);
});
