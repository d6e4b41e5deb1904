/** Layouts of several pages of which one is shown. Their pages load none of it unless they have one. */
import { GrContainer, type PropertyValues } from "blocks";

/** One page; the host is the panel. Its button is drawn by the layout around it. */
export class GrPage extends GrContainer {
  static override flat = true;

  /** How `selected` calls this page. */
  get key(): number | string {
    return this.props.id ?? `tab-${this.blockId}`;
  }

  get buttonId(): string {
    return `${this.domId}-button`;
  }

  /** Whether the visitor may choose it. */
  get offered(): boolean {
    return this.present && this.props.interactive !== false;
  }

  /** Whether it has a button. */
  get present(): boolean {
    return this.props.visible !== false && this.props.visible !== "hidden";
  }

  /** Says what the panel is, once it is drawn. */
  protected takeRole(): void {
    this.setAttribute("role", "tabpanel");
    this.setAttribute("aria-labelledby", this.buttonId);
  }
}

/** Shows the page that `selected` names or the visitor chose. */
export class GrPages<P extends GrPage = GrPage> extends GrContainer {
  /** The page that is shown; `props.selected` follows it. */
  protected shown?: P;
  /** Key of the page that `selected` asks for, as long as it is not offered. */
  private wished?: number | string;
  /** The last `selected` that was heeded. */
  private asked?: number | string;
  /** Whether the keyboard was in what is shown no more. */
  private lost = false;

  get pages(): P[] {
    return this.blocks as unknown as P[];
  }

  get current(): P | undefined {
    return this.shown;
  }

  /** The page that `selected` asks for; else the one that is shown, while it is offered; else the first that is. */
  override willUpdate(changed: PropertyValues): void {
    const { selected } = this.props;
    if (changed.has("props") && selected !== this.asked) this.wished = this.asked = selected ?? undefined;
    const offered = this.pages.filter((page) => page.offered);
    const wished = offered.find((page) => page === this.named(this.wished));
    if (wished) this.wished = undefined;
    const stays = offered.find((page) => page === this.shown);
    this.show(wished ?? stays ?? offered[0], this.hasUpdated ? "update" : "start");
  }

  /** What all of them do once they are drawn: the other pages are hidden, the keyboard stays. */
  protected settle(): void {
    for (const page of this.pages) page.classList.toggle("hide", page !== this.shown);
    if (this.lost) this.button(this.shown)?.focus({ preventScroll: true });
    this.lost = false;
  }

  /** Shows a page and tells about it, unless it is the one shown. */
  protected show(page: P | undefined, cause: "start" | "update" | "visitor"): void {
    const before = this.shown;
    if (cause === "visitor") this.wished = undefined;
    if (page === before) return;
    this.lost = cause === "update" && this.holdsFocus(before);
    this.shown = page;
    // An update to the page that was shown before the visitor left it must count as a change.
    if (cause === "visitor" || this.wished === undefined) {
      this.asked = page?.key;
      this.props = { ...this.props, selected: this.asked };
    }
    this.requestUpdate();
    if (!page || cause === "start") return;
    const index = this.pages.indexOf(page);
    const data = { value: page.label, index, id: page.props.id ?? index, component_id: page.blockId };
    this.emit("change");
    if (cause === "visitor") this.emit("select", data);
    page.emit("select", data);
  }

  /** A page by its `id`; without one by its number. */
  private named(key: number | string | undefined): P | undefined {
    return (
      this.pages.find((page) => page.key === key) ??
      this.pages.find((page, index) => page.props.id == null && index === key)
    );
  }

  /** Whether the keyboard is in a page, or on its button: it must not be lost with it. */
  private holdsFocus(page: P | undefined): boolean {
    const active = document.activeElement;
    return !!active && !!page && (page.contains(active) || active.id === page.buttonId);
  }

  protected button(page: P | undefined): HTMLElement | null {
    return page ? this.querySelector<HTMLElement>(`#${CSS.escape(page.buttonId)}`) : null;
  }
}
