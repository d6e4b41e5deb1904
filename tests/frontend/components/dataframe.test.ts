import { expect, test } from "vitest";
import "../../../blocks_app/components/dataframe/dataframe";
import type { GrDataframe } from "../../../blocks_app/components/dataframe/dataframe";
import { fromTabs, toCsv, toTabs } from "../../../blocks_app/components/dataframe/exchange";
import { styles } from "../../../blocks_app/components/dataframe/styles";
import corpus from "../../xss_corpus.json";
import { mount, press, type } from "./support";

const value = {
  headers: ["name", "n"],
  data: [
    ["b", 2],
    ["a", 10],
    ["c", null],
  ],
  metadata: null,
};

async function grid(props = {}) {
  const mounted = await mount<GrDataframe>("gr-dataframe", { value, ...props });
  const { element } = mounted;
  for (let i = 0; i < 3; i += 1) await element.updateComplete;
  const cell = (row: number, column: number) =>
    element.querySelector<HTMLElement>(`[data-testid=cell-${row}-${column}]`)!;
  const table = element.querySelector<HTMLElement>("table")!;
  const key = async (name: string, more: KeyboardEventInit = {}) => {
    press(table, name, more);
    await element.updateComplete;
    await element.updateComplete;
  };
  const go = (row: number, column: number) => element.model.go({ row, column });
  return { ...mounted, cell, table, key, go, texts: () => columnOf(element) };
}

const columnOf = (element: Element, column = 0) =>
  [...element.querySelectorAll(`td[data-column="${column}"]`)].map((cell) => cell.textContent!.trim());

test("rows and headers are a grid that says where its cells are", async () => {
  const { table, cell, element } = await grid();
  expect(table.getAttribute("role")).toBe("grid");
  expect(table.getAttribute("aria-rowcount")).toBe("4");
  expect(cell(1, 0).querySelector(".cell-content")!.textContent).toBe("a");
  expect(cell(1, 0).closest("tr")!.getAttribute("aria-rowindex")).toBe("3");
  expect(cell(0, 1).classList.contains("at-end")).toBe(true);
  expect(element.dataset.testid).toBe("dataframe");
});

test("only the rows in sight are drawn", async () => {
  const data = Array.from({ length: 100_000 }, (_, i) => [i]);
  const { element, table } = await grid({ value: { headers: ["i"], data } });
  const drawn = element.querySelectorAll("tbody tr[data-index]").length;
  expect(drawn).toBeGreaterThan(10);
  expect(drawn).toBeLessThan(60);
  expect(table.getAttribute("aria-rowcount")).toBe("100001");
});

test("arrows lead from cell to cell, and up to the headers", async () => {
  const { key, table, element, go } = await grid();
  go(0, 0);
  await key("ArrowDown");
  await key("ArrowRight");
  expect(table.getAttribute("aria-activedescendant")).toBe("component-7-cell-1-1");
  await key("ArrowUp", { ctrlKey: true });
  await key("ArrowUp");
  expect(element.model.selection!.active).toEqual({ row: -1, column: 1 });
  await key("End", { ctrlKey: true, shiftKey: true });
  expect(element.querySelectorAll("td[aria-selected]")).toHaveLength(3);
});

test("what is typed becomes the cell, a number where it was one", async () => {
  const { key, element, find, names, data, go } = await grid();
  go(0, 1);
  await key("7");
  const editor = find<HTMLTextAreaElement>(".cell-editor");
  expect(editor.value).toBe("7");
  await type(editor, "75");
  press(editor, "Enter");
  await element.updateComplete;
  expect(element.value!.data[0]).toEqual(["b", 75]);
  expect(value.data[0]).toEqual(["b", 2]);
  expect(names()).toEqual(["change", "input", "edit"]);
  expect(data("edit")).toEqual({ index: [0, 1], value: 75, previous_value: 2 });
  expect(element.model.selection!.active).toEqual({ row: 1, column: 1 });
});

