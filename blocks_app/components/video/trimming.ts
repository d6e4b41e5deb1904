/** Cutting a film: two handles on one line, by mouse, finger and keyboard. Loaded when somebody wants to cut. */
import { GrElement, define, html, property, state, t } from "blocks";

/** Properties: `length` (seconds), `cut`, `show` (called with the second that is chosen), `done` (with the part or null). */
export class GrTrim extends GrElement<null> {
  @property({ attribute: false }) length = 0;
  @property({ attribute: false }) cut: [number, number] | null = null;
  @property({ attribute: false }) show: (second: number) => void = () => undefined;
  @property({ attribute: false }) done: (part: [number, number] | null) => void = () => undefined;
  @state() private chosen: [number, number] = [0, 0];

  override connectedCallback(): void {
    super.connectedCallback();
    this.chosen = this.cut ?? [0, this.length];
  }

  /** A tenth of a second at least stays between the two. */
  private move(which: 0 | 1, event: Event): void {
    const input = event.target as HTMLInputElement;
    const [start, end] = this.chosen;
    const least = Math.min(0.1, this.length);
    const second = which
      ? Math.max(input.valueAsNumber, start + least)
      : Math.min(input.valueAsNumber, end - least);
    this.chosen = which ? [start, second] : [second, end];
    input.valueAsNumber = second;
    this.show(second);
  }

  private renderHandle(which: 0 | 1, name: string) {
    const second = this.chosen[which];
    return html`<input
      type="range"
      class="handle"
      min="0"
      max=${this.length}
      step="0.05"
      .value=${String(second)}
      aria-label=${name}
      aria-valuetext="${second.toFixed(1)} seconds"
      @input=${(event: Event) => this.move(which, event)}
    />`;
  }

  override render() {
    const [start, end] = this.chosen;
    const [left, right] = this.chosen.map((second) => (100 * second) / (this.length || 1));
    return html`<div class="line" role="group" aria-label=${t("Part of the video")}>
        <div class="chosen" style="inset-inline:${left}% ${100 - right}%"></div>
        ${this.renderHandle(0, t("Start of the cut"))}${this.renderHandle(1, t("End of the cut"))}
      </div>
      <div class="tools">
        <span class="range">${start.toFixed(1)} – ${end.toFixed(1)} s</span>
        <button type="button" class="secondary sm" @click=${() => this.done(this.cut)}>${t("Cancel")}</button>
        <button type="button" class="primary sm" @click=${() => this.done(this.chosen)}>${t("Trim")}</button>
      </div>`;
  }
}

define("gr-trim", GrTrim);
