/** GrContainer: the base of every layout. The page puts the children into `body`; render() draws before it. */
import { GrElement } from "./element";

export class GrContainer<T = any> extends GrElement<T> {
  /** Where the children live. Exists from construction on, connected with the element. */
  readonly body: HTMLElement = document.createElement("div");

  /** The child blocks in order, hidden ones included. */
  get blocks(): GrElement[] {
    return [...this.body.children] as GrElement[];
  }

  protected override createRenderRoot(): HTMLElement {
    this.renderOptions.renderBefore = this.appendChild(this.body);
    return this;
  }

  override render(): unknown {
    return undefined;
  }
}
