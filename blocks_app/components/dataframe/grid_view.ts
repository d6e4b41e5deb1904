/** The table as markup: a grid whose cells are read aloud with their row and column, of which only a part is drawn. */
import { html, icon, live, nothing, repeat, styleMap, type Props, type TemplateResult } from "blocks";
import { cellContent, isAtEnd } from "./cells";
import type { GridModel } from "./model";
import type { RowNodes } from "./row_nodes";
import type { RowsInSight } from "./rows_in_sight";
import { isIn, type Area, type Place } from "./selecting";
import { textOf } from "./table";
import { shares, sum } from "./widths";

/** What happens to the cells; the element listens on the table as a whole for all else. */
export interface Listener {
  onMenu(event: Event, place: Place): void;
  onEdited(event: Event): void;
  onEditKey(event: KeyboardEvent): void;
  resized: () => void;
}

export interface View {
  id: string;
  label: string;
  props: Props;
  model: GridModel;
  sight: RowsInSight;
  nodes: RowNodes;
  /** Another number where all rows are to be drawn anew. */
  version: number;
  widths: string[];
  interactive: boolean;
  listener: Listener;
}

const NUMBERS = "56px";

export function cellId(id: string, { row, column }: Place): string {
  return `${id}-cell-${row}-${column}`;
}

export function gridView(view: View): TemplateResult {
  const { model, props, widths } = view;
  const all = props.show_row_numbers ? [NUMBERS, ...widths] : widths;
  const columns = props.show_row_numbers ? [NUMBERS, ...shares(widths)] : widths;
  const { selection } = model;
  return html`<table
    role="grid"
    tabindex="0"
    aria-label=${view.label || "Table"}
    aria-rowcount=${model.rows + 1}
    aria-colcount=${model.columns}
    aria-multiselectable="true"
    aria-readonly=${view.interactive ? nothing : "true"}
    aria-activedescendant=${selection ? cellId(view.id, selection.active) : nothing}
    style=${styleMap({ minWidth: sum(all) })}
  >
    <colgroup>
      ${columns.map((width) => html`<col style=${styleMap({ width })} />`)}
    </colgroup>
    <thead>
      <tr role="row" aria-rowindex="1">
        ${props.show_row_numbers ? html`<td class="row-number pinned"></td>` : nothing}
        ${model.table.headers.map((_, column) => header(view, column))}
      </tr>
    </thead>
    ${body(view)}
  </table>`;
}

function body(view: View): TemplateResult {
  const { rows, above, below } = view.sight.span;
  const { model } = view;
  const { area } = model;
  const numbers = rows.map(({ index }) => index);
  const nodes = view.nodes.of(numbers, model, view.version, (row) => rowView(view, row, area));
  const space = (height: number): TemplateResult | typeof nothing =>
    height
      ? html`<tr class="space" aria-hidden="true" style=${styleMap({ height: `${height}px` })}></tr>`
      : nothing;
  return html`<tbody>
    ${space(above)}${repeat(
      numbers,
      (row) => row,
      (_, i) => nodes[i],
    )}${space(below)}
  </tbody>`;
}

function header(view: View, column: number): TemplateResult {
  const { model } = view;
  const name = textOf(model.table.headers[column]);
  const at = model.sort.findIndex((key) => key.column === column);
  const descending = model.sort[at]?.descending;
  const place = { row: -1, column };
  const filtered = model.conditions.some((one) => one.column === column);
  const words = at < 0 ? "none" : descending ? "descending" : "ascending";
  return html`<th
    id=${cellId(view.id, place)}
    role="columnheader"
    data-row="-1"
    data-column=${column}
    data-testid="header-${column}"
    aria-colindex=${column + 1}
    aria-sort=${words}
    class="${state(view, place, model.area)} ${filtered ? "filtered" : ""}"
    style=${styleMap(pin(view, column))}
  >
    ${
      isOpen(model, place)
        ? editor(view, `Name of the column ${name}`)
        : html`<div class="header-content">
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
              aria-label="Menu of the column ${name}"
              aria-haspopup="menu"
              @click=${(event: Event) => view.listener.onMenu(event, place)}
            >
              ${icon("ellipsis-vertical")}
            </button>
          </div>`
    }
  </th>`;
}

/** The cells of a row. */
function rowView(view: View, index: number, area: Area | null): TemplateResult {
  const { model, props } = view;
  const number = model.rowOf(index);
  return html`${
    props.show_row_numbers ? html`<th role="rowheader" class="row-number pinned">${number + 1}</th>` : nothing
  }${model.table.headers.map((_, column) => cellView(view, index, number, column, area))}`;
}

function cellView(
  view: View,
  row: number,
  number: number,
  column: number,
  area: Area | null,
): TemplateResult {
  const { model, props } = view;
  const place = { row, column };
  const open = isOpen(model, place);
  const styling = model.table.metadata?.styling?.[number]?.[column];
  const kind = model.kind(column);
  const content = open ? nothing : cellContent(model, props, row, column, view.listener.resized);
  return html`<td
    id=${cellId(view.id, place)}
    role="gridcell"
    data-row=${row}
    data-column=${column}
    data-testid="cell-${row}-${column}"
    aria-colindex=${column + 1}
    aria-selected=${isIn(area, row, column) ? "true" : nothing}
    aria-readonly=${view.interactive && !model.mayEdit(column) ? "true" : nothing}
    class="${state(view, place, area)} ${isAtEnd(model.cell(place), kind) ? "at-end" : ""}"
    style=${styleMap({ ...styles(styling), ...pin(view, column) })}
  >
    ${
      open
        ? editor(view, `${textOf(model.table.headers[column])}, row ${row + 1}`)
        : html`<div class="cell-content kind-${kind}">${content}</div>`
    }
  </td>`;
}

function editor({ model, listener }: View, name: string): TemplateResult {
  return html`<textarea
    class="cell-editor"
    rows="1"
    aria-label=${name}
    spellcheck="false"
    .value=${live(model.editing!.text)}
    @input=${(event: Event) => (model.editing!.text = (event.target as HTMLTextAreaElement).value)}
    @keydown=${listener.onEditKey}
    @blur=${listener.onEdited}
  ></textarea>`;
}

function isOpen({ editing }: GridModel, { row, column }: Place): boolean {
  return editing?.place.row === row && editing.place.column === column;
}

function state({ model, props }: View, { row, column }: Place, area: Area | null): string {
  const names: string[] = [];
  const active = model.selection?.active;
  if (active?.row === row && active.column === column) names.push("active");
  if (isIn(area, row, column)) names.push("selected");
  if (column < (props.pinned_columns ?? 0)) names.push("pinned");
  return names.join(" ");
}

/** Where a pinned column stays. */
function pin({ props, widths }: View, column: number): Record<string, string> {
  if (column >= (props.pinned_columns ?? 0)) return {};
  const before = widths.slice(0, column);
  return { insetInlineStart: sum(props.show_row_numbers ? [NUMBERS, ...before] : before) };
}

/** The properties of a style text, without what would reach beyond the cell or fetch something. */
export function styles(text: string | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of (text ?? "").split(";")) {
    const at = part.indexOf(":");
    const name = part.slice(0, at).trim().toLowerCase();
    const value = part.slice(at + 1).trim();
    if (
      at < 0 ||
      !/^(color|background(-color)?|font-(weight|style|family|size)|text-(align|decoration|transform)|opacity|border(-[a-z]+)*)$/.test(
        name,
      )
    )
      continue;
    if (/url\s*\(|image-set|expression|\\/i.test(value)) continue;
    found[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())] = value;
  }
  return found;
}
