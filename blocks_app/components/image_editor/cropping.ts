/** The frame of what will be cut out: dragged by its inside, edges and corners, or moved with the arrow keys. */
import { html, styleMap, t } from "blocks";
import type { Area } from "./picture";
import type { Size, View } from "./view";

/** Which sides move: -1 the left or upper one, 1 the other one, 0 none; both 0 moves the whole frame. */
export type Grip = readonly [x: -1 | 0 | 1, y: -1 | 0 | 1];

const GRIPS: [Grip, string][] = [
  [[-1, -1], t("upper left corner")],
  [[0, -1], t("upper edge")],
  [[1, -1], t("upper right corner")],
  [[1, 0], t("right edge")],
  [[1, 1], t("lower right corner")],
  [[0, 1], t("lower edge")],
  [[-1, 1], t("lower left corner")],
  [[-1, 0], t("left edge")],
];

/** Width by height of what may be cut out; null for any. */
export function ratioOf(shape: string | [number, number] | null | undefined): number | null {
  if (!shape) return null;
  const [width, height] = typeof shape === "string" ? shape.split(":").map(Number) : shape;
  return width / height || null;
}

/** The largest frame of the shape, in the middle. */
export function whole({ width, height }: Size, ratio: number | null): Area {
  const [wide, high] = ratio
    ? [Math.min(width, height * ratio), Math.min(height, width / ratio)]
    : [width, height];
  return within(
    { x: (width - wide) / 2, y: (height - high) / 2, width: wide, height: high },
    { width, height },
  );
}

/** The frame after a grip has been moved by so many pixels; it keeps its shape and stays in the picture. */
export function dragged(
  area: Area,
  [gx, gy]: Grip,
  dx: number,
  dy: number,
  size: Size,
  ratio: number | null,
): Area {
  if (!gx && !gy) {
    const x = Math.max(0, Math.min(size.width - area.width, area.x + dx));
    const y = Math.max(0, Math.min(size.height - area.height, area.y + dy));
    return within({ ...area, x, y }, size);
  }
  const [right, bottom] = [area.x + area.width, area.y + area.height];
  const roomX = gx < 0 ? right : size.width - area.x;
  const roomY = gy < 0 ? bottom : size.height - area.y;
  let width = Math.max(1, Math.min(roomX, area.width + gx * dx));
  let height = Math.max(1, Math.min(roomY, area.height + gy * dy));
  if (ratio) {
    if (gx && (!gy || width / height > ratio)) height = width / ratio;
    else width = height * ratio;
    const shrink = Math.min(1, roomX / width, roomY / height);
    [width, height] = [width * shrink, height * shrink];
  }
  return within(
    { x: gx < 0 ? right - width : area.x, y: gy < 0 ? bottom - height : area.y, width, height },
    size,
  );
}

/** Whole pixels, at least one each way, inside the picture. */
export function within(area: Area, { width, height }: Size): Area {
  const wide = Math.max(1, Math.min(width, Math.round(area.width) || 1));
  const high = Math.max(1, Math.min(height, Math.round(area.height) || 1));
  return {
    x: Math.max(0, Math.min(width - wide, Math.round(area.x) || 0)),
    y: Math.max(0, Math.min(height - high, Math.round(area.y) || 0)),
    width: wide,
    height: high,
  };
}

/** The frame with numbers that were typed: a corner gives way to the size, then the size to the picture and its shape. */
export function typed(area: Area, part: Partial<Area>, size: Size, ratio: number | null): Area {
  const next = { ...area, ...part };
  const { x, y } = within({ ...next, width: 1, height: 1 }, size);
  const given = part.width || part.height;
  let { width, height } = next;
  if (ratio && given) [width, height] = part.height ? [height * ratio, height] : [width, width / ratio];
  const [roomX, roomY] = given ? [size.width, size.height] : [size.width - x, size.height - y];
  if (ratio) {
    const shrink = Math.min(1, roomX / width, roomY / height);
    [width, height] = [width * shrink, height * shrink];
  }
  return within({ x, y, width: Math.min(width, roomX), height: Math.min(height, roomY) }, size);
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface Cropping {
  area: Area;
  size: Size;
  view: View;
  ratio: number | null;
  change(area: Area): void;
  apply(): void;
  cancel(): void;
}

export function renderFrame(cropping: Cropping) {
  const { area, view, size, ratio, change } = cropping;
  const place = {
    left: `${view.x + area.x * view.scale}px`,
    top: `${view.y + area.y * view.scale}px`,
    width: `${area.width * view.scale}px`,
    height: `${area.height * view.scale}px`,
  };
  const drag = (grip: Grip) => (event: PointerEvent) => {
    if (event.button) return;
    event.stopPropagation();
    const held = event.currentTarget as HTMLElement;
    const [x, y, before] = [event.clientX, event.clientY, area];
    held.setPointerCapture(event.pointerId);
    held.onpointermove = (move) =>
      change(
        dragged(before, grip, (move.clientX - x) / view.scale, (move.clientY - y) / view.scale, size, ratio),
      );
    held.onpointerup = held.onpointercancel = () => (held.onpointermove = null);
  };
  const press = (grip: Grip) => (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (event.key === "Enter") cropping.apply();
    else if (event.key === "Escape") cropping.cancel();
    else if (!arrow) return;
    else {
      const by = event.shiftKey ? 10 : 1;
      change(dragged(area, grip, arrow[0] * by, arrow[1] * by, size, ratio));
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<div class="crop-frame" style=${styleMap(place)}>
    <button
      type="button"
      class="crop-inside"
      aria-label=${t("Move the frame")}
      title=${t("Move the frame")}
      @pointerdown=${drag([0, 0])}
      @keydown=${press([0, 0])}
    ></button>
    ${GRIPS.map(
      ([grip, name]) =>
        html`<button
          type="button"
          class="crop-grip"
          data-grip=${grip.join()}
          aria-label=${t("Move the {0}", name)}
          title=${t("Move the {0}", name)}
          @pointerdown=${drag(grip)}
          @keydown=${press(grip)}
        ></button>`,
    )}
  </div>`;
}
