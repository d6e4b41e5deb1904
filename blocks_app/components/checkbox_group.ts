/** CheckboxGroup: several of a few choices. See checkbox_group.py. */
import { GrElement, define, html, live, nothing, t } from "blocks";
import "./choices.css";

type Value = string | number;

export class GrCheckboxGroup extends GrElement<Value[]> {
  override defaultLabel = "Checkbox Group";

  override connectedCallback(): void {
    this.value ??= [];
    super.connectedCallback();
  }

  override receive(value: Value[] | null): void {
    super.receive(value ?? []);
  }

  private get choices(): [string, Value][] {
    return (this.props.choices ?? []).map((choice: unknown) =>
      Array.isArray(choice) ? choice : [String(choice), choice],
    );
  }

  private choose(index: number, value: Value, selected: boolean): void {
    const chosen = selected ? [...this.value, value] : this.value.filter((other) => other !== value);
    // "input" before "change" here, as programs written for Gradio expect
    this.act(chosen, ["select", { index, value, selected }], "input", "change");
  }

  private onKeydown = (event: KeyboardEvent): void => {
    if (event.key != "Enter") return;
    event.preventDefault();
    (event.target as HTMLElement).click();
  };

  private renderSelectAll(choices: [string, Value][]) {
    const count = choices.filter(([, value]) => this.value.includes(value)).length;
    const all = count > 0 && count == choices.length;
    return html`<label class="select-all"
      ><input
        type="checkbox"
        .checked=${live(all)}
        .indeterminate=${live(count > 0 && !all)}
        ?disabled=${!this.interactive}
        @change=${() => this.act(all ? [] : choices.map(([, value]) => value), "input", "change")}
        @keydown=${this.onKeydown}
      /><span>${t("Select all")}</span></label
    >`;
  }

  override render() {
    const { choices, interactive } = this;
    return html`${this.renderButtons()}${this.renderLabel()}${this.renderInfo()}${
        this.props.show_select_all ? this.renderSelectAll(choices) : nothing
      }
      <div
        class="wrap"
        role="group"
        data-testid="checkbox-group"
        aria-labelledby=${this.labelId}
        aria-describedby=${this.describedBy}
      >
        ${choices.map(([name, value], index) => {
          const checked = this.value.includes(value);
          return html`<label class="choice ${checked ? "selected" : ""} ${interactive ? "" : "disabled"}"
            ><input
              type="checkbox"
              name=${name}
              .checked=${live(checked)}
              ?disabled=${!interactive}
              @change=${(event: Event) =>
                this.choose(index, value, (event.target as HTMLInputElement).checked)}
              @keydown=${this.onKeydown}
            /><span>${name}</span></label
          >`;
        })}
      </div>`;
  }
}

define("gr-checkboxgroup", GrCheckboxGroup);