test("escape leaves a cell as it was", async () => {
  const { key, element, find, names, go } = await grid();
  go(0, 0);
  await key("Enter");
  await type(find<HTMLTextAreaElement>(".cell-editor"), "other");
  press(find(".cell-editor"), "Escape");
  await element.updateComplete;
  expect(names()).toEqual([]);
  expect(element.model.editing).toBeNull();
});

test("a table to look at cannot be edited", async () => {
  const { key, element, find, go } = await grid();
  element.interactive = false;
  await element.updateComplete;
  go(0, 0);
  await key("Enter");
  await key("Delete");
  element.model.paste([["x"]]);
  expect(find(".cell-editor")).toBeNull();
  expect(find(".table-more")).toBeNull();
  expect(element.value).toBe(value);
});

test("static columns, fixed counts and limits are kept", async () => {
  const { element } = await grid({ static_columns: [0], row_count: [3, "fixed"] });
  expect(element.model.open({ row: 0, column: 0 })).toBe(false);
  expect(element.model.open({ row: 0, column: 1 })).toBe(true);
  expect(element.model.mayAddRows(1)).toBe(false);
  const limited = (await grid({ row_limits: [3, 4] })).element.model;
  expect([limited.mayAddRows(1), limited.mayAddRows(2), limited.mayAddRows(-1)]).toEqual([
    true,
    false,
    false,
  ]);
});

test("undo and redo", async () => {
  const { key, element, go } = await grid();
  go(0, 0);
  await key("Delete");
  expect(element.value!.data[0][0]).toBe("");
  await key("z", { ctrlKey: true });
  expect(element.value!.data[0][0]).toBe("b");
  await key("Z", { ctrlKey: true, shiftKey: true });
  expect(element.value!.data[0][0]).toBe("");
});

test("rows and columns come and go", async () => {
  const { element, go, texts } = await grid();
  go(1, 0);
  element.model.insertRow(1);
  await element.updateComplete;
  expect(texts()).toEqual(["b", "", "a", "c"]);
  element.model.deleteRows();
  element.model.insertColumn(1);
  expect(element.value!.headers).toEqual(["name", "3", "n"]);
  element.model.deleteColumns();
  expect(element.value).toEqual({ ...value });
});

test("sorting changes what is seen, not the value; what is empty comes last", async () => {
  const { element, texts, find, names } = await grid();
  find<HTMLElement>("th[data-column='1']").click();
  await element.updateComplete;
  expect(texts()).toEqual(["b", "a", "c"]);
  find<HTMLElement>("th[data-column='1']").click();
  await element.updateComplete;
  expect(texts()).toEqual(["a", "b", "c"]);
  expect(find("th[data-column='1']").getAttribute("aria-sort")).toBe("descending");
  expect(names()).toEqual([]);
  element.model.set([[0, 0, "z"]]);
  expect(element.value!.data.map(([name]) => name)).toEqual(["b", "z", "c"]);
});

test("several columns sort one after the other", async () => {
  const data = [
    ["x", 2],
    ["y", 1],
    ["x", 1],
  ];
  const { element, find } = await grid({ value: { headers: ["a", "b"], data } });
  find<HTMLElement>("th[data-column='0']").click();
  find("th[data-column='1']").dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: true }));
  expect(element.model.order).toEqual([2, 0, 1]);
});

test("search and conditions narrow the rows down; filter leaves them in the value", async () => {
  const { element, find, texts } = await grid({ show_search: "filter" });
  await type(find("input[type=search]"), "A");
  await element.updateComplete;
  expect(texts()).toEqual(["a"]);
  expect(find("[role=status]").textContent).toBe("1 of 3 rows");
  element.model.find("");
  element.model.setCondition(1, { column: 1, test: "is less than", text: "5" });
  await element.updateComplete;
  expect(texts()).toEqual(["b"]);
  find("button[aria-label='Keep only these rows']").click();
  expect(element.value!.data).toEqual([["b", 2]]);
});

