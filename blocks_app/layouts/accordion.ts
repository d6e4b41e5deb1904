import { GrContainer, define, html, icon, type PropertyValues } from "blocks";
import "./accordion.css";

export class GrAccordion extends GrContainer {
  static override framed = true;

  /** Whether the content is shown; `props.open` says it, changed by an update or a click. */
  private open = true;

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("props")) return;
    const open = this.props.open !== false;
    if (this.hasUpdated) this.unfold(open);
    else this.open = open;
  }

  override updated(): void {
    this.classList.add("accordion");
    this.body.className = "column";
    this.body.id = `${this.domId}-content`;
    this.body.hidden = !this.open;
    this.fit();
  }

  private readonly toggle = (): void => {
    this.props = { ...this.props, open: !this.open };
  };

  private unfold(open: boolean): void {
    if (open === this.open) return;
    this.open = open;
    this.emit(open ? "expand" : "collapse");
  }

  override render(): unknown {
    return html`<button
      type="button"
      class="label-wrap ${this.open ? "open" : ""}"
      aria-expanded=${this.open}
      aria-controls=${`${this.domId}-content`}
      @click=${this.toggle}
    >
      <span>${this.label}</span><span class="icon">${icon("chevron-down")}</span>
    </button>`;
  }
}

define("gr-accordion", GrAccordion);
