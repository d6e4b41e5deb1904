import { afterEach, expect, test, vi } from "vitest";
import "../../../blocks_app/layouts/sidebar";
import type { GrSidebar } from "../../../blocks_app/layouts/sidebar";

async function make(props: Record<string, unknown> = {}, narrow = false) {
  vi.stubGlobal("matchMedia", () => ({ matches: narrow }));
  const page = Object.assign(document.createElement("div"), { className: "gradio-container" });
  const element = document.createElement("gr-sidebar") as GrSidebar;
  element.props = { label: "Settings", elem_id: "side", ...props };
  element.body.append(document.createElement("input"));
  const received: string[] = [];
  element.addEventListener("gr-event", (event) =>
    received.push((event as CustomEvent<{ name: string }>).detail.name),
  );
  document.body.append(page);
  page.append(element);
  await element.updateComplete;
  return { page, element, received, button: element.querySelector<HTMLButtonElement>(".toggle-button")! };
}

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

test("the page leaves room for it, and less when it is closed", async () => {
  const { page, element, received, button } = await make({ width: 200 });
  expect(page.style.getPropertyValue("--sidebar-left")).toBe("200px");
  expect(button.getAttribute("aria-label")).toBe("Close Settings");
  button.click();
  await element.updateComplete;
  expect(page.style.getPropertyValue("--sidebar-left")).toBe("2.75rem");
  expect(element.body.inert).toBe(true);
  expect(button.getAttribute("aria-expanded")).toBe("false");
  button.click();
  await element.updateComplete;
  expect(received).toEqual(["collapse", "expand"]);
});

test("a width may be any css length, at either side", async () => {
  const { page, element } = await make({ width: "20vw", position: "right" });
  expect(page.style.getPropertyValue("--sidebar-right")).toBe("20vw");
  expect(element.classList.contains("right")).toBe(true);
});

test("an update of `open` opens it and tells about it; a hidden one takes no room", async () => {
  const { page, element, received } = await make({ open: false });
  element.props = { ...element.props, open: true };
  await element.updateComplete;
  expect(received).toEqual(["expand"]);
  element.props = { ...element.props, visible: false };
  await element.updateComplete;
  expect(page.style.getPropertyValue("--sidebar-left")).toBe("");
});

test("on a narrow screen it starts closed; Escape closes it and gives the focus back", async () => {
  const { element, received, button } = await make({}, true);
  expect(element.classList.contains("open")).toBe(false);
  expect(received).toEqual([]);
  button.click();
  await element.updateComplete;
  const field = element.querySelector("input")!;
  field.focus();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  await element.updateComplete;
  expect(received).toEqual(["expand", "collapse"]);
  expect(document.activeElement).toBe(button);
});

test("a page without it leaves no room", async () => {
  const { page, element } = await make();
  element.remove();
  expect(page.className).toBe("gradio-container");
  expect(page.style.getPropertyValue("--sidebar-left")).toBe("");
});