test("a selection tells of its row and column", async () => {
  const { data, go } = await grid({ _selectable: true });
  go(1, 0);
  expect(data("select")).toEqual({
    index: [1, 0],
    value: "a",
    row_value: ["a", 10],
    col_value: ["b", "a", "c"],
  });
});

test("an equal answer raises no change, another one does", async () => {
  const { element, names } = await grid();
  element.receive(structuredClone(value));
  await element.updateComplete;
  await element.updateComplete;
  expect(names()).toEqual([]);
  element.receive({ ...value, data: [["b", 3]] });
  await element.updateComplete;
  await element.updateComplete;
  expect(names()).toEqual(["change"]);
});

test("texts of spreadsheets are read and written", () => {
  expect(fromTabs('a\tb\r\n"two\nlines"\t"say ""hi"""\r\n')).toEqual([
    ["a", "b"],
    ["two\nlines", 'say "hi"'],
  ]);
  const rows = [["a\tb", 'q"', "plain", null, 5]];
  expect(fromTabs(toTabs(rows))).toEqual([["a\tb", 'q"', "plain", "", "5"]]);
  expect(fromTabs('5" disk\tx')).toEqual([['5" disk', "x"]]);
});

test("a pasted block fills cells, and rows below where they may grow", async () => {
  const { element, go } = await grid();
  go(2, 0);
  element.model.paste([
    ["d", "4"],
    ["e", "five"],
  ]);
  expect(element.value!.data.slice(2)).toEqual([
    ["d", "4"],
    ["e", "five"],
  ]);
  element.model.undo();
  expect(element.value!.data).toEqual(value.data);
});

test("texts in a csv file that would run as formulas are marked as texts", () => {
  const cells = ["=1+1", "+1", "-1", "@x", "\tx", "a,b", -5, 'q"', null];
  expect(toCsv(["=h"], [cells])).toBe(`'=h\n'=1+1,'+1,'-1,'@x,"'\tx","a,b",-5,"q""",\n`);
});

test("a header's menu offers what may be done, and leads back", async () => {
  const { element, find } = await grid();
  find("button[aria-label='Menu of the column n']").click();
  await element.updateComplete;
  const names = () =>
    [...element.querySelectorAll("[role=menuitem]")].map((item) => item.textContent!.trim());
  expect(names()).toEqual([
    "Sort ascending",
    "Sort descending",
    "Filter…",
    "Rename column",
    "Insert column before",
    "Insert column after",
    "Delete column",
  ]);
  press(find("[role=menuitem]"), "Escape");
  await element.updateComplete;
  expect(find("[role=menu]")).toBeNull();
});

test("markup in texts and headers is text, and pictures elsewhere are not asked for", async () => {
  const data = (corpus as string[]).map((text) => [text, "https://elsewhere.example/x.png"]);
  const { element, cell } = await grid({
    value: { headers: corpus.slice(0, 2), data },
    datatype: ["str", "image"],
  });
  expect(cell(0, 0).textContent!.trim()).toBe(corpus[0]);
  expect(cell(0, 1).textContent!.trim()).toBe("https://elsewhere.example/x.png");
  expect(element.querySelector("img, script, iframe, style, form, [onerror]")).toBeNull();
});

test("a Styler's texts and styles are shown, but for what would fetch something", async () => {
  const metadata = { display_value: [["B!", "2.0"]], styling: [["color: red", ""]] };
  const { cell } = await grid({ value: { headers: ["a", "b"], data: [["b", 2]], metadata } });
  expect(cell(0, 0).textContent!.trim()).toBe("B!");
  expect(cell(0, 0).style.color).toBe("red");
  expect(
    styles("background-color: gold; background: url(http://x); position: fixed; font-weight: bold"),
  ).toEqual({
    "background-color": "gold",
    color: "lab(from gold calc((50 - l) * infinity) 0 0)",
    "font-weight": "bold",
  });
});

