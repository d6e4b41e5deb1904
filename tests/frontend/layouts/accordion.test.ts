import { afterEach, expect, test } from "vitest";
import "../../../blocks_app/layouts/accordion";
import type { GrAccordion } from "../../../blocks_app/layouts/accordion";

async function make(props: Record<string, unknown>) {
  const element = document.createElement("gr-accordion") as GrAccordion;
  element.props = { label: "More", elem_id: "more", ...props };
  element.body.append(document.createElement("p"));
  const received: string[] = [];
  element.addEventListener("gr-event", (event) =>
    received.push((event as CustomEvent<{ name: string }>).detail.name),
  );
  document.body.append(element);
  await element.updateComplete;
  return { element, received, button: element.querySelector<HTMLButtonElement>("button.label-wrap")! };
}

afterEach(() => document.body.replaceChildren());

test("starts open or closed as told", async () => {
  const open = await make({ open: true });
  const closed = await make({ open: false });
  expect([open.element.body.hidden, closed.element.body.hidden]).toEqual([false, true]);
  expect(closed.button.getAttribute("aria-expanded")).toBe("false");
  expect(closed.button.getAttribute("aria-controls")).toBe(closed.element.body.id);
  expect(closed.received).toEqual([]);
});

test("a click folds and unfolds, and tells about it", async () => {
  const { element, received, button } = await make({ open: false });
  button.click();
  await element.updateComplete;
  expect(element.body.hidden).toBe(false);
  button.click();
  await element.updateComplete;
  expect(element.body.hidden).toBe(true);
  expect(received).toEqual(["expand", "collapse"]);
});

test("an update of `open` folds; one of the label leaves it as the visitor put it", async () => {
  const { element, received, button } = await make({ open: true });
  element.props = { ...element.props, open: false };
  await element.updateComplete;
  expect(element.body.hidden).toBe(true);
  expect(received).toEqual(["collapse"]);
  button.click();
  element.props = { ...element.props, label: "Less" };
  await element.updateComplete;
  expect(element.body.hidden).toBe(false);
  expect(button.textContent).toContain("Less");
  element.props = { ...element.props, open: false };
  await element.updateComplete;
  expect(element.body.hidden).toBe(true);
});

test("height bounds the content", async () => {
  const { element } = await make({ height: 120, max_height: "50vh" });
  expect(element.body.style.height).toBe("120px");
  expect(element.body.style.maxHeight).toBe("50vh");
  expect(element.body.style.overflowY).toBe("auto");
});
