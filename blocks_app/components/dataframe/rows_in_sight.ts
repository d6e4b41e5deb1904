/** Which part of the table is in sight, kept in numbers: while it scrolls, nothing is asked of the layout. */
import { RowHeights } from "blocks/heights";
import { ScrollScale } from "./scroll_scale";

/** Height of a row of one line, and of the headers, as in dataframe.css. */
export const ROW = 34;
/** What is taken for the height of a table that is not laid out yet. */
const UNSEEN = 500;
/** Rows that are drawn beyond what is in sight. */
const AROUND = 6;
/** Milliseconds without a step after which scrolling is over. */
const REST = 150;

/** What follows from scrolling and sizes. */
export interface Onlooker {
  /** Another part is in sight. */
  moved(): void;
  /** Rows stand elsewhere, the same ones still. */
  shifted(): void;
  /** Scrolling has come to a rest. */
  rested(): void;
}

export class RowsInSight {
  /** How far it is scrolled sideways, and how wide it is in sight. */
  left = 0;
  width = 0;
  /** Whether rows are of any height. */
  isHigh = false;
  heights = new RowHeights(0, ROW);
  private readonly scale = new ScrollScale();
  private height = UNSEEN;
  private scroller: HTMLElement | null = null;
  private order: unknown = null;
  private rest = 0;
  private readonly sizes = new ResizeObserver(() => this.resized());
  private readonly rows = new ResizeObserver((entries) => this.measured(entries));

  constructor(private readonly onlooker: Onlooker) {}

  /** Before each drawing. Rows of which one `isHigh` may be of any height; another `order` makes other rows of them. */
  update(count: number, isHigh: boolean, order: unknown): void {
    if (count !== this.heights.count || isHigh !== this.isHigh || (isHigh && order !== this.order))
      this.heights = new RowHeights(count, ROW);
    this.isHigh = isHigh;
    this.order = order;
    this.scale.resize(this.heights.total, this.view);
  }

  /** After each drawing. */
  attach(scroller: HTMLElement | null): void {
    if (scroller === this.scroller) return;
    this.disconnect();
    this.scroller = scroller;
    if (!scroller) return;
    scroller.addEventListener("scroll", this.onScroll, { passive: true });
    this.sizes.observe(scroller);
  }

  disconnect(): void {
    clearTimeout(this.rest);
    this.scroller?.removeEventListener("scroll", this.onScroll);
    this.scroller = null;
    this.sizes.disconnect();
    this.rows.disconnect();
  }

  /** Measures a row that is drawn now, and whenever its height changes, where rows are of any height. */
  watch(row: HTMLElement): void {
    this.rows.unobserve(row);
    if (this.isHigh) this.rows.observe(row);
  }

  forget(row: HTMLElement): void {
    this.rows.unobserve(row);
  }

  /** Height of the rows below the headers. */
  private get view(): number {
    return Math.max(0, this.height - ROW);
  }

  /** The first row to draw, and the one after the last. */
  get range(): [first: number, end: number] {
    const { count } = this.heights;
    if (!count) return [0, 0];
    const { at } = this.scale;
    const first = this.heights.at(at) - AROUND;
    const fit = Math.ceil(this.view / ROW) + 1; // always as many, so that no node comes or goes
    const last = this.isHigh ? this.heights.at(at + this.view) : first + AROUND + fit;
    return [Math.max(0, first), Math.min(count, last + AROUND + 1)];
  }

  /** Height of all rows as the page has it. */
  get total(): number {
    return this.scale.height;
  }

  /** Where a row stands below the headers. */
  top(row: number): number {
    return this.heights.start(row) + this.scale.shift;
  }

  /** How many rows fit in sight. */
  get page(): number {
    return Math.max(1, Math.floor(this.view / ROW) - 1);
  }

  /** Scrolls as little as brings a row into sight. */
  scrollTo(row: number): void {
    if (row < 0 || !this.heights.count) return;
    const start = this.heights.start(row);
    const end = this.heights.start(row + 1);
    const { at } = this.scale;
    if (start < at) this.go(start);
    else if (end > at + this.view) this.go(Math.min(start, end - this.view));
  }

  /** Scrolls sideways as little as brings a part into sight beside what is pinned. */
  scrollAside(start: number, end: number, pinned: number): void {
    let to = this.left;
    if (end > to + this.width) to = end - this.width;
    if (start - pinned < to) to = start - pinned;
    if (to === this.left || !this.scroller) return;
    this.left = Math.max(0, to);
    this.scroller.scrollLeft = getComputedStyle(this.scroller).direction === "rtl" ? -this.left : this.left;
  }

  private go(at: number): void {
    const bar = this.scale.go(at);
    if (this.scroller) this.scroller.scrollTop = bar;
  }

  private readonly onScroll = (): void => {
    const { scrollTop, scrollLeft } = this.scroller!;
    this.left = Math.abs(scrollLeft);
    this.scale.scrolled(scrollTop);
    this.onlooker.moved();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.atRest(), REST) as unknown as number;
  };

  private atRest(): void {
    if (!this.scroller) return;
    const bar = this.scale.settle();
    if (Math.abs(this.scroller.scrollTop - bar) > 1) {
      this.scroller.scrollTop = bar;
      this.onlooker.moved();
    }
    this.onlooker.rested();
  }

  private resized(): void {
    const { clientHeight, clientWidth } = this.scroller!;
    if (clientHeight === this.height && clientWidth === this.width) return;
    this.height = clientHeight || UNSEEN; // in a closed tab it has none
    this.width = clientWidth;
    this.scale.resize(this.heights.total, this.view);
    this.onlooker.moved();
  }

  private measured(entries: ResizeObserverEntry[]): void {
    const first = this.heights.at(this.scale.at);
    let above = 0;
    let all = 0;
    for (const { target, borderBoxSize } of entries) {
      const row = Number((target as HTMLElement).dataset.index);
      const height = borderBoxSize[0].blockSize;
      const change = height && this.isHigh ? this.heights.set(row, height) : 0;
      if (row < first) above += change;
      all += Math.abs(change);
    }
    if (!all) return;
    this.scale.resize(this.heights.total, this.view);
    if (above) this.go(this.scale.at + above);
    this.onlooker.shifted();
    requestAnimationFrame(() => this.onlooker.moved()); // what is drawn here would be measured too late
  }
}
