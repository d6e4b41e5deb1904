/**
 * A stroke of brush or eraser. It is drawn segment by segment, and only the tiles under a segment are read before, so
 * that a stroke on a large picture costs what it covers and can be taken back.
 */
import type { Step } from "./history";
import type { Sheet } from "./sheets";

export const TILE = 256;

export interface Ink {
  /** A css colour without transparency. */
  color: string;
  /** From 0 to 1; a stroke is evenly opaque, also where it crosses itself. */
  opacity: number;
  erases: boolean;
}

/** Where the pen is, and how wide it draws there. */
export interface Dot {
  x: number;
  y: number;
  radius: number;
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Segment {
  from: Dot;
  to: Dot;
  box: Box;
}

export class Stroke implements Step {
  /** What was under it, by the number of a tile. */
  #tiles = new Map<number, ImageData>();
  #segments: Segment[] = [];
  #last: Dot | null = null;

  constructor(
    readonly sheet: Sheet,
    private readonly ink: Ink,
  ) {}

  get bytes(): number {
    return this.#tiles.size * TILE * TILE * 4;
  }

  /** Draws on to here. */
  to(dot: Dot): void {
    const { canvas, pen } = this.sheet;
    const from = this.#last ?? dot;
    this.#last = dot;
    const box = boxOf(from, dot, canvas);
    if (box.left >= box.right || box.top >= box.bottom) return;
    const segment = { from, to: dot, box };
    this.#segments.push(segment);
    this.#keep(box);
    pen.save();
    pen.globalCompositeOperation = this.ink.erases ? "destination-out" : "source-over";
    pen.fillStyle = this.ink.erases ? "#000" : this.ink.color;
    if (this.ink.erases || this.ink.opacity >= 1) fill(pen, [segment]);
    else this.#blend(pen, box);
    pen.restore();
    this.sheet.touch();
  }

  /** Takes it back, or does it again. */
  swap(): void {
    const { pen } = this.sheet;
    for (const [tile, before] of this.#tiles) {
      const [x, y] = this.#placeOf(tile);
      this.#tiles.set(tile, pen.getImageData(x, y, before.width, before.height));
      pen.putImageData(before, x, y);
    }
    this.sheet.touch();
  }

  /** All segments that reach into the box, as one shape over what was there. */
  #blend(pen: CanvasRenderingContext2D, box: Box): void {
    for (const tile of this.#under(box)) {
      const [x, y] = this.#placeOf(tile);
      const [left, top] = [Math.max(box.left - x, 0), Math.max(box.top - y, 0)];
      const [right, bottom] = [Math.min(box.right - x, TILE), Math.min(box.bottom - y, TILE)];
      pen.putImageData(this.#tiles.get(tile)!, x, y, left, top, right - left, bottom - top);
    }
    pen.beginPath();
    pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
    pen.clip();
    pen.globalAlpha = this.ink.opacity;
    fill(
      pen,
      this.#segments.filter((each) => meet(each.box, box)),
    );
  }

  #keep(box: Box): void {
    const { canvas, pen } = this.sheet;
    for (const tile of this.#under(box)) {
      if (this.#tiles.has(tile)) continue;
      const [x, y] = this.#placeOf(tile);
      const [width, height] = [Math.min(TILE, canvas.width - x), Math.min(TILE, canvas.height - y)];
      this.#tiles.set(tile, pen.getImageData(x, y, width, height));
    }
  }

  get #across(): number {
    return Math.ceil(this.sheet.canvas.width / TILE);
  }

  #placeOf(tile: number): [x: number, y: number] {
    return [(tile % this.#across) * TILE, Math.floor(tile / this.#across) * TILE];
  }

  *#under(box: Box): Iterable<number> {
    for (let row = Math.floor(box.top / TILE); row * TILE < box.bottom; row += 1)
      for (let column = Math.floor(box.left / TILE); column * TILE < box.right; column += 1)
        yield row * this.#across + column;
  }
}

function meet(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/** The pixels that a segment may change. */
function boxOf(from: Dot, to: Dot, canvas: HTMLCanvasElement): Box {
  return {
    left: Math.max(0, Math.floor(Math.min(from.x - from.radius, to.x - to.radius)) - 1),
    top: Math.max(0, Math.floor(Math.min(from.y - from.radius, to.y - to.radius)) - 1),
    right: Math.min(canvas.width, Math.ceil(Math.max(from.x + from.radius, to.x + to.radius)) + 1),
    bottom: Math.min(canvas.height, Math.ceil(Math.max(from.y + from.radius, to.y + to.radius)) + 1),
  };
}

/** One shape of all segments: circles at their ends and what lies between, all in one direction, so that none cancels. */
function fill(pen: CanvasRenderingContext2D, segments: Segment[]): void {
  pen.beginPath();
  for (const { from, to } of segments) {
    for (const { x, y, radius } of from === to ? [to] : [from, to]) {
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 2 * Math.PI);
    }
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (!length) continue;
    const [across, along] = [(to.y - from.y) / length, (from.x - to.x) / length];
    pen.moveTo(from.x + across * from.radius, from.y + along * from.radius);
    pen.lineTo(to.x + across * to.radius, to.y + along * to.radius);
    pen.lineTo(to.x - across * to.radius, to.y - along * to.radius);
    pen.lineTo(from.x - across * from.radius, from.y - along * from.radius);
    pen.closePath();
  }
  pen.fill();
}
