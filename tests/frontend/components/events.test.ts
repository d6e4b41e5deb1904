/**
 * What listeners see: the value of the component as it is after the action, for every event of every component.
 * A component that is new to the page must be named here.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { GrElement } from "blocks";
import { onBlockEvent } from "../../../blocks_app/frontend/block_events";
import "../../../blocks_app/frontend/droparea";
import "../../thirdparty_app/static/thirdparty_app/rating";
import { mount, press, type } from "./support";

const COMPONENTS = join(import.meta.dirname, "../../../blocks_app/components");
/** Those of one file, and of those that are packages the file that is called as the folder. */
const NAMES = readdirSync(COMPONENTS, { withFileTypes: true })
  .map((entry) => (entry.isDirectory() ? `${entry.name}/${entry.name}` : entry.name.replace(/\.ts$/, "")))
  .filter((name) => existsSync(join(COMPONENTS, `${name}.ts`)));
for (const name of NAMES.filter((name) => !name.includes("/")))
  await import(`../../../blocks_app/components/${name}.ts`);

const file = (name: string) => ({ path: `${"A".repeat(22)}/${name}`, orig_name: name });
vi.mock("../../../blocks_app/frontend/upload", () => ({
  send: async (files: File[]) => files.map(({ name }) => file(name)),
}));

type Find = <T extends Element = HTMLInputElement>(selector: string) => T;
interface Case {
  tag: string;
  props?: object;
  act: (find: Find, element: GrElement) => unknown;
  /** Event and value, in order. */
  received: [string, unknown][];
}

const take =
  (...names: string[]) =>
  async (find: Find) =>
    find<HTMLElement & { take(files: File[]): Promise<void> }>("gr-drop-area").take(
      names.map((name) => new File(["x"], name, { type: "image/png" })),
    );
const click = (selector: string) => (find: Find) => find<HTMLElement>(selector).click();
const A = file("a.png");
const B = file("b.png");
const choices = ["red", "blue"];
const option = (find: Find, index: number) => find<HTMLElement>(`[data-index="${index}"]`).click();

