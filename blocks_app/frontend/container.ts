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

  /** The child blocks in order, hidden ones included. */
  get blocks(): GrElement[] {
    return [...this.body.children] as GrElement[];
  }

  protected override createRenderRoot(): HTMLElement {
    const mark = this.body === this ? document.createComment("") : this.body;
    this.prepend(mark);
    this.renderOptions.renderBefore = mark;
    return this;
  }

  override render(): unknown {
    return undefined;
  }
}
