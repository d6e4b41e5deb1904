import { GrContainer, define, html, icon, render, type GrElement, t } from "blocks";
import "./draggable.css";

/** The order is the visitor's own: the page keeps it, and no function is told. */
export class GrDraggable extends GrContainer {
  static override flat = true;

  /** The handle of each block, which stands before it. */
  private readonly grips = new Map<GrElement, HTMLElement>();
  /** What is being dragged, and the order before that. */
  private dragged: { block: GrElement; before: GrElement[] } | null = null;
  /** What is read aloud after a move. */
  private told = "";

  /** What a block is called may be drawn later than the block. */
  private readonly content = new MutationObserver(() => this.name());

  private get across(): boolean {
    return this.props.orientation === "row";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.content.observe(this, { childList: true, subtree: true, characterData: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.content.disconnect();
  }

  override updated(): void {
    this.classList.add("draggable");
    this.classList.toggle("across", this.across);
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", t("Blocks that can be put in another order"));
    const blocks = this.blocks;
    for (const [block, grip] of this.grips)
      if (!blocks.includes(block)) {
        grip.remove();
        this.grips.delete(block);
      }
    for (const block of blocks) {
      const grip = this.grips.get(block) ?? this.gripFor(block);
      grip.classList.toggle("hide", block.classList.contains("hide"));
      if (grip.nextElementSibling !== block) this.insertBefore(grip, block);
    }
    this.name();
  }

  /** Says at each handle what it moves. */
  private name(): void {
    this.blocks.forEach((block, place, { length }) =>
      this.grips
        .get(block)
        ?.setAttribute("aria-label", t("Move {0}, {1} of {2}", nameOf(block), place + 1, length)),
    );
  }

  private gripFor(block: GrElement): HTMLElement {
    const grip = Object.assign(document.createElement("button"), {
      type: "button",
      className: "drag-grip",
      title: t("Drag it, or press the arrow keys"),
      onpointerdown: (event: PointerEvent) => this.take(block, event),
      onkeydown: (event: KeyboardEvent) => this.onKey(block, event),
    });
    render(icon("grip-vertical"), grip);
    this.grips.set(block, grip);
    return grip;
  }

  private take(block: GrElement, event: PointerEvent): void {
    if (event.button) return;
    const grip = this.grips.get(block)!;
    grip.setPointerCapture?.(event.pointerId);
    this.dragged = { block, before: this.blocks };
    block.classList.add("dragging");
    grip.onpointermove = (moved) => this.drag(moved);
    grip.onpointerup = () => this.drop();
    grip.onpointercancel = () => this.giveUp();
  }

  /** Past the middle of a neighbour the two change their places. */
  private drag(event: PointerEvent): void {
    const { block } = this.dragged!;
    const shown = this.shown;
    const place = shown.indexOf(block);
    const inLine = getComputedStyle(this).display === "flex"; // a narrow window has them below each other
    const mirrored = inLine && getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const pointer = mirrored * (inLine ? event.clientX : event.clientY);
    const middle = (each: GrElement) => {
      const { left, width, top, height } = each.getBoundingClientRect();
      return mirrored * (inLine ? left + width / 2 : top + height / 2);
    };
    const [previous, next] = [shown[place - 1], shown[place + 1]];
    if (previous && pointer < middle(previous)) this.move(block, -1);
    else if (next && pointer > middle(next)) this.move(block, 1);
  }

  private drop(): void {
    const { block } = this.dragged ?? {};
    this.dragged = null;
    if (!block) return;
    block.classList.remove("dragging");
    Object.assign(this.grips.get(block)!, { onpointermove: null, onpointerup: null, onpointercancel: null });
  }

  /** The order is again as it was before the drag. */
  private giveUp(): void {
    const before = this.dragged?.before ?? [];
    this.drop();
    before.forEach((block) => [this.grips.get(block)!, block].forEach((each) => this.append(each)));
    this.requestUpdate();
  }

  private get shown(): GrElement[] {
    return this.blocks.filter((block) => !block.classList.contains("hide"));
  }

  /** Moves a block by one place: its neighbour goes round it, so that what is held or has the focus stays. */
  private move(block: GrElement, by: 1 | -1): void {
    const shown = this.shown;
    const place = shown.indexOf(block);
    const other = shown[place + by];
    if (!other) return;
    const goal = by === 1 ? this.grips.get(block)! : block.nextSibling;
    for (const each of [this.grips.get(other)!, other]) placeAt(this, each, goal);
    this.told = t("{0}: place {1} of {2}", nameOf(block), place + by + 1, shown.length);
    this.requestUpdate();
  }

  private onKey(block: GrElement, event: KeyboardEvent): void {
    if (event.key === "Escape" && this.dragged) return this.giveUp();
    const forth = getComputedStyle(this).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const steps: Record<string, 1 | -1> = {
      ArrowLeft: -1,
      ArrowRight: -1,
      ArrowUp: -1,
      ArrowDown: 1,
      [forth]: 1,
    };
    const by = steps[event.key];
    if (!by) return;
    event.preventDefault();
    this.move(block, by);
  }

  override render(): unknown {
    return html`<p class="sr-only" role="status">${this.told}</p>`;
  }
}

/** Puts a node elsewhere; where the browser can, without loading anew what is in it. */
function placeAt(parent: Element, node: Element, before: Node | null): void {
  const able = parent as Element & { moveBefore?: (node: Element, before: Node | null) => void };
  if (able.moveBefore) able.moveBefore(node, before);
  else parent.insertBefore(node, before);
}

function nameOf(block: GrElement): string {
  const inner = block.querySelector(".block-title, .block-label, h1, h2, h3, button:not(.icon-button)");
  return block.label || inner?.textContent?.trim().slice(0, 60) || "block";
}

define("gr-draggable", GrDraggable);
