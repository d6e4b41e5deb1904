/**
 * The rows that are drawn, as nodes: one that stays in sight is not looked at again while nothing of it has changed, and
 * one that leaves becomes the next that comes.
 */
import { render, type TemplateResult } from "blocks";
import type { GridModel } from "./model";

interface Drawn {
  node: HTMLTableRowElement;
  /** What the row depended on when it was drawn. */
  key: string;
}

export class RowNodes {
  private drawn = new Map<number, Drawn>();

  /** The nodes of these rows; `view` makes the cells of one. */
  of(
    rows: number[],
    model: GridModel,
    version: number,
    view: (row: number) => TemplateResult,
  ): HTMLElement[] {
    const wanted = new Set(rows);
    const spare = [...this.drawn.keys()].filter((row) => !wanted.has(row));
    return rows.map((row) => {
      const key = `${version}/${model.version}/${stateOf(model, row)}`;
      const known = this.drawn.get(row) ?? this.reuse(row, spare.pop());
      if (known.key !== key) {
        known.key = key;
        mark(known.node, row);
        render(view(row), known.node);
      }
      return known.node;
    });
  }

  private reuse(row: number, old: number | undefined): Drawn {
    const found = (old !== undefined && this.drawn.get(old)) || {
      node: document.createElement("tr"),
      key: "",
    };
    if (old !== undefined) this.drawn.delete(old);
    found.key = "";
    this.drawn.set(row, found);
    return found;
  }
}

function mark(node: HTMLTableRowElement, row: number): void {
  node.setAttribute("role", "row");
  node.setAttribute("aria-rowindex", String(row + 2));
  node.className = row % 2 ? "row_odd" : "";
  node.dataset.index = String(row);
}

/** What selection and editing say of a row. */
function stateOf({ area, selection, editing }: GridModel, row: number): string {
  const chosen = area && row >= area.top && row <= area.bottom ? `${area.left}-${area.right}` : "";
  const active = selection?.active.row === row ? selection.active.column : "";
  return `${chosen}/${active}/${editing?.place.row === row ? editing.place.column : ""}`;
}
