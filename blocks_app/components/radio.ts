/** Radio: one of a few choices, all in sight. See radio.py. */
import { GrElement, define, html, live, nothing } from "blocks";
import "./choices.css";

type Value = string | number;

export class GrRadio extends GrElement<Value | null> {
  override defaultLabel = "Radio";

  private get choices(): [string, Value][] {
    return (this.props.choices ?? []).map((choice: unknown) =>
      Array.isArray(choice) ? choice : [String(choice), choice],
    );
  }

  private choose(value: Value, index: number): void {
    this.act(value, "change", ["select", { value, index }], "input");
  }

  override render() {
    const { choices, interactive } = this;
    return html`${this.renderButtons()}${this.renderLabel()}${this.renderInfo()}
      <div
        class="wrap"
        role="radiogroup"
        dir=${this.props.rtl ? "rtl" : nothing}
        aria-labelledby=${this.labelId}
        aria-describedby=${this.describedBy}
      >
        ${choices.map(([name, value], index) => {
          const checked = this.value === value;
          return html`<label
            class="choice ${checked ? "selected" : ""} ${interactive ? "" : "disabled"}"
            data-testid="${name}-radio-label"
            ><input
              type="radio"
              name="radio-${this.blockId}"
              value=${value}
              .checked=${live(checked)}
              ?disabled=${!interactive}
              @change=${() => this.choose(value, index)}
            /><span>${name}</span></label
          >`;
        })}
      </div>`;
  }
}

define("gr-radio", GrRadio);