const cases: Record<string, Case> = {
  "Button.click": {
    tag: "gr-button",
    props: { value: "Go" },
    act: click("button"),
    received: [["click", "Go"]],
  },
  "DeepLinkButton, before its link has come": {
    tag: "gr-deeplinkbutton",
    props: { value: "Share", copied_value: "Copied!", excluded: [] },
    act: (find) => {
      document.body.append(Object.assign(document.createElement("div"), { id: "blocks-root" }));
      vi.stubGlobal("fetch", () => new Promise(() => undefined));
      vi.stubGlobal("gradio_config", {});
      find("button").click();
    },
    received: [["click", "Share"]],
  },
  "Checkbox, ticked": {
    tag: "gr-checkbox",
    act: click("input"),
    received: [
      ["select", true],
      ["change", true],
      ["input", true],
    ],
  },
  "CheckboxGroup, ticked": {
    tag: "gr-checkboxgroup",
    props: { choices },
    act: click("[name=blue]"),
    received: [
      ["select", ["blue"]],
      ["input", ["blue"]],
      ["change", ["blue"]],
    ],
  },
  "CheckboxGroup, all": {
    tag: "gr-checkboxgroup",
    props: { choices, show_select_all: true },
    act: click(".select-all input"),
    received: [
      ["input", choices],
      ["change", choices],
    ],
  },
  "Radio, chosen": {
    tag: "gr-radio",
    props: { choices },
    act: click("[value=blue]"),
    received: [
      ["change", "blue"],
      ["select", "blue"],
      ["input", "blue"],
    ],
  },
  "Dropdown, chosen": {
    tag: "gr-dropdown",
    props: { choices },
    act: async (find, element) => {
      find("input").dispatchEvent(new Event("focus"));
      press(find("input"), "ArrowDown");
      await element.updateComplete;
      option(find, 1);
    },
    received: [
      ["focus", null],
      ["key_up", null],
      ["blur", "blue"],
      ["select", "blue"],
      ["input", "blue"],
      ["change", "blue"],
    ],
  },
  "Dropdown, several": {
    tag: "gr-dropdown",
    props: { choices, multiselect: true, value: ["red"] },
    act: click("[aria-label='Remove red']"),
    received: [
      ["select", []],
      ["change", []],
      ["input", []],
    ],
  },
  "Dropdown, a word of one's own on leaving": {
    tag: "gr-dropdown",
    props: { choices, allow_custom_value: true },
    act: async (find) => {
      await type(find("input"), "green");
      find("input").dispatchEvent(new Event("blur"));
    },
    received: [
      ["focus", null],
      ["blur", "green"],
      ["select", "green"],
      ["input", "green"],
      ["change", "green"],
    ],
  },
  "Dropdown, all taken out": {
    tag: "gr-dropdown",
    props: { choices, multiselect: true, value: choices },
    act: click("[aria-label=Clear]"),
    received: [
      ["change", []],
      ["input", []],
    ],
  },
  "File, one": {
    tag: "gr-file",
    act: take("a.png"),
    received: [
      ["upload", A],
      ["change", A],
    ].map(([name]) => [name as string, expect.objectContaining(A)]),
  },
  "File, one taken out": {
    tag: "gr-file",
    props: { value: [A, B], file_count: "multiple" },
    act: click("[aria-label='Remove this file']"),
    received: [
      ["delete", [B]],
      ["change", [B]],
    ],
  },
  "File, the last taken out": {
    tag: "gr-file",
    props: { value: [A], file_count: "multiple" },
    act: click("[aria-label='Remove this file']"),
    received: [
      ["delete", null],
      ["change", null],
      ["clear", null],
    ],
  },
  "File, emptied": {
    tag: "gr-file",
    props: { value: A },
    act: click("[aria-label=Clear]"),
    received: [
      ["change", null],
      ["clear", null],
    ],
  },
  "File, selected and downloaded": {
    tag: "gr-file",
    props: { value: A, _selectable: true },
    act: (find) => [find("td.filename button").click(), find("a[download]").click()],
    received: [
      ["select", A],
      ["download", A],
    ],
  },
  "Dataset, chosen": {
    tag: "gr-dataset",
    props: { samples: [["a"], ["b"]], components: ["textbox"], value: 0 },
    act: click("[data-index='1']"),
    received: [
      ["click", 1],
      ["select", 1],
      ["change", 1],
    ],
  },
  "DownloadButton.click": {
    tag: "gr-downloadbutton",
    act: click("button"),
    received: [["click", null]],
  },
  "UploadButton, one": {
    tag: "gr-uploadbutton",
    act: async (find, element) => {
      find("button").click();
      Object.defineProperty(find("input"), "files", { value: [new File(["x"], "a.png")] });
      find("input").dispatchEvent(new Event("change"));
      await vi.waitFor(() => expect(element.value).toMatchObject(A));
    },
    received: ["click", "change", "upload"].map((name) => [
      name,
      name == "click" ? null : expect.objectContaining(A),
    ]),
  },
  "Image, one": {
    tag: "gr-image",
    act: take("a.png"),
    received: ["upload", "change", "input"].map((name) => [name, expect.objectContaining(A)]),
  },
  "Image, emptied": {
    tag: "gr-image",
    props: { value: A },
    act: click("[aria-label=Clear]"),
    received: [
      ["clear", null],
      ["change", null],
      ["input", null],
    ],
  },
  "Number, typed and sent": {
    tag: "gr-number",
    act: async (find) => {
      find("input").valueAsNumber = 7;
      find("input").dispatchEvent(new Event("input"));
      press(find("input"), "Enter");
      find("input").dispatchEvent(new Event("blur"));
    },
    received: [
      ["change", 7],
      ["input", 7],
      ["submit", 7],
      ["blur", 7],
    ],
  },
  "Slider, by its number": {
    tag: "gr-slider",
    props: { minimum: 0, maximum: 10, step: 1 },
    act: async (find) => {
      await type(find("[type=number]"), "12");
      find("[type=number]").dispatchEvent(new Event("blur"));
    },
    received: [
      ["change", 10],
      ["input", 10],
      ["release", 10],
    ],
  },
  "Slider, reset": {
    tag: "gr-slider",
    props: { minimum: 0, maximum: 10, value: 3, buttons: ["reset"] },
    act: async (find, element) => {
      element.value = 5;
      find<HTMLElement>(".reset-button").click();
    },
    received: [
      ["change", 3],
      ["input", 3],
      ["release", 3],
    ],
  },
  "Textbox, typed, sent and left": {
    tag: "gr-textbox",
    act: async (find) => {
      find("[data-testid=textbox]").dispatchEvent(new Event("focus"));
      await Promise.resolve(); // as between two events of a browser
      await type(find("[data-testid=textbox]"), "hi");
      press(find("[data-testid=textbox]"), "Enter");
      find("[data-testid=textbox]").dispatchEvent(new Event("blur"));
    },
    received: [
      ["focus", ""],
      ["change", "hi"],
      ["input", "hi"],
      ["submit", "hi"],
      ["blur", "hi"],
    ],
  },
  "ColorPicker, typed and sent": {
    tag: "gr-colorpicker",
    act: async (find) => {
      await type(find("[type=text]"), "#ff8800");
      press(find("[type=text]"), "Enter");
    },
    received: [
      ["change", "#ff8800"],
      ["input", "#ff8800"],
      ["submit", "#ff8800"],
    ],
  },
  "DateTime, typed and sent": {
    tag: "gr-datetime",
    act: async (find) => {
      await type(find(".time"), "2024-01-02 03:04");
      press(find(".time"), "Enter");
    },
    received: [
      ["change", "2024-01-02 03:04:00"],
      ["submit", "2024-01-02 03:04:00"],
    ],
  },
  "Label, selected": {
    tag: "gr-label",
    props: { value: { label: "cat", confidences: [{ label: "cat", confidence: 1 }] }, _selectable: true },
    act: click(".confidence-set"),
    received: [["select", expect.objectContaining({ label: "cat" })]],
  },
  "HTML, clicked": {
    tag: "gr-html",
    props: { value: "<b>x</b>" },
    act: click("b"),
    received: [["click", "<b>x</b>"]],
  },
  "a rating of another app": {
    tag: "gr-rating",
    props: { stars: 3 },
    act: click("[aria-label='2 of 3']"),
    received: [
      ["change", 2],
      ["input", 2],
      ["select", 2],
    ],
  },
};

