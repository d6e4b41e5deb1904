/**
 * The field in the active cell. While the cell is not open it waits there unseen for what is typed: only a field gets
 * the first letter of those who compose their words (Japanese, Chinese, Korean), or of a list of emoji.
 */
import type { GridModel } from "./model";
import type { Place } from "./selecting";

export interface Field {
  model: GridModel;
  /** The node of a cell that is drawn. */
  cellOf(place: Place): HTMLElement | null;
  /** What the field is called. */
  nameOf(place: Place): string;
  focusGrid(): void;
}

export class CellEditor {
  readonly node = document.createElement("textarea");
  /** Whether the last finger that touched the grid was one, for which no keyboard is to come up. */
  touched = false;
  private opened: Place | null = null;

  constructor(private readonly field: Field) {
    const { node } = this;
    node.rows = 1;
    node.spellcheck = false;
    node.autocomplete = "off";
    node.setAttribute("autocapitalize", "off");
    node.addEventListener("input", () => this.onInput());
    node.addEventListener("compositionstart", () => this.onInput());
    node.addEventListener("keydown", (event) => this.onKey(event));
    node.addEventListener("blur", () => this.onBlur());
  }

  /** Whether it waits in the active cell, which then has the focus instead of the grid. */
  get waits(): boolean {
    const { model } = this.field;
    const active = model.selection?.active;
    return !this.touched && !model.editing && !!active && active.row >= 0 && model.mayOpen(active);
  }

  /** After each drawing: stands in the cell that is open, or active, if in any. */
  update(grid: HTMLElement): void {
    const { model } = this.field;
    const open = model.editing;
    const place = open?.place ?? (this.waits ? model.selection!.active : null);
    const cell = place && this.field.cellOf(place);
    const hadFocus = document.activeElement === this.node || document.activeElement === grid;
    if (!cell) {
      this.leave(grid, hadFocus);
      return;
    }
    const isNew = !!open && open.place !== this.opened;
    this.opened = open?.place ?? null;
    this.node.className = open ? "cell-editor" : "cell-waiting";
    this.node.inputMode = open ? "text" : "none";
    this.node.ariaLabel = this.field.nameOf(place);
    if (this.node.value !== (open?.text ?? "")) this.node.value = open?.text ?? "";
    if (this.node.parentNode !== cell) cell.append(this.node);
    if ((isNew || hadFocus) && document.activeElement !== this.node) {
      this.node.focus({ preventScroll: true });
      if (isNew) this.node.setSelectionRange(this.node.value.length, this.node.value.length);
    }
  }

  private leave(grid: HTMLElement, hadFocus: boolean): void {
    const { model } = this.field;
    if (model.editing) model.close(model.editing.text); // its column has scrolled out of sight
    this.opened = null;
    if (!this.node.isConnected) return;
    this.node.remove();
    if (hadFocus && document.activeElement !== grid) grid.focus({ preventScroll: true });
  }

  private onInput(): void {
    const { model } = this.field;
    if (model.editing) model.editing.text = this.node.value;
    else if (model.selection && model.open(model.selection.active, this.node.value))
      this.opened = model.editing!.place;
  }

  private onBlur(): void {
    const { editing } = this.field.model;
    if (editing && this.node.isConnected) this.field.model.close(editing.text);
  }

  private onKey(event: KeyboardEvent): void {
    const { model } = this.field;
    const { editing } = model;
    if (!editing && !isComposing(event)) return;
    event.stopPropagation();
    if (!editing || isComposing(event)) return;
    const { row, column } = editing.place;
    const steps: Record<string, Place> = {
      Enter: { row: row + (event.shiftKey ? -1 : 1), column },
      Tab: { row, column: column + (event.shiftKey ? -1 : 1) },
      Escape: { row, column },
    };
    const to = steps[event.key];
    if (!to) return;
    event.preventDefault();
    if (event.key === "Enter" && event.altKey) {
      this.node.setRangeText("\n", this.node.selectionStart, this.node.selectionEnd, "end");
      editing.text = this.node.value;
      return;
    }
    model.close(event.key === "Escape" ? null : editing.text);
    this.field.focusGrid();
    model.go(row < 0 ? { row, column } : to);
  }
}

/** Keys of somebody who composes a word are no keys of the grid; Safari says so by the old number alone. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
