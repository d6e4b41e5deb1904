/** Dataframe: a table to look at, and to edit like a spreadsheet. See dataframe.py. */
import {
  CopyButton,
  GrElement,
  define,
  html,
  icon,
  nothing,
  state,
  styleMap,
  type PropertyValues,
} from "blocks";
import { fullscreenButton, iconButton } from "blocks/corner";
import { isHigh } from "./cells";
import { fromTabs, toCsv, toTabs } from "./exchange";
import { cellId, gridView, type Listener } from "./grid_view";
import { gridKey } from "./keys";
import { filterView, itemsOf, menuView, type OpenMenu } from "./menu";
import { GridModel, type Host } from "./model";
import { RowNodes } from "./row_nodes";
import { RowsInSight } from "./rows_in_sight";
import { isSingle, type Place } from "./selecting";
import { equal, tableOf, type Cell, type Table } from "./table";
import { widthsOf } from "./widths";
import "./dataframe.css";

type Edit = { index: [number, number]; value: Cell; previous_value: Cell };

const length = (size: number | string | null | undefined): string =>
  typeof size === "number" ? `${size}px` : (size ?? "");

export class GrDataframe extends GrElement<Table | null> implements Host {
  readonly model = new GridModel(this);
  readonly sight = new RowsInSight(() => this.requestUpdate());
  @state() menu: OpenMenu | null = null;
  private widths: string[] = [];
  private revealing = false;
  private nodes = new RowNodes();
  private version = 0;
  private copy = new CopyButton(this, () => this.copied());
  private listener: Listener = {
    onMenu: (event, place) => this.openMenu(event.currentTarget as Element, place),
    onEdited: (event) => this.onEdited(event),
    onEditKey: (event) => this.onEditKey(event),
    resized: () => this.sight.measure(),
  };

  override connectedCallback(): void {
    this.dataset.testid = "dataframe";
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sight.disconnect();
  }

  // -- values -------------------------------------------------------------------------------------------------------

  override receive(value: Table | null): void {
    const changed = !equal(tableOf(value), tableOf(this.value));
    this.value = value;
    if (changed) void this.updateComplete.then(() => this.emit("change"));
  }

  changed(table: Table, edits: Edit[]): void {
    this.value = table;
    this.emit("change");
    this.emit("input");
    for (const edit of edits.length === 1 ? edits : edits.slice(0, 1)) this.emit("edit", edit);
  }

  selected(): void {
    const { active } = this.model.selection!;
    this.revealing = true;
    this.sight.scrollTo(active.row);
    if (!this.props._selectable || active.row < 0) return;
    const row = this.model.rowOf(active.row);
    this.emit("select", {
      index: [row, active.column],
      value: this.model.cell(active),
      row_value: this.model.table.data[row],
      col_value: this.model.table.data.map((cells) => cells[active.column] ?? null),
    });
  }

