/**
 * What hand and keyboard do on the stage: strokes with mouse, finger and pen, two fingers to zoom and move, and a cursor
 * for those who draw with the arrow keys.
 */
import { t } from "blocks";
import type { Picture } from "./picture";
import type { Ink } from "./strokes";
import { moved, zoomed, type Size, type View } from "./view";

/** What pointing needs of the editor. */
export interface Pad {
  readonly picture: Picture;
  readonly stage: HTMLElement;
  readonly room: Size;
  view: View;
  /** What draws now; null while no tool that draws is chosen. */
  readonly ink: Ink | null;
  /** Radius of brush or eraser, in pixels of the picture. */
  readonly radius: number;
  readonly pans: boolean;
  /** Shows where the brush is, in pixels of the picture; null nowhere. */
  mark(at: { x: number; y: number } | null): void;
  /** A stroke has been drawn. */
  drawn(): void;
  clicked(x: number, y: number): void;
  speak(text: string): void;
}

interface Finger {
  x: number;
  y: number;
}

/** A pen without pressure still leaves a trace. */
const LIGHTEST = 0.2;
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export class Pointing {
  #fingers = new Map<number, Finger>();
  /** The pointer that draws or moves the picture. */
  #busy: { id: number; pans: boolean } | null = null;
  /** Where the keyboard's pen is. */
  #cursor: { x: number; y: number } | null = null;

  constructor(private readonly pad: Pad) {}

  down = (event: PointerEvent): void => {
    const { pad } = this;
    if (event.button > 1 || (event.target as Element).closest("button")) return;
    pad.stage.focus({ preventScroll: true });
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (this.#fingers.size > 1) return this.#stop(false); // it is no stroke but a gesture of two fingers
    const pans = pad.pans || event.button === 1;
    if (!pans && !pad.ink) return;
    event.preventDefault();
    pad.stage.setPointerCapture?.(event.pointerId);
    if (pans) this.#busy = { id: event.pointerId, pans };
    else if (!this.#begin()) return;
    else {
      this.#busy = { id: event.pointerId, pans };
      this.#draw(event);
    }
  };

  move = (event: PointerEvent): void => {
    const { pad } = this;
    const before = this.#fingers.get(event.pointerId);
    if (before && event.pointerType === "mouse" && !event.buttons)
      return void this.#fingers.delete(event.pointerId); // let go outside
    if (before) this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (event.pointerType !== "touch") pad.mark(this.#place(event));
    if (before && this.#fingers.size === 2) return this.#pinch(event.pointerId, before);
    if (this.#busy?.id !== event.pointerId) return;
    if (this.#busy.pans && before)
      pad.view = moved(
        pad.view,
        event.clientX - before.x,
        event.clientY - before.y,
        pad.picture.state,
        pad.room,
      );
    else {
      const between = event.getCoalescedEvents?.() ?? [];
      for (const each of between.length ? between : [event]) this.#draw(each);
    }
  };

  up = (event: PointerEvent): void => {
    const clicked = this.#fingers.size === 1 && !this.#busy && event.type === "pointerup";
    const known = this.#fingers.delete(event.pointerId);
    if (this.#busy?.id === event.pointerId) this.#stop(event.type === "pointerup");
    if (!known || !clicked || this.pad.ink) return;
    const { x, y } = this.#place(event);
    this.pad.clicked(Math.floor(x), Math.floor(y));
  };

  leave = (): void => this.pad.mark(null);

  /** The wheel zooms with Ctrl, which is also what touchpads say of two fingers; alone it belongs to the page. */
  wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 200), event);
  };

  zoom(by: number, at?: { clientX: number; clientY: number }): void {
    const { pad } = this;
    const { left, top } = pad.stage.getBoundingClientRect();
    const point = at
      ? { x: at.clientX - left, y: at.clientY - top }
      : { x: pad.room.width / 2, y: pad.room.height / 2 };
    pad.view = zoomed(pad.view, by, point, pad.picture.state, pad.room);
  }

  /** Arrow keys move the pen, the space bar puts it down and lifts it. Whether the key meant something. */
  key(event: KeyboardEvent): boolean {
    const { pad } = this;
    const { width, height } = pad.picture.state;
    const arrow = ARROWS[event.key];
    if (event.key === " ") {
      if (!pad.ink) return false;
      if (pad.picture.drawing) return (this.#stop(true), pad.speak(t("Pen up")), true);
      this.#cursor ??= { x: width / 2, y: height / 2 };
      if (!this.#begin()) return true;
      this.#keyed();
      pad.speak(t("Pen down at {0}, {1}", Math.round(this.#cursor.x), Math.round(this.#cursor.y)));
      return true;
    }
    if (!arrow) return false;
    if (pad.pans) {
      pad.view = moved(pad.view, -40 * arrow[0], -40 * arrow[1], pad.picture.state, pad.room);
      return true;
    }
    if (!pad.ink) return false;
    const step = Math.max(1, Math.round(pad.radius)) * (event.shiftKey ? 10 : 1);
    const { x, y } = this.#cursor ?? { x: width / 2, y: height / 2 };
    this.#cursor = {
      x: Math.max(0, Math.min(width, x + step * arrow[0])),
      y: Math.max(0, Math.min(height, y + step * arrow[1])),
    };
    if (pad.picture.drawing) this.#keyed();
    pad.mark(this.#cursor);
    return true;
  }

  /** Nothing is under way any more; a stroke stays if `keep`. */
  rest(keep: boolean): void {
    this.#fingers.clear();
    this.#stop(keep);
  }

  #begin(): boolean {
    if (this.pad.picture.begin(this.pad.ink!)) return true;
    this.pad.speak(t("This layer is hidden. Show it to draw on it."));
    return false;
  }

  #keyed(): void {
    this.pad.picture.draw(this.#cursor!.x, this.#cursor!.y, this.pad.radius);
  }

  #draw(event: PointerEvent): void {
    const { x, y } = this.#place(event);
    const pressed = event.pointerType === "pen" && event.pressure > 0;
    const share = pressed ? LIGHTEST + (1 - LIGHTEST) * event.pressure : 1;
    this.pad.picture.draw(x, y, this.pad.radius * share);
  }

  #stop(keep: boolean): void {
    const drew = this.pad.picture.drawing;
    this.#busy = null;
    if (drew && this.pad.picture.end(keep)) this.pad.drawn();
  }

  #pinch(moving: number, before: Finger): void {
    const { pad } = this;
    const now = this.#fingers.get(moving)!;
    const other = [...this.#fingers].find(([id]) => id !== moving)![1];
    const apart = (finger: Finger): number => Math.hypot(finger.x - other.x, finger.y - other.y) || 1;
    const { left, top } = pad.stage.getBoundingClientRect();
    const middle = { x: (before.x + other.x) / 2 - left, y: (before.y + other.y) / 2 - top };
    const view = zoomed(pad.view, apart(now) / apart(before), middle, pad.picture.state, pad.room);
    pad.view = moved(view, (now.x - before.x) / 2, (now.y - before.y) / 2, pad.picture.state, pad.room);
  }

  /** The pixel of the picture under a pointer. */
  #place({ clientX, clientY }: { clientX: number; clientY: number }): { x: number; y: number } {
    const { left, top } = this.pad.stage.getBoundingClientRect();
    const { x, y, scale } = this.pad.view;
    return { x: (clientX - left - x) / scale, y: (clientY - top - y) / scale };
  }
}
