/** Number: one number, typed. See number.py. */
import { GrElement, define, html, nothing, typed, type PropertyValues } from "blocks";

export class GrNumber extends GrElement<number | null> {
  static override typed = true;
  override defaultLabel = "Number";

  get control(): HTMLInputElement {
    return this.querySelector("input")!;
  }

  /** Without a value it starts at 0, or empty when there is a placeholder to be seen. */
  override connectedCallback(): void {
    if (!this.hasUpdated && this.props.placeholder == null) this.value ??= 0;
    super.connectedCallback();
  }

  /** Written here and not in the template: a half-typed "1." must not be replaced by its value. */
  protected override updated(changed: PropertyValues): void {
    const { control, value } = this;
    if (changed.has("value") && typed(control) !== value) control.value = value == null ? "" : String(value);
  }

  private onInput = (): void => {
    const value = typed(this.control);
    if (value !== undefined) this.userInput(value);
  };

  private onKeydown = (event: KeyboardEvent): void => {
    if (event.key != "Enter" || !this.interactive) return;
    event.preventDefault();
    this.emit("submit");
  };

  override render() {
    const { minimum, maximum, step = 1, placeholder, precision } = this.props;
    return this.frame(
      html`<input
        id=${this.inputId}
        data-testid="number-input"
        type="number"
        inputmode=${precision === 0 && minimum >= 0 ? "numeric" : nothing}
        min=${minimum ?? nothing}
        max=${maximum ?? nothing}
        step=${step}
        placeholder=${placeholder ?? nothing}
        aria-describedby=${this.describedBy}
        ?readonly=${!this.interactive}
        @input=${this.onInput}
        @keydown=${this.onKeydown}
        @focus=${() => this.interactive && this.emit("focus")}
        @blur=${() => this.interactive && this.emit("blur")}
      />`,
    );
  }
}

define("gr-number", GrNumber);
