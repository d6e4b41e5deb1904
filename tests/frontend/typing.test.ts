import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Tree } from "../../blocks_app/frontend/tree";
import { attend } from "../../blocks_app/frontend/block_events";
import { merged } from "../../blocks_app/frontend/typing";
import "../../blocks_app/components/dropdown";
import "../../blocks_app/components/textbox";
import { config } from "./support";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A page with one component, and its field with the keyboard in it. */
async function open(tag: string, props: object = {}) {
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  const page = config({ 1: { interactive: true, ...props } });
  page.components[0]!.tag = tag;
  const tree = new Tree(page);
  attend(tree);
  await tree.mount(root, async () => undefined);
  const element = tree.elements.get(1)!;
  await element.updateComplete;
  const field = element.querySelector<HTMLInputElement>("input, textarea")!;
  field.focus();
  await vi.waitFor(() => expect(tree.typing).toBeDefined());
  return {
    tree,
    element,
    field,
    settle: () => vi.advanceTimersByTimeAsync(0),
  };
}

function type(field: HTMLInputElement, text: string): void {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

type Merge = { asked: unknown; answered: unknown; typed: unknown; shown: unknown };
test.each(JSON.parse(readFileSync("tests/dispatch/typed.json", "utf8")) as Merge[])(
  "asked with $asked, answered $answered, $typed typed by then: $shown",
  ({ asked, answered, typed, shown }) => expect(merged(asked, answered, typed)).toEqual(shown),
);

test.each(["gr-textbox"])("%s: the caret stays when the text is rewritten", async (tag) => {
  const { tree, field, settle } = await open(tag, { lines: 1, max_lines: 1, value: "hello" });
  field.setSelectionRange(2, 4);
  tree.receive(1, "HELLO");
  await settle();
  expect([field.value, field.selectionStart, field.selectionEnd]).toEqual(["HELLO", 2, 4]);
  tree.receive(1, { __type__: "update", value: "HE-LLO" });
  await settle();
  expect([field.selectionStart, field.selectionEnd]).toEqual([3, 5]);
  field.setSelectionRange(6, 6);
  tree.receive(1, "HE-LLO!");
  await settle();
  expect(field.selectionStart).toBe(7); // at the end it stays at the end
});

test("a late answer does not take away what was typed since", async () => {
  const { tree, field, settle } = await open("gr-textbox", { value: "" });
  type(field, "a");
  const basis = tree.basis(1);
  type(field, "ab");
  tree.receive(1, "A", basis);
  await settle();
  expect(tree.value(1)).toBe("Ab");
  tree.receive(1, "AA", basis); // the next part of the same answer
  await settle();
  expect(field.value).toBe("AAb");
});

test("where the function is asked anew, its answer to the older text is passed over", async () => {
  const { tree, field } = await open("gr-textbox");
  type(field, "a");
  const basis = tree.basis(1);
  type(field, "ab");
  tree.receive(1, "A", basis, true);
  expect(tree.value(1)).toBe("ab");
});

test("what another function has written since is no typing", async () => {
  const { tree } = await open("gr-textbox", { value: "a" });
  const basis = tree.basis(1);
  tree.receive(1, "from elsewhere");
  tree.receive(1, "A", basis);
  expect(tree.value(1)).toBe("A");
});

test("a value that comes while an input method composes waits for its end", async () => {
  const { tree, field, settle } = await open("gr-textbox", { value: "" });
  field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  type(field, "k");
  const basis = tree.basis(1);
  type(field, "か");
  tree.receive(1, "K", basis);
  await settle();
  expect(field.value).toBe("か");
  field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
  type(field, "ka!");
  vi.runAllTimers();
  await settle();
  expect(tree.value(1)).toBe("Ka!");
});

test.each(["gr-textbox", "gr-dropdown"])(
  "%s: Enter that ends a composition is no Enter of the page",
  async (tag) => {
    const { element, field } = await open(tag, { choices: ["red"], lines: 1 });
    const names: string[] = [];
    element.addEventListener("gr-event", (event) =>
      names.push((event as CustomEvent<{ name: string }>).detail.name),
    );
    const enter = (more: KeyboardEventInit & { keyCode?: number }) => {
      const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...more });
      if (more.keyCode) Object.defineProperty(event, "keyCode", { value: more.keyCode });
      field.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect([enter({ isComposing: true }), enter({ keyCode: 229 })]).toEqual([false, false]);
    expect(names).toEqual([]);
    expect(enter({})).toBe(true);
  },
);

test("what is typed to search a dropdown stays when it gets other choices", async () => {
  const { tree, field, settle } = await open("gr-dropdown", { choices: ["red", "blue"] });
  type(field, "re");
  tree.receive(1, { __type__: "update", choices: ["red", "green"], value: null });
  await settle();
  expect(field.value).toBe("re");
});
