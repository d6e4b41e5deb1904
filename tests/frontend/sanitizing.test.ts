// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { sanitize } from "../../blocks_app/frontend/sanitizing";

const clean = (markup: string) => {
  const holder = document.createElement("div");
  holder.append(sanitize(markup));
  return holder.innerHTML;
};

beforeEach(() => document.body.replaceChildren());

test.each([
  "transform:scale(9)",
  "translate:0 -300px",
  "scale:5",
  "rotate:4deg",
  "position:fixed",
  "inset:0",
  "z-index:9",
  "margin-top:-200px",
  "margin:calc(0px - 50px)",
  "background:url(/logout)",
  "content-visibility:hidden",
  "pointer-events:none",
  "cursor:wait",
  "filter:blur(9px)",
  "clip-path:inset(0)",
  "animation:toast-in 1s",
  "--block-background-fill:red",
  "anchor-name:--dropdown-3",
  "view-transition-name:x",
])("a style that leaves its place or is not its own goes: %s", (style) => {
  expect(clean(`<p style="${style}">x</p>`).replace(' style=""', "")).toBe("<p>x</p>");
});

test.each([
  ["color: red; text-align: center"],
  ["font-size: 20px; font-weight: bold"],
  ["margin-top: 10px; padding: 4px"],
  ["border: 1px solid red; border-radius: 4px"],
  ["display: flex; gap: 4px"],
  ["width: 50%; float: left"],
])("a look of its own stays: %s", (style) => {
  const element = sanitize(`<p style="${style}">x</p>`).firstElementChild as HTMLElement;
  const given = document.createElement("p");
  given.style.cssText = style;
  expect(element.style.cssText).toBe(given.style.cssText);
});

test("the page's own classes go, others stay", () => {
  const markup = `<b class="toast-body error mine block language-python hide">x</b>`;
  expect(clean(markup)).toBe(`<b class="mine language-python">x</b>`);
  expect(clean(`<b class="gradio-container sr-only">x</b>`)).toBe("<b>x</b>");
});

test.each([
  "style",
  "form",
  "button",
  "select",
  "textarea",
  "dialog",
  "label",
  "fieldset",
  "template",
  "slot",
  "gr-button",
  "gr-textbox",
  "iframe",
  "object",
])("<%s> is no part of a text", (tag) => {
  expect(sanitize(`<div><${tag}>x</${tag}></div>`).querySelector(tag)).toBeNull();
});

test.each([
  'tabindex="0"',
  'accesskey="s"',
  "contenteditable",
  "autofocus",
  "popover",
  'popovertarget="x"',
  'commandfor="x"',
  'command="show-modal"',
  "inert",
  'slot="x"',
  'role="alert"',
  'role="dialog"',
  'aria-live="assertive"',
  'aria-labelledby="x"',
  'aria-owns="x"',
  'data-testid="toast-body"',
  'name="body"',
  'target="_top"',
  'form="x"',
])("an attribute that reaches beyond its element goes: %s", (attribute) => {
  expect(clean(`<p ${attribute}>x</p>`)).toBe("<p>x</p>");
});

test("what articles are made of stays", () => {
  const markup =
    '<details open=""><summary>More</summary><table><tbody><tr><td align="right" colspan="2">1</td></tr></tbody></table>' +
    '<img src="/a.png" alt="A" width="20"><p id="part" dir="rtl" lang="he"><kbd>x</kbd></p><a href="#part">up</a></details>';
  expect(clean(markup)).toBe(markup);
});

test("an id that the page has, or would make, becomes another; links follow it", () => {
  document.body.innerHTML = `<div id="root"></div>`;
  expect(clean(`<p id="component-3-input">x</p><a href="#component-3-input">y</a>`)).toBe(
    `<p id="user-content-component-3-input">x</p><a href="#user-content-component-3-input">y</a>`,
  );
  expect(clean(`<p id="root">x</p><a href="#root">y</a>`)).toContain(`href="#user-content-root"`);
  expect(clean(`<p id="note">x</p>`)).toBe(`<p id="note">x</p>`);
});

test("links in pictures open beside the page as well", () => {
  const link = sanitize(`<svg><a href="https://elsewhere.example/"><text>x</text></a></svg>`).querySelector(
    "a",
  )!;
  expect([link.getAttribute("target"), link.getAttribute("rel")]).toEqual(["_blank", "noopener noreferrer"]);
});
