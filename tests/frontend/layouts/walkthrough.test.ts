import { afterEach, expect, test } from "vitest";
import "../../../blocks_app/layouts/walkthrough";
import type { GrWalkthrough, GrWalkthroughStep } from "../../../blocks_app/layouts/walkthrough";

async function make(steps: Record<string, unknown>[], props: Record<string, unknown> = {}) {
  const element = document.createElement("gr-walkthrough") as GrWalkthrough;
  element.props = { elem_id: "way", ...props };
  steps.forEach((step, index) => {
    const page = document.createElement("gr-walkthroughstep") as GrWalkthroughStep;
    Object.assign(page, { props: { visible: true, ...step }, blockId: index + 10 });
    element.body.append(page);
  });
  const received: unknown[] = [];
  element.blockId = 1;
  element.addEventListener("gr-event", (event) => {
    const { name, data } = (event as CustomEvent<{ name: string; data?: unknown }>).detail;
    received.push([(event.target as GrWalkthrough).blockId, name, data]);
  });
  document.body.append(element);
  await settle(element);
  return { element, received };
}

async function settle(element: GrWalkthrough): Promise<void> {
  await element.updateComplete;
  await Promise.all(element.pages.map((step) => step.updateComplete));
}

const buttons = (element: Element) => [...element.querySelectorAll<HTMLButtonElement>("[role=tab]")];
const states = (element: Element) =>
  buttons(element).map((button) => button.className.replace("step-button ", ""));
const shown = (element: GrWalkthrough) =>
  element.pages.filter((step) => !step.classList.contains("hide")).map((step) => step.props.label);

afterEach(() => document.body.replaceChildren());

test("starts with the first step; what lies ahead cannot be chosen", async () => {
  const { element, received } = await make([{ label: "A" }, { label: "B" }, {}]);
  expect(shown(element)).toEqual(["A"]);
  expect(states(element)).toEqual(["active", "pending", "pending"]);
  expect(buttons(element).map((button) => button.disabled)).toEqual([false, true, true]);
  expect(buttons(element)[2]!.textContent).toContain("Step 3");
  expect(received).toEqual([]);
});

test("the app leads on by number or id, the visitor goes back", async () => {
  const { element, received } = await make([{ label: "A" }, { label: "B" }, { label: "C", id: "last" }]);
  element.props = { ...element.props, selected: 1 };
  await settle(element);
  expect(shown(element)).toEqual(["B"]);
  element.props = { ...element.props, selected: "last" };
  await settle(element);
  expect(states(element)).toEqual(["completed", "completed", "active"]);
  received.length = 0;
  buttons(element)[0]!.click();
  await settle(element);
  const data = { value: "A", index: 0, id: 0, component_id: 10 };
  expect(received).toEqual([
    [1, "change", undefined],
    [1, "select", data],
    [10, "select", data],
  ]);
  expect(shown(element)).toEqual(["A"]);
});

test("arrow keys go back too, but not to a step that is closed", async () => {
  const { element } = await make([{ label: "A" }, { label: "B", interactive: false }, { label: "C" }], {
    selected: 2,
  });
  element
    .querySelector("[role=tablist]")!
    .dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
  await settle(element);
  expect(shown(element)).toEqual(["A"]);
  expect(document.activeElement).toBe(buttons(element)[0]);
});
