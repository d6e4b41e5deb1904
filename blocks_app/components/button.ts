/** Button: a native button, or a link that looks like one. The host is only a bracket around it. */
import { GrElement, define, fileUrl, html, ifDefined, nothing } from "blocks";
import "./button.css";

/** The address if a visitor may safely follow it, else nothing. */
export function safeLink(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  const { protocol } = URL.parse(address, document.baseURI) ?? {};
  return ["http:", "https:", "mailto:", "tel:"].includes(protocol ?? "") ? address : undefined;
}

export class GrButton extends GrElement<string> {
  static override hostless = true;

  #press = () => {
    if (this.props.interactive !== false) this.emit("click");
  };

  get #classes(): string {
    const { size, variant, visible } = this.props;
    const hidden = visible === false || visible === "hidden" ? "hide" : "";
    return [size ?? "lg", variant ?? "secondary", hidden, this.elemClasses].join(" ").trim();
  }

  #renderFace() {
    const picture = fileUrl(this.props.icon);
    return html`${picture ? html`<img class="button-icon" src=${picture} alt="" />` : nothing}${this.value}`;
  }

  #renderLink() {
    const target = this.props.link_target ?? "_blank";
    const off = this.props.interactive === false;
    return html`<a
      id=${this.domId}
      class=${this.#classes}
      style=${this.flexStyle}
      href=${ifDefined(off ? undefined : safeLink(this.props.link))}
      target=${target}
      rel="noopener noreferrer"
      aria-disabled=${off ? "true" : nothing}
      @click=${this.#press}
      >${this.#renderFace()}</a
    >`;
  }

  override render() {
    if (this.props.link) return this.#renderLink();
    return html`<button
      id=${this.domId}
      type="button"
      class=${this.#classes}
      style=${this.flexStyle}
      ?disabled=${this.props.interactive === false}
      @click=${this.#press}
    >
      ${this.#renderFace()}
    </button>`;
  }
}

define("gr-button", GrButton);
