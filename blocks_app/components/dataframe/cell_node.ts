/** A cell as a node that is used again for other cells: only what differs from the cell before is written. */
import { t } from "blocks";
import { textOf, type Cell } from "./table";
import { isAtEnd, picture, shownText } from "./cells";
import { styles } from "./styles";
import { GrRichCell } from "./rich_cell";
import type { View } from "./grid_view";
import { cellId, isIn } from "./selecting";

const RICH = new Set(["markdown", "html"]);

export class CellNode {
  readonly node = document.createElement("td");
  private readonly content = document.createElement("div");
  private kind = "";
  private text: string | null = null;
  private column = -1;
  private classes = "";
  private styling = "";
  private pin = "";

  constructor() {
    this.node.setAttribute("role", "gridcell");
    this.node.append(this.content);
  }

  /** Draws the cell of a row as it is seen; `number` is that row in the table. */
  draw(view: View, row: number, number: number, column: number): void {
    const { node } = this;
    const { model } = view;
    const look = view.looks[column];
    const cell = model.table.data[number]?.[column] ?? null;
    node.dataset.row = String(row);
    node.dataset.testid = `cell-${row}-${column}`;
    if (column !== this.column) this.move(column);
    this.pinAt(look.pin);
    this.state(view, row, column, isAtEnd(cell, look.kind));
    this.paint(model.table.metadata?.styling?.[number]?.[column] ?? "");
    if (look.kind !== this.kind) this.turn(look.kind);
    const shown = model.table.metadata?.display_value?.[number]?.[column];
    this.fill(view, cell, shown ?? null, t("{0}, row {1}", look.name, row + 1), look.isFixed);
  }

  private move(column: number): void {
    this.column = column;
    this.node.dataset.column = String(column);
    this.node.setAttribute("aria-colindex", String(column + 1));
  }

  private pinAt(pin: string): void {
    if (pin === this.pin) return;
    this.pin = pin;
    this.node.style.insetInlineStart = pin;
  }

  private state(view: View, row: number, column: number, atEnd: boolean): void {
    const { area, selection, editing } = view.model;
    const isActive = selection?.active.row === row && selection.active.column === column;
    const isSelected = isIn(area, row, column);
    const isOpen = isActive && !!editing;
    const { isFixed, pin } = view.looks[column];
    const classes = `${isActive ? "active " : ""}${isSelected ? "selected " : ""}${pin ? "pinned " : ""}${
      isOpen ? "editing " : ""
    }${atEnd ? "at-end " : ""}${isFixed ? "fixed" : ""}`;
    const { node } = this;
    if (isActive) node.id = cellId(view.id, { row, column });
    if (classes === this.classes) return;
    this.classes = classes;
    node.className = classes.trimEnd();
    mark(node, "aria-selected", isSelected);
    mark(node, "aria-readonly", isFixed);
    if (!isActive) node.removeAttribute("id");
  }

  private paint(styling: string): void {
    if (styling === this.styling) return;
    for (const name of Object.keys(styles(this.styling))) this.node.style.removeProperty(name);
    for (const [name, value] of Object.entries(styles(styling))) this.node.style.setProperty(name, value);
    this.styling = styling;
  }

  /** Becomes a cell of another datatype. */
  private turn(kind: string): void {
    this.kind = kind;
    this.text = null;
    this.content.className = `cell-content kind-${kind}`;
    this.content.replaceChildren();
  }

  private fill(view: View, cell: Cell, shown: string | null, name: string, isFixed: boolean): void {
    const { kind } = this;
    if (shown !== null && !RICH.has(kind) && kind !== "image") this.write(shownText(shown, view.props));
    else if (kind === "bool") this.tick(cell === true || cell === "true", name, isFixed || !view.interactive);
    else if (RICH.has(kind)) this.enrich(view, textOf(cell));
    else if (kind === "image") this.picture(textOf(cell));
    else this.write(shownText(textOf(cell), view.props));
  }

  private write(text: string): void {
    if (text === this.text) return;
    this.text = text;
    const child = this.content.firstChild;
    if (child?.nodeType === Node.TEXT_NODE) (child as Text).data = text;
    else this.content.textContent = text;
  }

  private tick(isOn: boolean, name: string, isDisabled: boolean): void {
    let box = this.content.firstChild as HTMLInputElement | null;
    if (!(box instanceof HTMLInputElement)) {
      box = document.createElement("input");
      box.type = "checkbox";
      box.tabIndex = -1;
      this.content.replaceChildren(box);
    }
    box.checked = isOn;
    box.disabled = isDisabled;
    box.ariaLabel = name;
    this.text = null;
  }

  private enrich(view: View, text: string): void {
    let rich = this.content.firstChild as GrRichCell | null;
    if (!(rich instanceof GrRichCell)) {
      rich = document.createElement("gr-rich-cell") as GrRichCell;
      this.content.replaceChildren(rich);
    }
    const { latex_delimiters, line_breaks } = view.props;
    rich.kind = this.kind;
    rich.options = { latex_delimiters, line_breaks };
    rich.text = text;
  }

  private picture(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.content.replaceChildren(picture(text));
  }
}

function mark(node: Element, name: string, isSo: boolean): void {
  if (isSo) node.setAttribute(name, "true");
  else node.removeAttribute(name);
}
