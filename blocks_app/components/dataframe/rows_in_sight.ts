/** Which rows are drawn: those in sight and a few around them, however many there are. */
import {
  Virtualizer,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
} from "@tanstack/virtual-core";

/** Height of a row of one line, as in dataframe.css. */
export const ROW = 34;
/** What is taken for the height of a table that is not laid out yet. */
const UNSEEN = 500;

export class RowsInSight {
  private readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  private detach?: () => void;
  private scroller: HTMLElement | null = null;
  private count = 0;
  private measured = false;
  private head = 0;

  constructor(private readonly redraw: () => void) {
    this.virtualizer = new Virtualizer(this.options());
  }

  private options() {
    return {
      count: this.count,
      getScrollElement: () => this.scroller,
      estimateSize: () => ROW,
      /** A row in a closed tab has no height, which says nothing of it. */
      measureElement: (row: HTMLElement) => row.offsetHeight || ROW,
      overscan: 6,
      scrollPaddingStart: this.head,
      scrollToFn: elementScroll,
      observeElementOffset,
      observeElementRect: (
        instance: Virtualizer<HTMLElement, HTMLElement>,
        told: (rect: { width: number; height: number }) => void,
      ) =>
        observeElementRect(instance, (rect) =>
          told(rect.height ? rect : { width: rect.width, height: UNSEEN }),
        ),
      initialRect: { width: 0, height: UNSEEN },
      onChange: () => this.redraw(),
    };
  }

  /** Before each drawing. With `measured`, rows may be of any height. */
  update(count: number, measured: boolean): void {
    if (count !== this.count || measured !== this.measured) {
      this.count = count;
      this.measured = measured;
      this.virtualizer.setOptions(this.options());
      this.virtualizer.measure();
    }
  }

  /** After each drawing. */
  drawn(scroller: HTMLElement | null): void {
    this.scroller = scroller;
    this.head = scroller?.querySelector<HTMLElement>("thead")?.offsetHeight ?? 0;
    this.virtualizer.setOptions(this.options());
    this.detach ??= this.virtualizer._didMount();
    this.virtualizer._willUpdate();
    if (this.measured) this.measure();
  }

  /** Looks how high the rows are that are drawn. */
  measure(): void {
    for (const row of this.scroller?.querySelectorAll<HTMLElement>("tbody > tr[data-index]") ?? [])
      this.virtualizer.measureElement(row);
  }

  disconnect(): void {
    this.detach?.();
    this.detach = undefined;
    this.scroller = null;
  }

  /** The rows to draw, and the heights of what is left out above and below them. */
  get span(): { rows: VirtualItem[]; above: number; below: number } {
    const rows = this.virtualizer.getVirtualItems();
    const last = rows.at(-1);
    return {
      rows,
      above: rows[0]?.start ?? 0,
      below: last ? Math.max(0, this.virtualizer.getTotalSize() - last.end) : 0,
    };
  }

  /** How many rows fit in sight. */
  get page(): number {
    return Math.max(1, Math.floor(((this.scroller?.clientHeight || UNSEEN) - this.head) / ROW) - 1);
  }

  scrollTo(row: number): void {
    if (this.count) this.virtualizer.scrollToIndex(Math.max(0, row), { align: "auto" });
  }
}
