import { afterEach, expect, test } from "vitest";
import "../../../blocks_app/layouts/tabs";
import type { GrTabItem, GrTabs } from "../../../blocks_app/layouts/tabs";

type Received = { by: number; name: string; data?: unknown };

async function make(tabs: Record<string, unknown>[], props: Record<string, unknown> = {}) {
  const element = document.createElement("gr-tabs") as GrTabs;
  element.props = { elem_id: "box", ...props };
  tabs.forEach((tab, index) => {
    const page = document.createElement("gr-tabitem") as GrTabItem;
    page.props = { visible: true, ...tab };
    page.blockId = index + 10;
    element.body.append(page);
  });
  const received: Received[] = [];
  element.blockId = 1;
  element.addEventListener("gr-event", (event) => {
    const { name, data } = (event as CustomEvent<{ name: string; data?: unknown }>).detail;
    received.push({ by: (event.target as GrTabs).blockId, name, data });
  });
  document.body.append(element);
  await settle(element);
  return { element, received };
}

async function settle(element: GrTabs): Promise<void> {
  await element.updateComplete;
  await Promise.all(element.tabs.map((tab) => tab.updateComplete));
}

const buttons = (element: GrTabs) => [...element.querySelectorAll<HTMLButtonElement>("[role=tab]")];
const shown = (element: GrTabs) =>
  element.tabs.filter((tab) => !tab.classList.contains("hide")).map((tab) => tab.props.label);
const press = (element: GrTabs, key: string) =>
  element.querySelector(".tab-nav")!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

afterEach(() => document.body.replaceChildren());

test("shows the first tab that is offered", async () => {
  const { element } = await make([{ label: "A", visible: false }, { label: "B" }, { label: "C" }]);
  expect(shown(element)).toEqual(["B"]);
  expect(buttons(element).map((button) => button.textContent!.trim())).toEqual(["B", "C"]);
});

test("names roles, ids and their relations", async () => {
  const { element } = await make([{ label: "A", elem_id: "first" }, { label: "B" }]);
  const [first, second] = buttons(element);
  expect([first!.id, second!.id]).toEqual(["first-button", "component-11-button"]);
  expect(first!.getAttribute("aria-selected")).toBe("true");
  expect(second!.getAttribute("tabindex")).toBe("-1");
  expect(element.querySelector("[role=tablist]")).not.toBeNull();
  expect(element.tabs[0]!.getAttribute("role")).toBe("tabpanel");
  expect(element.tabs[0]!.getAttribute("aria-labelledby")).toBe("first-button");
});

test("starts with `selected`", async () => {
  const { element, received } = await make([{ label: "A" }, { label: "B", id: "b" }], { selected: "b" });
  expect(shown(element)).toEqual(["B"]);
  expect(received).toEqual([]);
});

test("a click shows the page and tells about it once", async () => {
  const { element, received } = await make([{ label: "A" }, { label: "B", id: "b" }]);
  buttons(element)[1]!.click();
  await settle(element);
  buttons(element)[1]!.click();
  const data = { value: "B", index: 1, id: "b", component_id: 11 };
  expect(shown(element)).toEqual(["B"]);
  expect(received).toEqual([
    { by: 1, name: "change", data: undefined },
    { by: 1, name: "select", data },
    { by: 11, name: "select", data },
  ]);
});

test("an update of `selected` shows the page and tells of the change", async () => {
  const { element, received } = await make([{ label: "A" }, { label: "B", id: 2 }]);
  element.props = { ...element.props, selected: 2 };
  await settle(element);
  expect(shown(element)).toEqual(["B"]);
  expect(received.map(({ by, name }) => [by, name])).toEqual([
    [1, "change"],
    [11, "select"],
  ]);
});

test("an update brings back the page that the visitor left", async () => {
  const { element } = await make([{ label: "A", id: 1 }, { label: "B" }], { selected: 1 });
  buttons(element)[1]!.click();
  await settle(element);
  element.props = { ...element.props, selected: 1 };
  await settle(element);
  expect(shown(element)).toEqual(["A"]);
});

test("arrows, Home and End move and skip what cannot be chosen", async () => {
  const { element } = await make([{ label: "A" }, { label: "B", interactive: false }, { label: "C" }]);
  press(element, "ArrowRight");
  await settle(element);
  expect(shown(element)).toEqual(["C"]);
  expect(document.activeElement).toBe(buttons(element)[2]);
  press(element, "ArrowRight");
  await settle(element);
  expect(shown(element)).toEqual(["A"]);
  press(element, "End");
  await settle(element);
  expect(shown(element)).toEqual(["C"]);
  press(element, "Home");
  await settle(element);
  expect(shown(element)).toEqual(["A"]);
});

