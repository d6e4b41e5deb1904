/** LinePlot, BarPlot and ScatterPlot: a table drawn by vega-lite, which comes with the first one. See native_plot.py. */
import { GrElement, define, html, icon, nothing, styleMap, t } from "blocks";
import { fullscreenButton, iconButton } from "blocks/corner";
import { lookOf, onTheme } from "blocks/foreign";
import type { Hint, View } from "blocks/vega";
import { csv, field, shown, type Cell, type Row, type Table } from "./data";
import { mark, pixelsOf, placesOf, renderRegion, type Places } from "./region";
import { MANY, chartOf, told } from "./spec";
import "./native_plot.css";

/** Rows of the table for screen readers. */
const READ = 100;
/** Milliseconds that a region stays as it is before it is told. */
const SETTLED = 250;
const NAMES = { line: t("Line plot"), bar: t("Bar plot"), point: t("Scatter plot") };

/** Most pixels that a drawing has along a side, whatever height the app gives its place. */
const LARGEST = 8192;

export class GrNativePlot extends GrElement<Table | null> {
  override defaultLabel = "Plot";
  private problem = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private view: View | null = null;
  private endTheme: (() => void) | null = null;
  private sizes: ResizeObserver | null = null;
  /** What is drawn or being drawn: the value, options and size of that. */
  private drawn: unknown[] = [];
  /** The axis that a region is selected on, once it is drawn, and the region that the keyboard has selected. */
  private places: Places | null = null;
  private region: [number, number] = [0, 0];
  /** The pixels that the sliders have drawn last. */
  private marked: [number, number] | [] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.endTheme = onTheme(() => this.draw(true));
    this.sizes = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => this.draw());
    if (this.hasUpdated) this.updated();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.endTheme?.();
    this.sizes?.disconnect();
    this.wipe();
  }

  private wipe(): void {
    this.view?.finalize();
    this.view = null;
    this.places = null;
    this.drawn = [];
  }

  override updated(): void {
    const holder = this.querySelector(".plot-drawing");
    if (holder) this.sizes?.observe(holder);
    this.draw();
  }

  /** Draws what there is now, unless it is drawn already. */
  private draw(again = false): void {
    const holder = this.querySelector<HTMLElement>(".plot-drawing");
    if (!this.value?.columns || !holder || !this.isConnected) return this.wipe();
    const width = Math.min(holder.clientWidth, LARGEST);
    const height = Math.min(holder.clientHeight, LARGEST);
    const now = [this.value, this.props, width, height];
    if (!again && now.every((part, i) => part === this.drawn[i])) return;
    this.drawn = now;
    if (width) void this.show(holder, this.value, { width, height, accent: lookOf(this).accent }, now);
  }

  private async show(
    holder: HTMLElement,
    table: Table,
    room: { width: number; height: number; accent: string },
    now: unknown[],
  ): Promise<void> {
    try {
      const { hints, show } = await import("blocks/vega");
      if (this.drawn !== now) return;
      const { spec, drawn } = chartOf(table, this.props, room);
      const drawing = Object.assign(document.createElement("div"), { className: "plot-picture" });
      drawing.ariaHidden = "true"; // the holder says what it is, and the table what is in it
      holder.replaceChildren(drawing);
      this.view?.finalize();
      this.view = null;
      const view = await show(drawing, spec, drawn > MANY ? "canvas" : "svg");
      if (this.drawn !== now) return void view.finalize();
      this.view = view;
      this.listen(view);
      this.explain(view, table, hints(drawing));
      this.offerRegion(view);
      this.tell("");
    } catch (error) {
      if (this.drawn === now) this.tell(error instanceof Error ? error.message : String(error));
    }
  }

  private listen(view: View): void {
    view.addEventListener("dblclick", () => this.emit("double_click"));
    if (!this.props._selectable) return;
    view.addSignalListener("brush", (_, region: Record<string, Cell[]>) => {
      clearTimeout(this.timer);
      if (view !== this.view) return;
      const range = Object.values(region)[0] ?? [];
      this.follow(view, range);
      if (range.length) this.settle(range);
    });
  }

  /** The sliders show what is drawn, unless they have drawn it. */
  private follow(view: View, range: Cell[]): void {
    const { places, regionAxis } = this;
    if (!places || `${pixelsOf(view, regionAxis)}` === `${this.marked}`) return;
    this.region = range.length ? places.between(range) : [0, places.count];
    this.requestUpdate();
  }

  /** Tells of a region once it stays as it is. */
  private settle(range: Cell[]): void {
    clearTimeout(this.timer);
    const seconds = this.value!.datatypes[this.props.x] === "temporal" ? 1000 : 1;
    const value = range.map((end) => (typeof end === "number" ? end / seconds : end));
    this.timer = setTimeout(() => this.emit("select", { value, index: value, selected: true }), SETTLED);
  }

  private get regionAxis(): "x" | "y" {
    return this.value?.mark === "bar" && this.props.vertical === false ? "y" : "x";
  }

  private offerRegion(view: View): void {
    this.places = this.props._selectable ? placesOf(view.scale(this.regionAxis)) : null;
    this.region = [0, this.places?.count ?? 0];
    if (this.places) this.requestUpdate();
  }

  private moveRegion(first: number, last: number): void {
    const { view, places } = this;
    if (!view || !places) return;
    this.region = [first, last];
    this.requestUpdate();
    this.marked = places.pixels(first, last);
    if (!mark(view, this.regionAxis, this.marked)) this.settle(places.told(first, last));
  }

  private undoRegion(): void {
    if (!this.view || !this.places) return;
    this.region = [0, this.places.count];
    this.requestUpdate();
    this.marked = [];
    mark(this.view, this.regionAxis, this.marked);
    this.emit("double_click");
  }

  /** Says under the pointer what a mark stands for; asked of the row then, as nobody looks at all of them. */
  private explain(view: View, table: Table, hint: Hint): void {
    const columns = told(this.props, table);
    view.addEventListener("mousemove", (event, item) => {
      const row = (item as { datum?: Row; mark?: { marktype: string } } | null)?.datum;
      const marked = !!row && field(table, this.props.y) in row && item?.mark.marktype !== "line";
      const cells = columns.map((name) => [name, shown(row?.[field(table, name)], table.datatypes[name])]);
      hint(event as MouseEvent, marked && cells.length ? Object.fromEntries(cells) : null);
    });
    view.addEventListener("mouseout", (event) => hint(event as MouseEvent, null));
  }

  private tell(problem: string): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.requestUpdate();
  }

  private save(content: string, ending: string): void {
    const link = document.createElement("a");
    link.href = content;
    link.download = `${this.props.title ?? this.props.label ?? "plot"}.${ending}`;
    link.click();
  }

  private async export(): Promise<void> {
    const view = this.view;
    if (!view) return;
    const before = view.background();
    view.background(lookOf(this).background);
    this.save(await view.toImageURL("png", 2), "png");
    await view.background(before).runAsync();
  }

  private saveTable(): void {
    const address = URL.createObjectURL(new Blob(["\ufeff", csv(this.value!)], { type: "text/csv" }));
    this.save(address, "csv");
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  private corner() {
    if (!this.value) return this.renderButtons();
    return this.renderButtons({
      fullscreen: () => fullscreenButton(() => this.querySelector(".plot-holder")),
      export: () => iconButton(t("Export"), icon("download"), () => this.export()),
      csv: () => iconButton(t("Download data as CSV"), icon("table-2"), () => this.saveTable()),
    });
  }

  /** The same in words: what is drawn, and its first rows. */
  private renderTable(table: Table) {
    const { data, columns, datatypes } = table;
    const more = data.length > READ ? t(", the first {0} of {1} rows", READ, data.length) : "";
    return html`<div class="sr-only plot-table">
      <table>
        <caption>
          ${t("Data of {0}{1}", this.named, more)}
        </caption>
        <thead>
          <tr>
            ${columns.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${data.slice(0, READ).map(
            (row) =>
              html`<tr>
                ${row.map((cell, i) => html`<td>${shown(cell, datatypes[columns[i]])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private get named(): string {
    return this.props.label ?? this.props.title ?? this.defaultLabel;
  }

  private renderRegion(table: Table) {
    if (!this.places) return nothing;
    const kind = table.datatypes[this.props.x];
    const moved = (first: number, last: number) => this.moveRegion(first, last);
    return renderRegion(this.places, this.region, kind, this.named, moved, () => this.undoRegion());
  }

  private renderDrawing(table: Table) {
    const { height, width, caption, x, y } = this.props;
    const css = (length: unknown): string =>
      typeof length === "number" ? `${length}px` : String(length ?? "");
    const kind = NAMES[table.mark] ?? t("Plot");
    return html`<div class="plot-holder">
      ${this.problem ? html`<p class="plot-problem" role="alert">${this.problem}</p>` : nothing}
      <div
        class="plot-drawing"
        data-testid="altair"
        role="img"
        aria-label=${t("{0}: {1} of {2} by {3}, {4} rows", this.named, kind, y, x, table.data.length)}
        style=${styleMap({ height: css(height), width: css(width) })}
      ></div>
      ${this.renderRegion(table)}${caption ? html`<p class="caption">${caption}</p>` : nothing}${this.renderTable(table)}
    </div>`;
  }

  override render() {
    const table = this.value;
    return html`${this.corner()}${this.props.label ? this.renderBlockLabel(icon("chart-line")) : nothing}${
      table?.columns
        ? this.renderDrawing(table)
        : html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("chart-line")}</div>`
    }`;
  }
}

define("gr-nativeplot", GrNativePlot);