/** Elements that never tell of anything the visitor did. */
const SILENT = [
  "gr-browserstate",
  "gr-json",
  "gr-markdown",
  "gr-navbar",
  "gr-paramviewer",
  "gr-plot",
  "gr-timer",
];
/** Charts need a canvas: see tests/browser/. */
const IN_A_BROWSER = ["gr-nativeplot"];

test.each(Object.entries(cases))("%s: listeners get the value as it is after it", async (_, each) => {
  const { element, find } = await mount(each.tag, { label: "Field", ...each.props });
  const received: [string, unknown][] = [];
  const atOnce: [string, unknown][] = [];
  onBlockEvent(document.body, (_block, name) => received.push([name, element.value]));
  element.addEventListener("gr-event", (event) =>
    atOnce.push([(event as CustomEvent<{ name: string }>).detail.name, element.value]),
  );
  await each.act(find, element);
  await Promise.resolve();
  expect(received).toEqual(each.received);
  expect(atOnce).toEqual(each.received); // whoever asks sooner is not told anything else
});

test("every component is tried, large ones in a file of their own", () => {
  const tried = Object.values(cases).map(({ tag }) => tag);
  const missing = NAMES.filter((name) => {
    const [, tag] = /define\("(gr-\w+)"/.exec(readFileSync(join(COMPONENTS, `${name}.ts`), "utf8")) ?? [];
    if (!tag || [...tried, ...SILENT, ...IN_A_BROWSER].includes(tag)) return false;
    const own = join(import.meta.dirname, `${name.split("/").at(-1)}.test.ts`);
    return !name.includes("/") || !existsSync(own) || !/names\(\)|data\(/.test(readFileSync(own, "utf8"));
  });
  expect(missing).toEqual([]);
});

test("an element that tells first and sets its value then is understood as well", async () => {
  class Hasty extends HTMLElement {
    blockId = 5;
    value = "before";
    press() {
      this.dispatchEvent(new CustomEvent("gr-event", { bubbles: true, detail: { name: "upload" } }));
      this.value = "after";
      this.dispatchEvent(new CustomEvent("gr-event", { bubbles: true, detail: { name: "change" } }));
    }
  }
  customElements.define("hasty-element", Hasty);
  const element = document.createElement("hasty-element") as Hasty;
  document.body.replaceChildren(element);
  const received: unknown[] = [];
  onBlockEvent(document.body, (block, name) => received.push([block, name, element.value]));
  element.press();
  await Promise.resolve();
  expect(received).toEqual([
    [5, "upload", "after"],
    [5, "change", "after"],
  ]);
});
