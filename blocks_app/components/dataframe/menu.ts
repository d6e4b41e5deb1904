/** The menus of headers and cells, and the condition that narrows a column down. */
import { html, nothing, styleMap, type TemplateResult, t } from "blocks";
import { tn } from "blocks/counting";
import type { GridModel } from "./model";
import { TESTS } from "./ordering";
import type { Place } from "./selecting";
import { textOf } from "./table";

export interface OpenMenu {
  place: Place;
  left: number;
  top: number;
  /** Whether the form of a condition is open instead. */
  filtering: boolean;
}

interface Item {
  name: string;
  run: () => void;
  /** False leaves the item out. */
  shown?: boolean;
}

/** What may be done at a place. */
export function itemsOf(
  model: GridModel,
  { row, column }: Place,
  filter: () => void,
  copy: () => void,
): Item[] {
  const header = row < 0;
  const sorted = model.sort.some((key) => key.column === column);
  const filtered = model.conditions.some((one) => one.column === column);
  const area = model.area;
  const many = area ? area.bottom - Math.max(0, area.top) + 1 : 1;
  return [
    { name: t("Sort ascending"), run: () => model.setSort(column, false), shown: header },
    { name: t("Sort descending"), run: () => model.setSort(column, true), shown: header },
    { name: t("Clear sort"), run: () => model.setSort(column, null), shown: header && sorted },
    { name: t("Filter…"), run: filter, shown: header },
    { name: t("Clear filter"), run: () => model.setCondition(column, null), shown: header && filtered },
    {
      name: t("Rename column"),
      run: () => model.open({ row: -1, column }),
      shown: header && mayRename(model, column),
    },
    { name: t("Copy"), run: copy, shown: !header },
    { name: t("Clear cells"), run: () => model.clear(), shown: !header && model.mayEdit(column) },
    { name: t("Insert row above"), run: () => model.insertRow(row), shown: !header && model.mayAddRows(1) },
    {
      name: t("Insert row below"),
      run: () => model.insertRow(row + 1),
      shown: !header && model.mayAddRows(1),
    },
    {
      name: many > 1 ? tn("Delete {0} row", "Delete {0} rows", many) : t("Delete row"),
      run: () => model.deleteRows(),
      shown: !header && model.mayAddRows(-many),
    },
    { name: t("Insert column before"), run: () => model.insertColumn(column), shown: model.mayAddColumns(1) },
    {
      name: t("Insert column after"),
      run: () => model.insertColumn(column + 1),
      shown: model.mayAddColumns(1),
    },
    { name: t("Delete column"), run: () => model.deleteColumns(), shown: model.mayAddColumns(-1) },
  ].filter((item) => item.shown !== false);
}

function mayRename(model: GridModel, column: number): boolean {
  return model.mayEdit(column) && model.mayAddColumns(0);
}

/** The menu; `done` closes it and leads back to the grid. */
export function menuView(menu: OpenMenu, items: Item[], done: (run?: () => void) => void): TemplateResult {
  return html`<div
    class="grid-menu"
    role="menu"
    aria-label=${t("Table")}
    style=${styleMap({ left: `${menu.left}px`, top: `${menu.top}px` })}
    @keydown=${(event: KeyboardEvent) => onKey(event, done)}
  >
    ${items.map(
      ({ name, run }) =>
        html`<button type="button" role="menuitem" tabindex="-1" @click=${() => done(run)}>${name}</button>`,
    )}
  </div>`;
}

function onKey(event: KeyboardEvent, done: () => void): void {
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = all.indexOf(event.target as HTMLElement);
  const goal: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
  event.stopPropagation();
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    done();
  } else if (event.key in goal) {
    event.preventDefault();
    all.at(goal[event.key] % all.length)?.focus();
  }
}

/** The form of a condition. */
export function filterView(
  model: GridModel,
  menu: OpenMenu,
  done: (run?: () => void) => void,
): TemplateResult {
  const { column } = menu.place;
  const now = model.conditions.find((one) => one.column === column);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const condition = { column, test: String(data.get("test")), text: String(data.get("text") ?? "") };
    done(() => model.setCondition(column, condition));
  };
  const name = textOf(model.table.headers[column]);
  return html`<div
    class="grid-menu grid-filter"
    role="dialog"
    aria-label=${t("Filter {0}", name)}
    style=${styleMap({ left: `${menu.left}px`, top: `${menu.top}px` })}
    @keydown=${(event: KeyboardEvent) => {
      event.stopPropagation();
      if (event.key === "Escape") done();
    }}
  >
    <form @submit=${submit}>
      <label
        ><span>${t("Rows where {0}", name)}</span>
        <select name="test">
          ${Object.keys(TESTS).map((test) => html`<option value=${test} ?selected=${test === now?.test}>${t(test)}</option>`)}
        </select></label
      >
      <input
        name="text"
        type="text"
        aria-label=${t("Compared with")}
        .value=${now?.text ?? ""}
        autocomplete="off"
      />
      <div class="filter-buttons">
        <button type="submit" class="primary sm">${t("Apply")}</button>
        ${
          now
            ? html`<button
                type="button"
                class="secondary sm"
                @click=${() => done(() => model.setCondition(column, null))}
              >
                ${t("Clear")}
              </button>`
            : nothing
        }
      </div>
    </form>
  </div>`;
}
