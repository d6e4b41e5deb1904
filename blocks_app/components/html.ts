/** HTML: a piece of hand-written page. Scripts in it do not run. See html.py. */
import { GrElement, define, html, nothing, styleMap } from "blocks";
import "./html.css";

/** Pixels, or a length as css writes it. */
const length = (size: number | string | null | undefined) =>
  typeof size === "number" ? `${size}px` : (size ?? "");

/** What would change the whole page, not the place where it stands. */
const FOREIGN = "base, meta";

export class GrHtml extends GrElement<unknown> {
  private shown: unknown;

  private onClick = (): void => this.emit("click", {});
  private onDoubleClick = (): void => this.emit("double_click", {});

  private get place(): HTMLElement {
    return this.querySelector<HTMLElement>(".html-container")!;
  }

  protected override updated(): void {
    this.classList.toggle("padded", !!this.props.padding);
    if (this.value === this.shown) return; // an update of another option leaves what scripts did in it
    this.shown = this.value;
    const { place } = this;
    const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 100;
    const template = document.createElement("template");
    template.innerHTML = String(this.value ?? "");
    for (const element of template.content.querySelectorAll(FOREIGN)) element.remove();
    place.replaceChildren(template.content);
    if (this.props.autoscroll && atEnd) place.scrollTop = place.scrollHeight;
  }

  override render() {
    const { container, min_height, max_height } = this.props;
    const size = { minHeight: length(min_height), maxHeight: length(max_height) };
    return html`${this.renderButtons()}${container ? this.renderLabel() : nothing}
      <div
        class="prose html-container ${max_height ? "scrolls" : ""}"
        tabindex=${max_height ? "0" : nothing}
        style=${styleMap(size)}
        @click=${this.onClick}
        @dblclick=${this.onDoubleClick}
      ></div>`;
  }
}

define("gr-html", GrHtml);