test("a tab that is hidden while shown gives way", async () => {
  const { element } = await make([{ label: "A" }, { label: "B" }]);
  element.tabs[0]!.props = { label: "A", visible: false };
  element.requestUpdate();
  await settle(element);
  expect(shown(element)).toEqual(["B"]);
});

test("a label that changes is redrawn", async () => {
  const { element } = await make([{ label: "A" }]);
  element.tabs[0]!.props = { label: "Z", visible: true };
  element.requestUpdate();
  await settle(element);
  expect(buttons(element)[0]!.textContent!.trim()).toBe("Z");
});

/** The server hides, shows or switches pages. */
async function update(element: GrTabs, ...changes: Record<string, unknown>[]): Promise<void> {
  changes.forEach((change, i) => (element.tabs[i]!.props = { ...element.tabs[i]!.props, ...change }));
  element.requestUpdate();
  await settle(element);
}
const names = (received: Received[]) => received.map(({ by, name }) => `${by}.${name}`);
const selected = (element: GrTabs) =>
  buttons(element)
    .filter((button) => button.ariaSelected === "true" || button.getAttribute("aria-selected") === "true")
    .map((button) => button.textContent!.trim());

test("the first page that is offered takes the place of one that the visitor had opened", async () => {
  const { element, received } = await make([
    { label: "A", visible: false },
    { label: "B", interactive: false },
    { label: "C" },
    { label: "D" },
  ]);
  buttons(element)[2]!.click();
  await settle(element);
  received.length = 0;
  await update(element, {}, {}, {}, { visible: false });
  expect(shown(element)).toEqual(["C"]);
  expect(selected(element)).toEqual(["C"]);
  expect(names(received)).toEqual(["1.change", "12.select"]);
  await update(element, {}, {}, {}, { visible: true });
  expect(shown(element)).toEqual(["C"]); // it does not come back by itself
});

test("a page that may not be chosen any more gives way", async () => {
  const { element } = await make([{ label: "A" }, { label: "B" }]);
  await update(element, { interactive: false });
  expect(shown(element)).toEqual(["B"]);
});

test("with no page left nothing is shown, and the next one that comes is", async () => {
  const { element, received } = await make([{ label: "A" }, { label: "B", visible: false }]);
  await update(element, { visible: false });
  expect([shown(element), names(received)]).toEqual([[], []]);
  await update(element, {}, { visible: true });
  expect([shown(element), names(received)]).toEqual([["B"], ["1.change", "11.select"]]);
});

test.each([{ visible: false }, { visible: "hidden" }, { interactive: false }])(
  "`selected` names a page with %o: the first one is shown, and that one as soon as it is offered",
  async (off) => {
    const { element, received } = await make([{ label: "A" }, { label: "B", id: "b", ...off }], {
      selected: "b",
    });
    expect([shown(element), names(received)]).toEqual([["A"], []]);
    await update(element, {}, { visible: true, interactive: true });
    expect(shown(element)).toEqual(["B"]);
  },
);

test("an update to a hidden page leaves what is shown, and the visitor's choice ends the wish", async () => {
  const { element } = await make([{ label: "A" }, { label: "B" }, { label: "C", id: "c", visible: false }]);
  buttons(element)[1]!.click();
  element.props = { ...element.props, selected: "c" };
  await settle(element);
  expect(shown(element)).toEqual(["B"]);
  buttons(element)[0]!.click();
  await update(element, {}, {}, { visible: true });
  expect(shown(element)).toEqual(["A"]);
});

test("a page that is taken away gives way, and the keyboard goes to the button of the next", async () => {
  const { element } = await make([{ label: "A" }, { label: "B" }]);
  buttons(element)[1]!.click();
  await settle(element);
  const field = document.createElement("input");
  element.tabs[1]!.append(field);
  field.focus();
  await update(element, {}, { visible: false });
  expect(document.activeElement).toBe(buttons(element)[0]);
  element.tabs[0]!.remove();
  element.tabs[0]!.props = { label: "B", visible: true };
  element.requestUpdate();
  await settle(element);
  expect(shown(element)).toEqual(["B"]);
});

test("tabs within tabs keep their own page", async () => {
  const inner = await make([{ label: "X" }, { label: "Y" }]);
  const { element } = await make([{ label: "A" }, { label: "B" }]);
  element.tabs[0]!.append(inner.element);
  buttons(inner.element)[1]!.click();
  await update(element, { visible: false });
  await update(element, { visible: true });
  expect(shown(inner.element)).toEqual(["Y"]);
  expect(element.querySelectorAll(":scope > .tab-wrapper [aria-selected=true]")).toHaveLength(1);
});

test("a page without an id is called by its number", async () => {
  const { element } = await make([{ label: "A" }, { label: "B" }], { selected: 1 });
  expect(shown(element)).toEqual(["B"]);
  element.props = { ...element.props, selected: 0 };
  await settle(element);
  expect(shown(element)).toEqual(["A"]);
});
