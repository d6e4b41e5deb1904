/** Two handles over the drawing of a sound: what lies between them is kept. By pointer and by keyboard. */
import { GrElement, define, html, property, t } from "blocks";
import { clock } from "./pcm";

/** Seconds that an arrow key moves a handle; ten times as many with Shift. */
const STEP = 0.1;

/** Properties: `duration`; `from` and `to` in seconds. Tells by the event "trim", whose detail is [from, to]. */
export class GrAudioTrimming extends GrElement<null> {
  @property({ attribute: false }) duration = 0;
  @property({ attribute: false }) from = 0;
  @property({ attribute: false }) to = 0;

  private set(which: "from" | "to", seconds: number): void {
    if (which === "from") this.from = Math.max(0, Math.min(seconds, this.to - STEP));
    else this.to = Math.min(this.duration, Math.max(seconds, this.from + STEP));
    this.dispatchEvent(new CustomEvent("trim", { detail: [this.from, this.to] }));
  }

  private onKey(event: KeyboardEvent, which: "from" | "to"): void {
    const step = event.shiftKey ? STEP * 10 : STEP;
    const places: Record<string, number> = {
      ArrowLeft: this[which] - step,
      ArrowDown: this[which] - step,
      ArrowRight: this[which] + step,
      ArrowUp: this[which] + step,
      Home: which === "from" ? 0 : this.from + STEP,
      End: which === "to" ? this.duration : this.to - STEP,
    };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.set(which, Math.round(places[event.key] * 1000) / 1000);
  }

  private onDrag(event: PointerEvent, which: "from" | "to"): void {
    const handle = event.currentTarget as HTMLElement;
    if (event.type === "pointerdown") handle.setPointerCapture(event.pointerId);
    if (!event.buttons) return;
    const { left, width } = this.getBoundingClientRect();
    this.set(which, ((event.clientX - left) / width) * this.duration);
  }

  private renderHandle(which: "from" | "to", name: string) {
    const place = `left:${(this[which] / this.duration) * 100}%`;
    return html`<span
      class="handle"
      role="slider"
      tabindex="0"
      aria-label=${name}
      aria-valuemin="0"
      aria-valuemax=${this.duration}
      aria-valuenow=${this[which]}
      aria-valuetext=${`${clock(this[which])}, ${this[which].toFixed(1)} seconds`}
      style=${place}
      @keydown=${(event: KeyboardEvent) => this.onKey(event, which)}
      @pointerdown=${(event: PointerEvent) => this.onDrag(event, which)}
      @pointermove=${(event: PointerEvent) => this.onDrag(event, which)}
    ></span>`;
  }

  override render() {
    const share = (seconds: number) => (seconds / this.duration) * 100;
    const region = `left:${share(this.from)}%;width:${share(this.to - this.from)}%`;
    return html`<span class="region" style=${region}></span>
      ${this.renderHandle("from", t("Start of the selection"))}
      ${this.renderHandle("to", t("End of the selection"))}`;
  }
}

define("gr-audio-trimming", GrAudioTrimming);
