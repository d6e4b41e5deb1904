/**
 * The rows that are drawn. Each stands at its own height, so that a step of scrolling writes only those that come; those
 * that have left become these. Their order among the nodes, which readers of the page follow, is put right at rest.
 */
import type { View } from "./grid_view";
import { RowNode } from "./row_node";

/** Where a row stands that is drawn out of sight. */
const AWAY = -1000;

export class Body {
  private rows = new Map<number, RowNode>();
  private inOrder = true;
  /** The heights that the rows were measured for. */
  private heights: unknown = null;

  draw(holder: HTMLElement, view: View): void {
    const { sight, model } = view;
    const [first, end] = sight.range;
    const kept = [model.selection?.active.row ?? -1, focusedRow(holder)];
    const away = kept.filter((row) => row >= 0 && row < model.rows && (row < first || row >= end));
    const spare: RowNode[] = [];
    if (sight.heights !== this.heights) for (const { node } of this.rows.values()) sight.watch(node);
    this.heights = sight.heights;
    for (const [row, node] of this.rows)
      if ((row < first || row >= end) && !away.includes(row)) {
        this.rows.delete(row);
        spare.push(node);
      }
    for (const row of away) this.rowAt(row, spare, holder, view).place(AWAY);
    for (let row = first; row < end; row += 1) this.rowAt(row, spare, holder, view).place(sight.top(row));
    for (const node of spare) {
      sight.forget(node.node);
      node.node.remove();
    }
  }

  private rowAt(row: number, spare: RowNode[], holder: HTMLElement, view: View): RowNode {
    const known = this.rows.get(row);
    const node = known ?? taken(spare, row) ?? new RowNode();
    node.draw(view, row);
    if (known) return node;
    this.rows.set(row, node);
    this.inOrder = false;
    if (node.node.parentNode !== holder) holder.append(node.node);
    view.sight.watch(node.node);
    return node;
  }

  /** The heights of rows are others. */
  place({ sight }: View): void {
    const [first, end] = sight.range;
    for (const [row, node] of this.rows) if (row >= first && row < end) node.place(sight.top(row));
  }

  /** Puts the nodes into the order of their rows; the one that has the focus stays where it is. */
  arrange(holder: HTMLElement): void {
    if (this.inOrder) return;
    this.inOrder = true;
    const nodes = [...this.rows].sort(([one], [other]) => one - other).map(([, row]) => row.node);
    const fixed = nodes.findIndex((node) => node.contains(document.activeElement));
    let next: Element | null = null;
    for (let at = nodes.length - 1; at >= 0; at -= 1) {
      const node = nodes[at];
      if (at !== fixed && node.nextElementSibling !== next) holder.insertBefore(node, next);
      next = node;
    }
    if (fixed >= 0) for (const node of nodes.slice(0, fixed)) holder.insertBefore(node, nodes[fixed]);
  }

  cell(view: View, row: number, column: number): HTMLElement | null {
    return this.rows.get(row)?.cell(view, column) ?? null;
  }
}

/** One of the nodes that are free, if there is one of the same stripe: its style stays as it is. */
function taken(spare: RowNode[], row: number): RowNode | undefined {
  const at = spare.findLastIndex(({ node }) => Number(node.dataset.index) % 2 === row % 2);
  return at < 0 ? spare.pop() : spare.splice(at, 1)[0];
}

function focusedRow(holder: HTMLElement): number {
  const focused = document.activeElement;
  const row = focused && holder.contains(focused) ? focused.closest<HTMLElement>("tr") : null;
  return row ? Number(row.dataset.index) : -1;
}