  // -- drawing ------------------------------------------------------------------------------------------------------

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("value") && this.value !== this.model.table) this.model.receive(tableOf(this.value));
    const { model, props } = this;
    if (["value", "props", "interactive"].some((name) => changed.has(name))) this.version += 1;
    if (changed.has("value") || changed.has("props"))
      this.widths = widthsOf(model.table, props.column_widths ?? [], (column) => model.kind(column));
    const high = !!props.wrap || model.table.headers.some((_, column) => isHigh(model.kind(column)));
    this.sight.update(model.rows, high);
  }

  protected override updated(): void {
    this.sight.drawn(this.querySelector<HTMLElement>(".table-wrap"));
    const editor = this.querySelector<HTMLTextAreaElement>(".cell-editor");
    if (editor && document.activeElement !== editor) {
      editor.focus();
      editor.setSelectionRange(editor.value.length, editor.value.length);
    }
    this.showMenu();
    this.revealActive();
  }

  /** Brings the cell into sight that somebody has gone to, as soon as it is drawn. */
  private revealActive(): void {
    const cell = this.revealing ? this.querySelector<HTMLElement>("td.active, th.active") : null;
    if (!cell) return;
    this.revealing = false;
    const scroller = this.querySelector<HTMLElement>(".table-wrap")!;
    const pinned = [...this.querySelectorAll("thead .pinned")].reduce((all, one) => all + one.clientWidth, 0);
    scroller.style.scrollPaddingInlineStart = `${pinned}px`;
    cell.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }

  // -- what the visitor does ----------------------------------------------------------------------------------------

  /** The cell that an event happened in. */
  private placeOf(event: Event): Place | null {
    const cell = (event.target as Element).closest<HTMLElement>("[data-column]");
    return cell && { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
  }

  private inField(event: Event): boolean {
    return !!(event.target as Element).closest(".cell-editor, .cell-menu-button, input, a, .grid-menu");
  }

  private onPointerDown = (event: PointerEvent): void => {
    const place = this.placeOf(event);
    if (!place || event.button !== 0 || this.inField(event)) return;
    const again = event.pointerType === "touch" && this.model.selection && isSingle(this.model.selection);
    const { row, column } = this.model.selection?.active ?? { row: NaN, column: NaN };
    if (again && row === place.row && column === place.column && row >= 0 && this.model.open(place)) {
      event.preventDefault();
      return;
    }
    if (place.row >= 0) this.model.go(place, event.shiftKey);
  };

  private onPointerMove = (event: PointerEvent): void => {
    if (event.buttons !== 1 || event.pointerType !== "mouse" || this.model.editing) return;
    const place = this.placeOf(event);
    const { selection } = this.model;
    if (!place || !selection || place.row < 0 || selection.anchor.row < 0) return;
    if (place.row === selection.active.row && place.column === selection.active.column) return;
    selection.active = place;
    this.requestUpdate();
  };

  private onClick = (event: MouseEvent): void => {
    const place = this.placeOf(event);
    if (!place || place.row >= 0 || this.inField(event) || this.model.editing) return;
    this.model.go(place);
    this.model.sortBy(place.column, event.shiftKey);
  };

  private onDoubleClick = (event: MouseEvent): void => {
    const place = this.placeOf(event);
    if (place && place.row >= 0 && !this.inField(event)) this.model.open(place);
  };

  private onContextMenu = (event: MouseEvent): void => {
    const place = this.placeOf(event);
    if (!place || this.inField(event)) return;
    event.preventDefault();
    if (place.row >= 0 && !(event.target as Element).closest("[aria-selected]")) this.model.go(place);
    this.openMenu(event, place);
  };

  private onKey = (event: KeyboardEvent): void => {
    if (this.inField(event)) return;
    const active = this.model.selection?.active;
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      event.preventDefault();
      const cell = active && document.getElementById(cellId(this.domId, active));
      if (active && cell) this.openMenu(cell, active);
    } else if (gridKey(event, this.model, this.sight.page, getComputedStyle(this).direction === "rtl")) {
      event.preventDefault();
    }
  };

  private onEditKey(event: KeyboardEvent): void {
    event.stopPropagation();
    const { editing } = this.model;
    if (!editing || event.isComposing) return;
    const { row, column } = editing.place;
    const steps: Record<string, Place> = {
      Enter: { row: row + (event.shiftKey ? -1 : 1), column },
      Tab: { row, column: column + (event.shiftKey ? -1 : 1) },
      Escape: { row, column },
    };
    const to = steps[event.key];
    if (!to || (event.key === "Enter" && event.altKey)) return;
    event.preventDefault();
    this.model.close(event.key === "Escape" ? null : editing.text);
    this.focusGrid();
    this.model.go(row < 0 ? { row, column } : to);
  }

  private onEdited(event: Event): void {
    const { editing } = this.model;
    if (editing && (event.target as HTMLElement).isConnected) this.model.close(editing.text);
  }

  private focusGrid(): void {
    this.querySelector<HTMLElement>("table")?.focus({ preventScroll: true });
  }

  /** Who comes by the keyboard begins with the first cell. */
  private onFocus = (event: FocusEvent): void => {
    const byKey = (event.target as Element).matches("table:focus-visible");
    if (byKey && !this.model.selection && this.model.columns) {
      this.model.selection = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } };
      if (!this.model.rows) this.model.go({ row: -1, column: 0 });
      this.requestUpdate();
    }
  };

  // -- the clipboard ------------------------------------------------------------------------------------------------

  /** What is copied: the selected cells, or everything with its headers where not more than one is. */
  private copied(): string {
    const { selection, area, table } = this.model;
    if (selection && !isSingle(selection)) return toTabs(this.model.cells(area));
    return toTabs([table.headers, ...this.model.cells(null)]);
  }

  private onCopy = (event: ClipboardEvent): void => {
    if (this.inField(event) || !this.model.area) return;
    const { area } = this.model;
    const names = area.top < 0 ? [this.model.table.headers.slice(area.left, area.right + 1)] : [];
    const cells = area.bottom < 0 ? [] : this.model.cells(area);
    event.clipboardData?.setData("text/plain", toTabs([...names, ...cells]));
    event.preventDefault();
    if (event.type === "cut") this.model.clear();
  };

  private onPaste = (event: ClipboardEvent): void => {
    if (this.inField(event)) return;
    const text = event.clipboardData?.getData("text/plain");
    if (!text) return;
    event.preventDefault();
    this.model.paste(fromTabs(text));
  };

  private download = (): void => {
    const { table } = this.model;
    const file = new Blob([toCsv(table.headers, this.model.cells(null))], { type: "text/csv;charset=utf-8" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${this.label || "table"}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // -- menus --------------------------------------------------------------------------------------------------------

  private openMenu(at: Element | MouseEvent, place: Place): void {
    if (place.row < 0 || !this.model.selection) this.model.go(place);
    const box = at instanceof Element ? at.getBoundingClientRect() : { left: at.clientX, bottom: at.clientY };
    const left = Math.max(4, Math.min(box.left, innerWidth - 230));
    this.menu = { place, left, top: box.bottom, filtering: false };
  }

  /** Once it is drawn, the menu is laid over everything and gets the focus. */
  private showMenu(): void {
    const menu = this.querySelector<HTMLElement>(".grid-menu");
    if (!menu || menu.contains(document.activeElement)) return;
    menu.popover = "manual";
    menu.showPopover?.();
    const { bottom } = menu.getBoundingClientRect();
    if (bottom > innerHeight) menu.style.top = `${Math.max(4, innerHeight - menu.offsetHeight - 4)}px`;
    menu.querySelector<HTMLElement>("[role=menuitem], input, select")?.focus();
  }

  private closeMenu = (run?: () => void): void => {
    this.menu = null;
    this.focusGrid();
    run?.();
  };

  private onMenuBlur = (event: FocusEvent): void => {
    const menu = this.querySelector(".grid-menu");
    if (this.menu && menu && !menu.contains(event.relatedTarget as Node | null)) this.menu = null;
  };

  private renderMenu() {
    const { menu, model } = this;
    if (!menu) return nothing;
    if (menu.filtering) return filterView(model, menu, this.closeMenu);
    const filter = (): void => {
      this.menu = { ...menu, filtering: true };
    };
    const copy = (): void => void navigator.clipboard?.writeText(toTabs(model.cells(model.area)));
    return menuView(menu, itemsOf(model, menu.place, filter, copy), this.closeMenu);
  }

  // -- markup -------------------------------------------------------------------------------------------------------

  private renderCorner() {
    return this.renderButtons({
      copy: () => this.copy.render(),
      download: () => iconButton("Download as CSV", icon("download"), this.download),
      fullscreen: () => fullscreenButton(() => this),
    });
  }

  private renderSearch() {
    const { show_search } = this.props;
    const { model } = this;
    if (!show_search || show_search === "none") return nothing;
    return html`<div class="table-search">
      <input
        type="search"
        placeholder="Search…"
        aria-label="Search the table"
        .value=${model.search}
        @input=${(event: Event) => model.find((event.target as HTMLInputElement).value)}
      />
      ${
        show_search === "filter" && model.order && this.interactive
          ? iconButton("Keep only these rows", icon("check"), () => model.keepFound())
          : nothing
      }
    </div>`;
  }

  private renderMore() {
    const { model } = this;
    const rows = model.mayAddRows(1);
    const columns = model.mayAddColumns(1);
    if (!rows && !columns) return nothing;
    const button = (name: string, run: () => void) =>
      html`<button type="button" class="secondary sm" @click=${run}>${icon("plus")} ${name}</button>`;
    return html`<div class="table-more">
      ${rows ? button("New row", () => model.insertRow(model.rows)) : nothing}
      ${columns ? button("New column", () => model.insertColumn(model.columns)) : nothing}
    </div>`;
  }

  override render() {
    const { model, props } = this;
    const { max_height, height, min_height } = props;
    const size = { maxHeight: length(max_height ?? height ?? 500), minHeight: length(min_height) };
    const seen = model.order ? `${model.rows} of ${model.table.data.length} rows` : "";
    return html`<div class="table-head">
        ${this.label ? this.renderLabel() : nothing}${this.renderSearch()}${this.renderCorner()}
      </div>
      <div
        class="table-wrap ${props.wrap ? "wraps" : ""}"
        style=${styleMap(size)}
        @pointerdown=${this.onPointerDown}
        @pointermove=${this.onPointerMove}
        @click=${this.onClick}
        @dblclick=${this.onDoubleClick}
        @contextmenu=${this.onContextMenu}
        @keydown=${this.onKey}
        @copy=${this.onCopy}
        @cut=${this.onCopy}
        @paste=${this.onPaste}
        @focusin=${this.onFocus}
      >
        ${gridView({
          id: this.domId,
          label: this.label,
          props,
          model,
          sight: this.sight,
          nodes: this.nodes,
          version: this.version,
          widths: this.widths,
          interactive: this.interactive,
          listener: this.listener,
        })}
        ${model.table.data.length ? nothing : html`<p class="table-empty">No rows</p>`}
      </div>
      <div class="sr-only" role="status">${seen}</div>
      ${this.renderMore()}
      <div @focusout=${this.onMenuBlur}>${this.renderMenu()}</div>`;
  }
}

define("gr-dataframe", GrDataframe);
