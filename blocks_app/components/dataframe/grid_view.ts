/** The table as markup: a grid whose cells are read aloud with their row and column, of which only a part is drawn. */
import { html, icon, nothing, styleMap, type Props, type TemplateResult, t } from "blocks";
import type { GridModel } from "./model";
import { ROW, type RowsInSight } from "./rows_in_sight";
import { cellId, isIn, type Place } from "./selecting";
import { textOf } from "./table";
import type { Columns, Drawn } from "./widths";

/** What cells of a column have in common. */
export interface Look {
  name: string;
  kind: string;
  /** Whether visitors may not change it while they may change others. */
  isFixed: boolean;
  /** Where it is pinned; empty for one that is not. */
  pin: string;
}

export interface View {
  id: string;
  label: string;
  props: Props;
  model: GridModel;
  sight: RowsInSight;
  /** Height of all rows. */
  total: number;
  columns: Columns;
  drawn: Drawn;
  looks: Look[];
  /** Another number where all rows are to be drawn anew. */
  version: number;
  interactive: boolean;
  /** Whether the focus is to be on the table itself, not in its active cell. */
  takesFocus: boolean;
  onMenu: (event: Event, place: Place) => void;
}

export function looksOf(model: GridModel, columns: Columns, interactive: boolean): Look[] {
  return model.table.headers.map((header, column) => ({
    name: textOf(header),
    kind: model.kind(column),
    isFixed: interactive && !model.mayEdit(column),
    pin: column < columns.pinned ? columns.offset(column) : "",
  }));
}

export function gridView(view: View): TemplateResult {
  const { model, drawn, columns } = view;
  return html`<table
    role="grid"
    tabindex=${view.takesFocus ? 0 : -1}
    aria-label=${view.label || t("Table")}
    aria-rowcount=${model.rows + 1}
    aria-colcount=${model.columns}
    aria-multiselectable="true"
    aria-readonly=${view.interactive ? nothing : "true"}
    aria-activedescendant=${model.selection ? cellId(view.id, model.selection.active) : nothing}
    style=${styleMap({
      minWidth: columns.leastWidth,
      height: `${ROW + view.total}px`,
      "--columns": drawn.tracks,
    })}
  >
    <thead role="rowgroup">
      <tr role="row" aria-rowindex="1">
        ${view.props.show_row_numbers ? html`<td class="row-number pinned"></td>` : nothing}
        ${drawn.columns.slice(0, drawn.pinned).map((column) => header(view, column))}
        ${drawn.hasGap ? html`<td class="gap" aria-hidden="true"></td>` : nothing}
        ${drawn.columns.slice(drawn.pinned).map((column) => header(view, column))}
      </tr>
    </thead>
    <tbody role="rowgroup"></tbody>
  </table>`;
}

function header(view: View, column: number): TemplateResult {
  const { model } = view;
  const { name, pin } = view.looks[column];
  const at = model.sort.findIndex((key) => key.column === column);
  const descending = model.sort[at]?.descending;
  const place = { row: -1, column };
  const filtered = model.conditions.some((one) => one.column === column);
  const words = at < 0 ? "none" : descending ? "descending" : "ascending";
  const classes = state(view, place);
  return html`<th
    id=${classes.startsWith("active") ? cellId(view.id, place) : nothing}
    role="columnheader"
    data-row="-1"
    data-column=${column}
    data-testid="header-${column}"
    aria-colindex=${column + 1}
    aria-sort=${words}
    class="${classes} ${filtered ? "filtered" : ""}"
    style=${styleMap(pin ? { insetInlineStart: pin } : {})}
  >
    <div class="header-content">
      <span class="header-text">${name}</span>${
        at < 0
          ? nothing
          : html`<span class="sort-mark"
              >${descending ? icon("arrow-down") : icon("arrow-up")}${
                model.sort.length > 1 ? html`<sub>${at + 1}</sub>` : nothing
              }</span
            >`
      }${filtered ? html`<span class="sort-mark">${icon("funnel")}</span>` : nothing}
      <button
        type="button"
        class="cell-menu-button"
        tabindex="-1"
        aria-label=${t("Menu of the column {0}", name)}
        title=${t("Menu of the column {0}", name)}
        aria-haspopup="menu"
        @click=${(event: Event) => view.onMenu(event, place)}
      >
        ${icon("ellipsis-vertical")}
      </button>
    </div>
  </th>`;
}

function state({ model, looks }: View, { row, column }: Place): string {
  const names: string[] = [];
  const { active } = model.selection ?? {};
  const isActive = active?.row === row && active.column === column;
  if (isActive) names.push("active");
  if (isActive && model.editing) names.push("editing");
  if (isIn(model.area, row, column)) names.push("selected");
  if (looks[column].pin) names.push("pinned");
  return names.join(" ");
}
