/**
 * Where a table stands that is higher than browsers let an element be. Its scrollbar then stands for more pixels than it
 * has: small steps go as far as they say, larger ones (somebody drags the bar) as far as they mean in the whole. Near
 * both ends the two are the same, so that the first and the last row are reached by any wheel.
 */

/** Browsers end at 17 million pixels and more; whole numbers of pixels are exact up to here. */
export const HIGHEST = 15_000_000;
/** Pixels at both ends that are never scaled. */
const EDGE = 200_000;
/** The longest step that a wheel or a finger makes at once. */
const STEP = 6_000;

export class ScrollScale {
  /** How far the rows have been scrolled. */
  at = 0;
  /** The same as the scrollbar says it. */
  private bar = 0;
  private total = 0;
  private view = 0;

  /** The height of the rows as the page has it. */
  get height(): number {
    return Math.min(this.total, HIGHEST);
  }

  private get isScaled(): boolean {
    return this.total > HIGHEST;
  }

  private get end(): number {
    return Math.max(0, this.total - this.view);
  }

  private get barEnd(): number {
    return Math.max(0, this.height - this.view);
  }

  /** By how much the rows stand further down in the page than in the table. */
  get shift(): number {
    return this.bar - this.at;
  }

  resize(total: number, view: number): void {
    this.total = total;
    this.view = view;
    this.at = Math.min(this.at, this.end);
    if (!this.isScaled) this.bar = this.at;
  }

  /** The scrollbar has moved. */
  scrolled(bar: number): void {
    const step = bar - this.bar;
    this.bar = bar;
    if (!this.isScaled) this.at = bar;
    else if (step) this.at = Math.abs(step) <= STEP ? this.clip(this.at + step) : this.placeOf(bar);
  }

  /** Goes to a place; where the scrollbar is to stand for it. */
  go(at: number): number {
    this.at = this.clip(at);
    return this.settle();
  }

  /** Where the scrollbar is to stand for the place that small steps have led to. */
  settle(): number {
    this.bar = this.isScaled ? this.barOf(this.at) : this.at;
    return this.bar;
  }

  private clip(at: number): number {
    return Math.max(0, Math.min(this.end, at));
  }

  private placeOf(bar: number): number {
    if (bar <= EDGE) return Math.max(0, bar);
    if (bar >= this.barEnd - EDGE) return this.clip(this.end - (this.barEnd - bar));
    return EDGE + (bar - EDGE) * ((this.end - 2 * EDGE) / (this.barEnd - 2 * EDGE));
  }

  private barOf(at: number): number {
    if (at <= EDGE) return at;
    if (at >= this.end - EDGE) return this.barEnd - (this.end - at);
    return Math.round(EDGE + (at - EDGE) * ((this.barEnd - 2 * EDGE) / (this.end - 2 * EDGE)));
  }
}
