/** What comes into a table and leaves it: by the clipboard, and as a file. */
import { fromTabs, toCsv, toTabs } from "./exchange";
import type { GridModel } from "./model";
import { isSingle } from "./selecting";

/** What is copied by the button: the selected cells, or everything with its headers where not more than one is. */
export function copied(model: GridModel): string {
  const { selection, area, table } = model;
  if (selection && !isSingle(selection)) return toTabs(model.cells(area));
  return toTabs([table.headers, ...model.cells(null)]);
}

/** The visitor copies, or cuts out, what is selected. */
export function onCopy(event: ClipboardEvent, model: GridModel): void {
  const { area } = model;
  if (!area) return;
  const names = area.top < 0 ? [model.table.headers.slice(area.left, area.right + 1)] : [];
  const cells = area.bottom < 0 ? [] : model.cells(area);
  event.clipboardData?.setData("text/plain", toTabs([...names, ...cells]));
  event.preventDefault();
  if (event.type === "cut") model.clear();
}

export function onPaste(event: ClipboardEvent, model: GridModel): void {
  const text = event.clipboardData?.getData("text/plain");
  if (!text) return;
  event.preventDefault();
  model.paste(fromTabs(text));
}

/** Hands over the rows that are seen as a csv file. */
export function download(model: GridModel, name: string): void {
  const text = toCsv(model.table.headers, model.cells(null));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = `${name || "table"}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
