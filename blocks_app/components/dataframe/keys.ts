/** What keys do in the grid while no cell is open. */
import type { GridModel } from "./model";
import { step } from "./selecting";

/**
 * Does what a key means; false for a key that is the page's, or of the field that waits in the active cell. `page` is how
 * many rows are in sight.
 */
export function gridKey(event: KeyboardEvent, model: GridModel, page: number, backwards: boolean): boolean {
  const control = event.ctrlKey || event.metaKey;
  if (control && !event.altKey && shortcut(event, model)) return true;
  const active = model.selection?.active;
  if (!active) return false;
  const to = step(event.key, control, active, model.rows, model.columns, page, backwards);
  if (to) {
    model.go(to, event.shiftKey);
    return true;
  }
  if (control || event.altKey) return false;
  if (event.key === "Escape") {
    model.go(active);
    return true;
  }
  return active.row < 0 ? headerKey(event, model) : cellKey(event, model);
}

function shortcut(event: KeyboardEvent, model: GridModel): boolean {
  switch (event.key.toLowerCase()) {
    case "a":
      model.selectAll();
      return true;
    case "z":
      if (event.shiftKey) model.redo();
      else model.undo();
      return true;
    case "y":
      model.redo();
      return true;
    default:
      return false;
  }
}

function headerKey(event: KeyboardEvent, model: GridModel): boolean {
  const { active } = model.selection!;
  if (event.key === "F2") return model.open(active);
  if (event.key !== "Enter" && event.key !== " ") return false;
  model.sortBy(active.column, event.shiftKey);
  return true;
}

function cellKey(event: KeyboardEvent, model: GridModel): boolean {
  const { active } = model.selection!;
  const flag = model.kind(active.column) === "bool";
  if (event.key === "Delete" || event.key === "Backspace") {
    model.clear();
    return true;
  }
  if (flag && (event.key === " " || event.key === "Enter")) {
    model.set([[active.row, active.column, model.cell(active) !== true]]);
    return true;
  }
  if (event.key === "Enter" || event.key === "F2") return model.open(active);
  const inField = event.target instanceof HTMLTextAreaElement;
  return event.key.length === 1 && !event.isComposing && !inField && model.open(active, event.key);
}
