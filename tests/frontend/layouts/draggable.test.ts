import { afterEach, expect, test } from "vitest";
import { GrElement, define } from "blocks";
import "../../../blocks_app/layouts/draggable";
import type { GrDraggable } from "../../../blocks_app/layouts/draggable";

define("gr-probe", class extends GrElement {});

async function make(props: Record<string, unknown> = {}) {
  const element = document.createElement("gr-draggable") as GrDraggable;
  element.props = props;
  for (const label of ["A", "B", "C"]) {
    const block = document.createElement("gr-probe") as GrElement;
    block.props = { label };
    element.append(block);
  }
  document.body.append(element);
  await element.updateComplete;
  return element;
}

const order = (element: GrDraggable) => element.blocks.map((block) => block.label).join("");
const grips = (element: Element) => [...element.querySelectorAll<HTMLElement>(".drag-grip")];
const press = async (element: GrDraggable, grip: HTMLElement, key: string) => {
  grip.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await element.updateComplete;
};

afterEach(() => document.body.replaceChildren());

test("arrow keys move a block, and what happened is read aloud", async () => {
  const element = await make();
  const grip = grips(element)[0]!;
  expect(grip.getAttribute("aria-label")).toBe("Move A, 1 of 3");
  grip.focus();
  await press(element, grip, "ArrowDown");
  expect(order(element)).toBe("BAC");
  expect(document.activeElement).toBe(grip);
  expect(element.querySelector("[role=status]")!.textContent).toBe("A: place 2 of 3");
  await press(element, grip, "ArrowDown");
  await press(element, grip, "ArrowDown");
  expect(order(element)).toBe("BCA");
  await press(element, grip, "ArrowUp");
  expect(order(element)).toBe("BAC");
  expect(grips(element).map((each) => each.getAttribute("aria-label"))).toEqual([
    "Move B, 1 of 3",
    "Move A, 2 of 3",
    "Move C, 3 of 3",
  ]);
});

test("hidden blocks are passed over, and gone ones leave no handle", async () => {
  const element = await make();
  element.blocks[1]!.classList.add("hide");
  await press(element, grips(element)[0]!, "ArrowDown");
  expect(order(element).indexOf("A")).toBeGreaterThan(order(element).indexOf("C"));
  element.blocks[0]!.remove();
  element.requestUpdate();
  await element.updateComplete;
  expect(grips(element).length).toBe(2);
});