test("max_chars cuts for the eye, not for the editor", async () => {
  const { cell, key, find, go } = await grid({
    value: { headers: ["a"], data: [["abcdefgh"]] },
    max_chars: 3,
  });
  expect(cell(0, 0).textContent!.trim()).toBe("abc…");
  go(0, 0);
  await key("F2");
  expect(find<HTMLTextAreaElement>(".cell-editor").value).toBe("abcdefgh");
});

test("flags are boxes that are ticked", async () => {
  const { element, cell, key, go } = await grid({
    value: { headers: ["f"], data: [[false]] },
    datatype: ["bool"],
  });
  cell(0, 0).querySelector("input")!.click();
  expect(element.value!.data).toEqual([[true]]);
  go(0, 0);
  await key(" ");
  expect(element.value!.data).toEqual([[false]]);
});

test("the active cell waits for what is composed, and is open with the first letter", async () => {
  const { element, find, go, names } = await grid();
  element.querySelector<HTMLElement>("table")!.focus();
  go(0, 0);
  await element.updateComplete;
  const field = find<HTMLTextAreaElement>("textarea");
  expect(document.activeElement).toBe(field);
  expect([field.className, field.inputMode, field.value]).toEqual(["cell-waiting", "none", ""]);
  expect(field.closest("td")!.dataset.testid).toBe("cell-0-0");
  field.dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
  await type(field, "に");
  press(field, "Enter", { isComposing: true });
  await element.updateComplete;
  expect([field.className, names()]).toEqual(["cell-editor", []]);
  await type(field, "日本");
  press(field, "Enter");
  await element.updateComplete;
  expect(element.value!.data[0]).toEqual(["日本", 2]);
  expect(field.closest("td")!.dataset.testid).toBe("cell-1-0");
});

test("a finger, a flag and a static column get no field that waits", async () => {
  const { element, find, go, cell } = await grid({ static_columns: [1] });
  element.querySelector<HTMLElement>("table")!.focus();
  go(0, 1);
  await element.updateComplete;
  expect(find("textarea")).toBeNull();
  expect(element.querySelector("table")!.tabIndex).toBe(0);
  cell(0, 0).dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, pointerType: "touch" }));
  await element.updateComplete;
  expect(find("textarea")).toBeNull();
});

test("the active row stays drawn when it is out of sight", async () => {
  const data = Array.from({ length: 1000 }, (_, i) => [i]);
  const { element, cell, go } = await grid({ value: { headers: ["i"], data } });
  go(900, 0);
  await element.updateComplete;
  expect(cell(900, 0).id).toBe("component-7-cell-900-0");
  element.querySelector(".table-wrap")!.scrollTop = 0;
  element.querySelector(".table-wrap")!.dispatchEvent(new Event("scroll"));
  expect(cell(0, 0).textContent).toBe("0");
  expect(cell(900, 0).id).toBe("component-7-cell-900-0");
});

test("other headers come without another value", async () => {
  const { element, names, find } = await grid({ headers: ["name", "n"] });
  element.props = { ...element.props, headers: ["who", "how many", "why"] };
  await element.updateComplete;
  await element.updateComplete;
  expect(element.value!.headers).toEqual(["who", "how many", "why"]);
  expect(element.value!.data).toBe(value.data);
  expect(find("th[data-column='2'] .header-text").textContent).toBe("why");
  expect(names()).toEqual(["change"]);
});

test("datatypes are found in all cells of a column", async () => {
  const data = [
    [null, 1, null],
    [true, "x", null],
    [false, 2, 3],
  ];
  const { element } = await grid({ value: { headers: ["a", "b", "c"], data }, datatype: "auto" });
  expect([0, 1, 2].map((column) => element.model.kind(column))).toEqual(["bool", "str", "number"]);
  element.model.set([[0, 2, "text"]]);
  expect(element.model.kind(2)).toBe("number");
});
