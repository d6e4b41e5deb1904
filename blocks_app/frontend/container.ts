/** GrContainer: the base of every layout. The page puts the children into `body`; render() draws before it. */
import { GrElement } from "./element";

export class GrContainer<T = any> extends GrElement<T> {
  static override framed = false;
  /** True when the children live in the host itself, so that css such as `#my-row > *` finds them (Row, Column). */
  static flat = false;

  /** Where the children live. Exists from construction on, connected with the element. */
  readonly body: HTMLElement = (this.constructor as typeof GrContainer).flat
    ? this
    : document.createElement("div");

  /** The child blocks in order, hidden ones included; no status overlay. */
  get blocks(): GrElement[] {
    return [...this.body.children].filter((child): child is GrElement => "blockId" in child);
  }

  protected override createRenderRoot(): HTMLElement {
    const mark = this.body === this ? document.createComment("") : this.body;
    this.prepend(mark);
    this.renderOptions.renderBefore = mark;
    return this;
  }

  /** Gives the body the `height`, `max_height` and `min_height` of the options; what does not fit scrolls. */
  protected fit(): void {
    const length = (value: unknown): string => (typeof value === "number" ? `${value}px` : `${value ?? ""}`);
    const { height, max_height, min_height } = this.props;
    const { style } = this.body;
    style.height = length(height);
    style.maxHeight = length(max_height);
    style.minHeight = length(min_height);
    style.overflowY = height != null || max_height != null ? "auto" : "";
  }

  override render(): unknown {
    return undefined;
  }
}
