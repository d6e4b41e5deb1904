/** Checkbox: yes or no. See checkbox.py. */
import { GrElement, define, html, live } from "blocks";
import "./checkbox.css";

export class GrCheckbox extends GrElement<boolean> {
  override defaultLabel = "Checkbox";

  override connectedCallback(): void {
    this.value ??= false;
    super.connectedCallback();
  }

  override receive(value: boolean | null): void {
    super.receive(!!value);
  }

  private choose(value: boolean): void {
    this.act(value, ["select", { index: 0, value, selected: value }], "change", "input");
  }

  /** Space is the browser's own; Enter ticks as well. */
  private onKeydown = (event: KeyboardEvent): void => {
    if (event.key != "Enter") return;
    event.preventDefault();
    this.choose(!this.value);
  };

  override render() {
    const hidden = this.props.show_label === false ? "sr-only" : "";
    return html`${this.renderButtons()}<label class="checkbox-row ${this.interactive ? "" : "disabled"}"
        ><input
          id=${this.inputId}
          type="checkbox"
          data-testid="checkbox"
          aria-describedby=${this.describedBy}
          .checked=${live(!!this.value)}
          ?disabled=${!this.interactive}
          @change=${(event: Event) => this.choose((event.target as HTMLInputElement).checked)}
          @keydown=${this.onKeydown}
        /><span class=${hidden}>${this.label}</span></label
      >${this.renderInfo()}`;
  }
}

define("gr-checkbox", GrCheckbox);
