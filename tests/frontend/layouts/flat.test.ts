import { afterEach, expect, test } from "vitest";
import { GrElement, define } from "blocks";
import "../../../blocks_app/layouts/column";
import "../../../blocks_app/layouts/form";
import "../../../blocks_app/layouts/group";
import "../../../blocks_app/layouts/row";
import type { GrForm } from "../../../blocks_app/layouts/form";
import type { GrRow } from "../../../blocks_app/layouts/row";

define("gr-leaf", class extends GrElement {});

async function make(tag: string, props: Record<string, unknown>, leaves = 1): Promise<GrRow> {
  const element = document.createElement(tag) as GrRow;
  element.props = props;
  for (let count = 0; count < leaves; count++) element.body.append(document.createElement("gr-leaf"));
  document.body.append(element);
  await element.updateComplete;
  return element;
}

afterEach(() => document.body.replaceChildren());

test.each([
  ["gr-row", { variant: "panel", equal_height: false }, "row panel unequal-height"],
  ["gr-row", { variant: "compact" }, "row compact"],
  ["gr-column", { variant: "panel" }, "column panel"],
  ["gr-group", {}, "gr-group"],
  ["gr-form", {}, "form"],
])("%s %o has class %s and holds its children itself", async (tag, props, classes) => {
  const element = await make(tag, props);
  expect(element.className).toBe(classes);
  expect(element.firstElementChild!.localName).toBe("gr-leaf");
});

test("a child that comes later stays through redraws", async () => {
  const row = await make("gr-row", {});
  row.body.append(document.createElement("gr-leaf"));
  row.props = { variant: "panel" };
  await row.updateComplete;
  expect(row.blocks).toHaveLength(2);
});

test("sizes of a row", async () => {
  const row = await make("gr-row", { height: 90, min_height: "2em" });
  expect([row.style.height, row.style.minHeight, row.style.overflowY]).toEqual(["90px", "2em", "auto"]);
});

test("a form without shown inputs is hidden until one is shown", async () => {
  const form = (await make("gr-form", {}, 2)) as unknown as GrForm;
  for (const leaf of form.blocks) leaf.classList.add("hide");
  form.requestUpdate();
  await form.updateComplete;
  expect(form.classList.contains("hide")).toBe(true);
  form.blocks[0]!.classList.remove("hide");
  form.requestUpdate();
  await form.updateComplete;
  expect(form.classList.contains("hide")).toBe(false);
});
