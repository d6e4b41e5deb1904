/** Slider: a number within a range, dragged or typed. See slider.py. */
import { GrElement, define, html, icon, live, same, typed, type PropertyValues, t } from "blocks";
import "./slider.css";

export class GrSlider extends GrElement<number> {
  override defaultLabel = "Slider";
  private initial = 0;
  /** A drag has just ended; a key is down; the value has changed since it went down. */
  private lifted = false;
  private pressed = false;
  private moved = false;

  override connectedCallback(): void {
    this.value ??= this.minimum;
    if (!this.hasUpdated) this.initial = this.value;
    super.connectedCallback();
  }

  override receive(value: number | null): void {
    super.receive(value ?? this.minimum);
  }

  /** Written here and not in the template: a half-typed number must not be replaced by the value. */
  protected override updated(changed: PropertyValues): void {
    const { numberBox, value } = this;
    if (changed.has("value") && !same(typed(numberBox), value)) numberBox.value = String(value ?? "");
  }

  private get minimum(): number {
    return this.props.minimum ?? 0;
  }

  private get maximum(): number {
    return this.props.maximum ?? 100;
  }

  private get numberBox(): HTMLInputElement {
    return this.querySelector("input[type=number]")!;
  }

  /** Half-typed numbers may be out of range; the server must not see them. */
  private onType = (): void => {
    const value = typed(this.numberBox);
    if (value != null && value >= this.minimum && value <= this.maximum) this.userInput(value);
  };

  private onLeaveBox = (): void => {
    const box = this.numberBox;
    const { minimum, maximum } = this;
    const wanted = typed(box) ?? this.value;
    const value = wanted < minimum ? minimum : wanted > maximum ? maximum : wanted;
    box.value = String(value);
    if (value !== this.value) this.userInput(value);
    this.release();
  };

  private release = (): void => {
    this.moved = false;
    this.emit("release", this.value);
  };

  /** Keys, and what moves a slider without any, end like a drag: a key that is held down ends when it is let go. */
  private onMoved = (): void => {
    if (!this.lifted && !this.pressed) return this.release();
    this.moved = this.pressed;
  };

  private onLift = (): void => {
    this.lifted = true;
    this.release();
    setTimeout(() => (this.lifted = false)); // the browser's own change event comes right after this one
  };

  private onKeyEnd = (): void => {
    this.pressed = false;
    if (this.moved) this.release();
  };

  private onReset = (): void => {
    this.userInput(this.initial);
    this.release();
  };

  private renderReset() {
    return html`<button
      type="button"
      class="icon-button reset-button"
      aria-label=${t("Reset to default value")}
      title=${t("Reset to default value")}
      @click=${this.onReset}
    >
      ${icon("rotate-ccw")}
    </button>`;
  }

  override render() {
    const { minimum, maximum, value, label } = this;
    const { step } = this.props;
    const part = maximum > minimum ? ((Number(value) - minimum) / (maximum - minimum)) * 100 : 0;
    return html`<div class="slider-head">
        ${this.renderLabel(this.inputId)}
        <div class="slider-value">
          <input
            type="number"
            data-testid="number-input"
            aria-label=${t("number input for {0}", label)}
            min=${minimum}
            max=${maximum}
            step=${step ?? "any"}
            ?disabled=${!this.interactive}
            @input=${this.onType}
            @blur=${this.onLeaveBox}
            @keydown=${(event: KeyboardEvent) => event.key == "Enter" && this.onLeaveBox()}
          />
          ${this.renderButtons({ reset: () => this.interactive && this.renderReset() })}
        </div>
      </div>
      ${this.renderInfo()}
      <div class="slider-track">
        <span aria-hidden="true">${minimum}</span>
        <input
          id=${this.inputId}
          type="range"
          aria-label=${t("range slider for {0}", label)}
          aria-describedby=${this.describedBy}
          min=${minimum}
          max=${maximum}
          step=${step ?? "any"}
          style="--part:${Math.min(Math.max(part, 0), 100)}%"
          .value=${live(String(value ?? minimum))}
          ?disabled=${!this.interactive}
          @input=${(event: Event) => this.userInput((event.target as HTMLInputElement).valueAsNumber)}
          @change=${this.onMoved}
          @pointerup=${this.onLift}
          @keydown=${() => (this.pressed = true)}
          @keyup=${this.onKeyEnd}
          @blur=${this.onKeyEnd}
        />
        <span aria-hidden="true">${maximum}</span>
      </div>`;
  }
}

define("gr-slider", GrSlider);
