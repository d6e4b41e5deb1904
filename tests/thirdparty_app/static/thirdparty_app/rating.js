// Rating: a row of radio buttons that look like stars. Plain JavaScript, loaded as it is.
import { GrElement, define, html } from "blocks";

export class GrRating extends GrElement {
  defaultLabel = "Rating";

  choose(number) {
    this.userInput(number);
    this.emit("select", { index: number - 1, value: number });
  }

  star(number) {
    return html`<label class="star">
      <input
        type="radio"
        name=${this.inputId}
        aria-label="${number} of ${this.props.stars}"
        .checked=${this.value === number}
        ?disabled=${!this.interactive}
        @change=${() => this.choose(number)}
      />
      ${number <= (this.value ?? 0) ? "★" : "☆"}
    </label>`;
  }

  render() {
    const numbers = Array.from({ length: this.props.stars }, (_, i) => i + 1);
    return this.wrap(
      html`${this.renderLabel()}${this.renderInfo()}
        <div role="radiogroup" aria-labelledby=${this.labelId}>${numbers.map((number) => this.star(number))}</div>`,
    );
  }
}

define("gr-rating", GrRating);
