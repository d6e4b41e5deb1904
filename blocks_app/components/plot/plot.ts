/** Plot: a figure of matplotlib, Plotly, Altair or Bokeh. What draws it comes with the first one. See plot.py. */
import { GrElement, define, html, icon, nothing, t } from "blocks";
import { onTheme } from "blocks/foreign";
import type { Drawing, Drawn, Figure } from "./drawing";
import "./plot.css";

/** What draws figures of each library: a module each. */
const DRAWERS: Record<string, () => Promise<{ draw: Drawing }>> = {
  plotly: () => import("./plotly"),
  altair: () => import("./altair"),
  bokeh: () => import("./bokeh"),
};

export class GrPlot extends GrElement<Figure | null> {
  override defaultLabel = "Plot";
  /** Sentence in place of a figure that cannot be drawn. */
  private problem = "";
  /** The figure that is drawn now. */
  private shown: Drawn | null = null;
  private sizes: ResizeObserver | null = null;
  private width = 0;
  private drawn: Figure | null = null;
  private endTheme: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.endTheme = onTheme(() => void this.draw(true));
    this.sizes = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => this.fit());
    if (this.hasUpdated) void this.draw(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.endTheme?.();
    this.sizes?.disconnect();
    this.wipe();
  }

  private fit(): void {
    const width = this.holder?.clientWidth ?? 0;
    if (width && width !== this.width) this.shown?.fit?.();
    this.width = width;
  }

  private wipe(): void {
    this.shown?.erase();
    this.shown = this.drawn = null;
  }

  private get holder(): HTMLElement | null {
    return this.querySelector(".plot-library");
  }

  override updated(): void {
    const place = this.querySelector(".plot-holder");
    if (place) this.sizes?.observe(place);
    if (this.value !== this.drawn) void this.draw(false);
  }

  /** Draws the figure of now; an older one that is still being loaded is given up. */
  private async draw(again: boolean): Promise<void> {
    const figure = this.value;
    const load = figure && DRAWERS[figure.type];
    if (!figure || !load) return this.wipe();
    const before = this.drawn;
    this.drawn = figure;
    try {
      const { draw } = await load();
      const holder = this.holder;
      if (this.value !== figure || !holder || !this.isConnected) return;
      if (again || before?.type !== figure.type) this.shown?.erase();
      this.width = holder.clientWidth;
      this.shown = await draw(holder, figure.plot, this.props);
      this.tell("");
    } catch (error) {
      if (this.value === figure) this.tell(error instanceof Error ? error.message : String(error));
    }
  }

  private tell(problem: string): void {
    if (problem === this.problem) return;
    this.problem = problem;
    this.requestUpdate();
  }

  private renderFigure(figure: Figure) {
    if (figure.type === "matplotlib")
      return html`<div class="matplotlib" data-testid="matplotlib">
        ${
          /^data:image\//.test(figure.plot)
            ? html`<img src=${figure.plot} alt=${this.label} decoding="async" />`
            : nothing
        }
      </div>`;
    return html`<div data-testid=${figure.type} role="group" aria-label=${this.label}>
      <div class="plot-library"></div>
    </div>`;
  }

  override render() {
    const figure = this.value;
    return html`${this.renderButtons()}${this.renderBlockLabel(icon("chart-line"))}${
      figure
        ? html`<div class="plot-holder" tabindex="0" role="region" aria-label=${this.label}>
            ${this.problem ? html`<p class="plot-problem" role="alert">${this.problem}</p>` : nothing}
            ${this.renderFigure(figure)}
          </div>`
        : html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("chart-line")}</div>`
    }`;
  }
}

define("gr-plot", GrPlot);
