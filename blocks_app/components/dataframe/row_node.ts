/** A row as a node that becomes another row when it has left the sight. */
import { CellNode } from "./cell_node";
import type { View } from "./grid_view";
import type { GridModel } from "./model";

export class RowNode {
  readonly node = document.createElement("tr");
  private readonly number = document.createElement("th");
  private readonly label = document.createTextNode("");
  private cells: CellNode[] = [];
  private shape = "";
  /** What the row depended on when it was drawn. */
  private key = "";
  private top = NaN;

  constructor() {
    this.node.setAttribute("role", "row");
    this.number.setAttribute("role", "rowheader");
    this.number.className = "row-number pinned";
    this.number.append(this.label);
  }

  draw(view: View, row: number): void {
    const { model, drawn } = view;
    const key = `${row}/${view.version}/${model.version}/${drawn.key}/${stateOf(model, row)}`;
    if (key === this.key) return;
    this.key = key;
    if (drawn.key !== this.shape) this.build(view);
    this.mark(row);
    const number = model.rowOf(row);
    this.label.data = String(number + 1);
    drawn.columns.forEach((column, at) => this.cells[at].draw(view, row, number, column));
  }

  /** Stands at this height. */
  place(top: number): void {
    if (top === this.top) return;
    this.top = top;
    this.node.style.transform = `translateY(${top}px)`;
  }

  /** The node of a cell that is drawn. */
  cell(view: View, column: number): HTMLElement | null {
    return this.cells[view.drawn.columns.indexOf(column)]?.node ?? null;
  }

  private build({ drawn, props }: View): void {
    this.shape = drawn.key;
    const { pinned, columns, hasGap } = drawn;
    while (this.cells.length < columns.length) this.cells.push(new CellNode());
    this.cells.length = columns.length;
    const nodes: HTMLElement[] = this.cells.map((cell) => cell.node);
    if (hasGap) nodes.splice(pinned, 0, gap());
    if (props.show_row_numbers) nodes.unshift(this.number);
    if (this.node.children.length !== nodes.length || nodes.some((node, i) => node !== this.node.children[i]))
      this.node.replaceChildren(...nodes);
  }

  private mark(row: number): void {
    this.node.setAttribute("aria-rowindex", String(row + 2));
    this.node.className = row % 2 ? "row_odd" : "";
    this.node.dataset.index = String(row);
  }
}

/** Stands for the columns that are left out. */
function gap(): HTMLElement {
  const node = document.createElement("td");
  node.className = "gap";
  node.ariaHidden = "true";
  return node;
}

/** What selection and editing say of a row. */
function stateOf({ area, selection, editing }: GridModel, row: number): string {
  const chosen = area && row >= area.top && row <= area.bottom ? `${area.left}-${area.right}` : "";
  const active = selection?.active.row === row ? selection.active.column : "";
  return `${chosen}/${active}/${editing?.place.row === row ? editing.place.column : ""}`;
}
