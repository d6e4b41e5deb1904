/**
 * The part of a long list that is drawn: `import { ListWindow } from "blocks/list_window"`. What is above and below it is
 * two empty items of the right height, so that the scroll bar tells the truth. Short lists are drawn whole.
 */
import { html, type TemplateResult } from "blocks";
import { RowHeights } from "blocks/heights";

/** So many items are drawn whole, without looking at what is in sight. */
const SHORT = 150;
/** Items that are drawn above and below what is in sight. */
const AROUND = 12;
/** What is taken for the height of a list that is not laid out yet. */
const UNSEEN = 360;

export class ListWindow {
  /** The first item that is drawn, and the one after the last. */
  from = 0;
  to = 0;
  #heights = new RowHeights(0, 32);
  /** Whether the usual height of an item has been seen. */
  #known = false;
  #order: unknown = null;
  #top = 0;
  /** Whether it is another list, of which nothing has been scrolled away. */
  #fresh = false;
  #view = UNSEEN;

  /** Before each drawing: how many items there are; another `order` makes another list of them. */
  update(count: number, order: unknown): void {
    if (order !== this.#order || count !== this.#heights.count) {
      this.#heights = new RowHeights(count, this.#heights.usual);
      this.#top = 0;
      this.#fresh = true;
    }
    this.#order = order;
    this.#place();
  }

  /** Whether only a part is drawn, so that each item has to say where it stands. */
  get partial(): boolean {
    return this.#heights.count > SHORT;
  }

  /** How many items are in sight at once. */
  get page(): number {
    return Math.max(1, Math.floor(this.#view / this.#heights.usual) - 1);
  }

  /** Draws around an item, if it is not drawn: the caller scrolls to it then. */
  reveal(at: number): void {
    if (at < 0 || (at >= this.from && at < this.to)) return;
    this.#top = Math.max(0, this.#heights.start(at) - this.#view / 2);
    this.#place();
  }

  /** The list was scrolled; whether other items are to be drawn. */
  scrolled(list: HTMLElement): boolean {
    const { from, to } = this;
    this.#top = list.scrollTop;
    this.#place();
    return from !== this.from || to !== this.to;
  }

  /** After each drawing: learns how high the list and its items are; whether other items are to be drawn then. */
  measure(list: HTMLElement, items: ArrayLike<HTMLElement>): boolean {
    const { from, to } = this;
    if (this.#fresh) list.scrollTop = this.#top;
    this.#fresh = false;
    this.#view = list.clientHeight || UNSEEN;
    const heights = this.partial ? Array.from(items, (item) => item.offsetHeight) : [];
    if (!heights.some(Boolean)) return false; // short, or not laid out
    if (!this.#known) {
      const usual = [...heights].sort((one, other) => one - other)[heights.length >> 1]!;
      this.#heights = new RowHeights(this.#heights.count, usual);
      this.#known = true;
    }
    heights.forEach((height, i) => this.#heights.set(from + i, height));
    this.#place();
    return from !== this.from || to !== this.to;
  }

  /** What stands for the items above those that are drawn, and for those below. */
  above(): TemplateResult | null {
    return this.#gap(this.#heights.start(this.from));
  }

  below(): TemplateResult | null {
    return this.#gap(this.#heights.total - this.#heights.start(this.to));
  }

  #gap(height: number): TemplateResult | null {
    return height > 0 ? html`<li role="presentation" style="height:${height}px"></li>` : null;
  }

  #place(): void {
    const { count } = this.#heights;
    this.from = this.partial ? Math.max(0, this.#heights.at(this.#top) - AROUND) : 0;
    this.to = this.partial ? Math.min(count, this.#heights.at(this.#top + this.#view) + AROUND) : count;
  }
}

/** Opens a list that pops up below its field. Browsers without css anchors get the place once, in pixels. */
export function popUp(list: HTMLElement, field: Element): void {
  if (!globalThis.CSS?.supports?.("anchor-name", "--a")) {
    const { left, bottom, width } = field.getBoundingClientRect();
    Object.assign(list.style, { left: `${left}px`, top: `${bottom}px`, width: `${width}px` });
  }
  list.showPopover?.();
}
