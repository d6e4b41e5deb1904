/** Dataframe: a table to look at, and to edit like a spreadsheet. See dataframe.py. */
import { CopyButton, GrElement, define, html, icon, nothing, styleMap, type PropertyValues, t } from "blocks";
import { fullscreenButton, iconButton } from "blocks/corner";
import { Body } from "./body";
import { isHigh } from "./cells";
import { copied, download, onCopy, onPaste } from "./clipboard";
import { CellEditor, type Field } from "./editor";
import { gridView, looksOf, type Look, type View } from "./grid_view";
import { gridKey } from "./keys";
import { GridModel, type Host } from "./model";
import { RowsInSight, type Onlooker } from "./rows_in_sight";
import { isSingle, type Place } from "./selecting";
import { equal, tableOf, textOf, withHeaders, type Cell, type Table } from "./table";
import { TableMenu } from "./table_menu";
import { Columns, widthsOf } from "./widths";
import "./dataframe.css";

type Edit = { index: [number, number]; value: Cell; previous_value: Cell };

const length = (size: number | string | null | undefined): string =>
  typeof size === "number" ? `${size}px` : (size ?? "");

export class GrDataframe extends GrElement<Table | null> implements Host, Field, Onlooker {
  readonly model = new GridModel(this);
  readonly sight = new RowsInSight(this);
  private columns = new Columns([], 0, false, 0);
  private looks: Look[] = [];
  private widths: string[] = [];
  private view!: View;
  private revealing = false;
  private readonly body = new Body();
  private readonly menu = new TableMenu(this);
  private readonly editor = new CellEditor(this);
  private version = 0;
  private drawnVersion = -1;
  private copy = new CopyButton(this, () => copied(this.model));

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
    this.reveal(active);
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
    this.rename(changed);
    if (changed.has("value") && this.value !== this.model.table) this.model.receive(tableOf(this.value));
    const { model, props } = this;
    const isNew = changed.has("value") || changed.has("props");
    if (isNew || changed.has("interactive")) this.version += 1;
    if (isNew) this.widths = widthsOf(model.table, props.column_widths ?? [], (column) => model.kind(column));
    if (isNew || this.columns.sight !== this.sight.width) {
      this.drawnVersion = -1;
      const { pinned_columns, show_row_numbers, column_widths } = props;
      const { width } = this.sight;
      this.columns = new Columns(this.widths, pinned_columns ?? 0, !!show_row_numbers, width, column_widths);
    }
    if (this.drawnVersion !== this.version + model.version) {
      this.drawnVersion = this.version + model.version;
      this.looks = looksOf(model, this.columns, this.interactive);
    }
    this.sight.update(model.rows, !!props.wrap || this.looks.some(({ kind }) => isHigh(kind)), model.order);
  }

  /** Other names of the columns without another table. */
  private rename(changed: PropertyValues): void {
    const before = changed.get("props") as GrDataframe["props"] | undefined;
    const names = this.props.headers as Cell[] | undefined;
    if (!this.hasUpdated || !before || changed.has("value") || !names) return;
    const renamed = withHeaders(this.model.table, names);
    if (String(names) === String(before.headers) || equal(renamed, this.model.table)) return;
    this.value = renamed;
    this.model.receive(renamed);
    void this.updateComplete.then(() => this.emit("change"));
  }

  protected override updated(): void {
    this.sight.attach(this.querySelector<HTMLElement>(".table-wrap"));
    const holder = this.querySelector<HTMLElement>("tbody")!;
    this.body.draw(holder, this.view);
    this.body.arrange(holder);
    this.editor.update(this.grid);
    this.menu.show();
    if (this.revealing) this.showActive();
  }

  /** Another part is in sight: its rows are drawn at once, the headers only if they are others. */
  moved(): void {
    if (!this.hasUpdated || !this.isConnected) return;
    const { drawn } = this.view;
    const { left, width, total } = this.sight;
    if (width !== this.columns.sight) this.requestUpdate();
    else if (this.columns.drawn(left, width).key !== drawn.key || total !== this.view.total)
      this.requestUpdate();
    else this.body.draw(this.grid.tBodies[0], this.view);
  }

  shifted(): void {
    this.body.place(this.view);
  }

  rested(): void {
    this.body.arrange(this.grid.tBodies[0]);
  }

  private get grid(): HTMLTableElement {
    return this.querySelector<HTMLTableElement>("table[role=grid]")!;
  }

  cellOf({ row, column }: Place): HTMLElement | null {
    if (row < 0) return this.querySelector<HTMLElement>(`th[data-column="${column}"]`);
    return this.body.cell(this.view, row, column);
  }

  nameOf({ row, column }: Place): string {
    const name = textOf(this.model.table.headers[column]);
    return row < 0 ? t("Name of the column {0}", name) : t("{0}, row {1}", name, row + 1);
  }

  /** Brings a cell into sight that somebody has gone to, as soon as it is drawn. */
  private reveal({ row, column }: Place): void {
    this.revealing = true;
    this.sight.scrollTo(row);
    const { starts, pinned } = this.columns;
    if (starts && column >= pinned)
      this.sight.scrollAside(starts[column], starts[column + 1], starts[pinned]);
    this.requestUpdate();
  }

  private showActive(): void {
    this.revealing = false;
    const { active } = this.model.selection ?? {};
    const cell = active && this.cellOf(active);
    if (!cell) return;
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
    this.editor.touched = event.pointerType === "touch";
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
    this.menu.open(event, place);
  };

  private onKey = (event: KeyboardEvent): void => {
    if (this.inField(event)) return;
    this.editor.touched = false;
    const active = this.model.selection?.active;
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      event.preventDefault();
      const cell = active && this.cellOf(active);
      if (cell) this.menu.open(cell, active);
    } else if (gridKey(event, this.model, this.sight.page, getComputedStyle(this).direction === "rtl")) {
      event.preventDefault();
    }
  };

  /** A box was ticked. */
  private onTick = (event: Event): void => {
    const place = this.placeOf(event);
    const box = event.target as HTMLInputElement;
    if (!place || box.type !== "checkbox") return;
    this.model.set([[place.row, place.column, box.checked]]);
    this.focusGrid();
    this.model.go(place);
  };

  focusGrid(): void {
    this.grid.focus({ preventScroll: true });
  }

  /** Who comes by the keyboard begins with the first cell. */
  private onFocus = (event: FocusEvent): void => {
    const byKey = event.type === "focusin" && (event.target as Element).matches("table:focus-visible");
    (event.currentTarget as Element).toggleAttribute("data-focused", byKey);
    if (event.type === "focusin" && event.target === this.grid) this.editor.update(this.grid);
    if (byKey && !this.model.selection && this.model.columns) {
      this.model.selection = { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } };
      if (!this.model.rows) this.model.go({ row: -1, column: 0 });
      this.requestUpdate();
    }
  };

  private onClipboard = (event: ClipboardEvent): void => {
    if (this.inField(event)) return;
    if (event.type === "paste") onPaste(event, this.model);
    else onCopy(event, this.model);
  };

  // -- markup -------------------------------------------------------------------------------------------------------

  private renderCorner() {
    return this.renderButtons({
      copy: () => this.copy.render(),
      download: () =>
        iconButton(t("Download as CSV"), icon("download"), () => download(this.model, this.label)),
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
        placeholder=${t("Search…")}
        aria-label=${t("Search the table")}
        .value=${model.search}
        @input=${(event: Event) => model.find((event.target as HTMLInputElement).value)}
      />
      ${
        show_search === "filter" && model.order && this.interactive
          ? iconButton(t("Keep only these rows"), icon("check"), () => model.keepFound())
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
      ${rows ? button(t("New row"), () => model.insertRow(model.rows)) : nothing}
      ${columns ? button(t("New column"), () => model.insertColumn(model.columns)) : nothing}
    </div>`;
  }

  private seen(): View {
    const { model, props, sight, columns, looks, version, interactive, label } = this;
    const drawn = columns.drawn(sight.left, sight.width);
    return {
      id: this.domId,
      label,
      props,
      model,
      sight,
      total: sight.total,
      columns,
      drawn,
      looks,
      version,
      interactive,
      takesFocus: !this.editor.waits,
      onMenu: (event, place) => this.menu.open(event.currentTarget as Element, place),
    };
  }

  override render() {
    const { model, props } = this;
    const { max_height, height, min_height } = props;
    const size = { maxHeight: length(max_height ?? height ?? 500), minHeight: length(min_height) };
    this.view = this.seen();
    const seen = model.order ? t("{0} of {1} rows", model.rows, model.table.data.length) : "";
    return html`<div class="table-head">
        ${this.label ? this.renderLabel() : nothing}${this.renderSearch()}${this.renderCorner()}
      </div>
      <div
        class="table-wrap ${props.wrap ? "wraps" : ""} ${this.sight.isHigh ? "measured" : ""}"
        style=${styleMap(size)}
        @pointerdown=${this.onPointerDown}
        @pointermove=${this.onPointerMove}
        @click=${this.onClick}
        @dblclick=${this.onDoubleClick}
        @contextmenu=${this.onContextMenu}
        @keydown=${this.onKey}
        @change=${this.onTick}
        @copy=${this.onClipboard}
        @cut=${this.onClipboard}
        @paste=${this.onClipboard}
        @focusin=${this.onFocus}
        @focusout=${this.onFocus}
      >
        ${gridView(this.view)}
        ${model.table.data.length ? nothing : html`<p class="table-empty">${t("No rows")}</p>`}
      </div>
      <div class="sr-only" role="status">${seen}</div>
      ${this.renderMore()}
      <div @focusout=${this.menu.onBlur}>${this.menu.render()}</div>`;
  }
}

define("gr-dataframe", GrDataframe);
