import { GrContainer, define, html, icon, nothing, type PropertyValues, t } from "blocks";
import "./sidebar.css";

/** Below this width of the window the panel lies over the page. */
const NARROW = "(max-width: 767px)";

export class GrSidebar extends GrContainer {
  /** Whether the panel is open; `props.open` says it, changed by an update or a click. */
  private open = true;
  /** What the page around it was told to leave free. */
  private page: HTMLElement | null = null;

  private get side(): "left" | "right" {
    return this.props.position === "right" ? "right" : "left";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.page = this.closest(".gradio-container");
    this.page?.classList.add("beside-sidebar");
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.page?.style.removeProperty(`--sidebar-${this.side}`);
    if (!this.page?.querySelector("gr-sidebar"))
      this.page?.classList.remove("beside-sidebar", "sidebar-moves");
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("props")) return;
    const open = this.props.open !== false;
    if (this.hasUpdated) this.unfold(open);
    else this.open = open && !matchMedia(NARROW).matches;
  }

  override updated(): void {
    const { width = 320 } = this.props;
    const wide = typeof width === "number" ? `${width}px` : width;
    const shown = this.props.visible !== false && this.props.visible !== "hidden";
    this.classList.add("sidebar");
    this.classList.toggle("open", this.open);
    this.classList.toggle("right", this.side === "right");
    this.style.setProperty("--sidebar-width", wide);
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", this.label || t("Sidebar"));
    this.body.className = "sidebar-content column";
    this.body.id = `${this.domId}-content`;
    this.body.inert = !this.open;
    const free = !shown ? "" : this.open ? wide : "2.75rem";
    this.page?.style.setProperty(`--sidebar-${this.side}`, free);
  }

  private readonly toggle = (): void => {
    this.props = { ...this.props, open: !this.open };
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented || !this.open || !matchMedia(NARROW).matches) return;
    this.toggle();
    this.querySelector<HTMLElement>(".toggle-button")!.focus();
  };

  protected override createRenderRoot(): HTMLElement {
    this.addEventListener("keydown", this.onKey);
    return super.createRenderRoot();
  }

  private unfold(open: boolean): void {
    if (open === this.open) return;
    this.open = open;
    this.page?.classList.add("sidebar-moves");
    this.emit(open ? "expand" : "collapse");
  }

  override render(): unknown {
    const mark = this.open ? icon("panel-left-close") : icon("panel-left-open");
    const text = this.label || "sidebar";
    return html`${this.open ? html`<div class="sidebar-backdrop" @click=${this.toggle}></div>` : nothing}
      <button
        type="button"
        class="toggle-button"
        aria-expanded=${this.open}
        aria-controls=${`${this.domId}-content`}
        aria-label=${this.open ? t("Close {0}", text) : t("Open {0}", text)}
        title=${this.open ? t("Close {0}", text) : t("Open {0}", text)}
        @click=${this.toggle}
      >
        ${mark}
      </button>`;
  }
}

define("gr-sidebar", GrSidebar);
