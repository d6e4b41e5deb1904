/** What looks like a gr.Button and is none: `import { GrPressable } from "blocks/pressing"`. See button.py. */
import { GrElement, fileUrl, html, nothing } from "blocks";

export class GrPressable<T = unknown> extends GrElement<T> {
  static override hostless = true;

  protected get off(): boolean {
    return this.props.interactive === false;
  }

  protected get classes(): string {
    const { size, variant, visible } = this.props;
    const hidden = visible === false || visible === "hidden" ? "hide" : "";
    return [size ?? "lg", variant ?? "secondary", hidden, this.elemClasses].join(" ").trim();
  }

  /** Its picture and a text: the label unless something else is to be said. */
  protected renderFace(text: unknown = this.label) {
    const picture = fileUrl(this.props.icon);
    return html`${picture ? html`<img class="button-icon" src=${picture} alt="" />` : nothing}${text}`;
  }
}
