/** Timer: ticks while the page is open. See timer.py. */
import { GrElement, define, nothing } from "blocks";

/** Milliseconds, a bit less than 25 days: browsers take a longer time for none at all. */
const LONGEST = 2 ** 31 - 1;

export class GrTimer extends GrElement<number | null> {
  static override hostless = true;

  /** Seconds between ticks as it runs now; 0 when it stands. */
  private pace = 0;
  private interval = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.run(0);
  }

  protected override updated(): void {
    this.run(this.isConnected && this.props.active !== false ? (this.value ?? 0) : 0);
  }

  private run(pace: number): void {
    if (pace === this.pace) return;
    this.pace = pace;
    clearInterval(this.interval);
    if (pace > 0) this.interval = window.setInterval(() => this.emit("tick"), Math.min(pace * 1000, LONGEST));
  }

  override render() {
    return nothing;
  }
}

define("gr-timer", GrTimer);
