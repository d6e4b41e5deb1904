/** A canvas in memory, as much of one as the image editor needs: happy-dom has none. Shapes have no soft edges. */
import { vi } from "vitest";

type Shape = { holds: (x: number, y: number) => boolean; box: number[] };
interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** Pixels that were read from canvases so far. */
export const read = { pixels: 0 };

const NAMED: Record<string, string> = { red: "#ff0000", black: "#000000" };

class Pen {
  #fillStyle = "#000000";
  globalAlpha = 1;
  globalCompositeOperation = "source-over";
  imageSmoothingQuality = "low";
  #shapes: Shape[] = [];
  #polygon: [number, number][] = [];
  #clip: (x: number, y: number) => boolean = () => true;
  #saved: [string, number, string, (x: number, y: number) => boolean][] = [];

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly data = new Uint8ClampedArray(canvas.width * canvas.height * 4),
  ) {}

  get fillStyle(): string {
    return this.#fillStyle;
  }

  set fillStyle(text: string) {
    const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(text)?.slice(1);
    const hex = parts?.map((part) => Number(part).toString(16).padStart(2, "0")).join("");
    this.#fillStyle = hex ? `#${hex}` : (NAMED[text] ?? text.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3"));
  }

  save(): void {
    this.#saved.push([this.fillStyle, this.globalAlpha, this.globalCompositeOperation, this.#clip]);
  }

  restore(): void {
    [this.fillStyle, this.globalAlpha, this.globalCompositeOperation, this.#clip] = this.#saved.pop()!;
  }

  beginPath(): void {
    this.#shapes = [];
    this.#polygon = [];
  }

  arc(x: number, y: number, radius: number): void {
    const holds = (px: number, py: number): boolean => Math.hypot(px - x, py - y) <= radius;
    this.#shapes.push({ holds, box: [x - radius, y - radius, x + radius, y + radius] });
  }

  rect(x: number, y: number, width: number, height: number): void {
    const holds = (px: number, py: number): boolean =>
      px >= x && py >= y && px < x + width && py < y + height;
    this.#shapes.push({ holds, box: [x, y, x + width, y + height] });
  }

  moveTo(x: number, y: number): void {
    this.#polygon = [[x, y]];
  }

  lineTo(x: number, y: number): void {
    this.#polygon.push([x, y]);
  }

  closePath(): void {
    const corners = this.#polygon;
    const holds = (px: number, py: number): boolean =>
      corners.every(([x, y], at) => {
        const [nextX, nextY] = corners[(at + 1) % corners.length];
        return (nextX - x) * (py - y) - (nextY - y) * (px - x) >= 0;
      });
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    this.#shapes.push({ holds, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] });
  }

  clip(): void {
    const shapes = this.#shapes;
    this.#clip = (x, y) => shapes.some(({ holds }) => holds(x, y));
  }

  fill(): void {
    const shapes = this.#shapes;
    const side = (at: number, pick: (...all: number[]) => number): number =>
      pick(...shapes.map(({ box }) => box[at]));
    const left = Math.max(0, Math.floor(side(0, Math.min)));
    const top = Math.max(0, Math.floor(side(1, Math.min)));
    const right = Math.min(this.canvas.width, Math.ceil(side(2, Math.max)));
    const bottom = Math.min(this.canvas.height, Math.ceil(side(3, Math.max)));
    this.#paint(left, top, right - left, bottom - top, (x, y) => shapes.some(({ holds }) => holds(x, y)));
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#paint(x, y, width, height, () => true);
  }

  getImageData(x: number, y: number, width: number, height: number): Pixels {
    read.pixels += width * height;
    const data = new Uint8ClampedArray(width * height * 4);
    for (let row = 0; row < height; row += 1) {
      const from = ((y + row) * this.canvas.width + x) * 4;
      data.set(this.data.subarray(from, from + width * 4), row * width * 4);
    }
    return { width, height, data };
  }

  putImageData({ width, data }: Pixels, x: number, y: number, ...dirty: number[]): void {
    const [left, top, wide, high] = dirty.length ? dirty : [0, 0, width, data.length / width / 4];
    for (let row = top; row < top + high; row += 1) {
      const from = (row * width + left) * 4;
      this.data.set(data.subarray(from, from + wide * 4), ((y + row) * this.canvas.width + x + left) * 4);
    }
  }

  drawImage(image: HTMLCanvasElement | Pixels, ...places: number[]): void {
    const source = "getContext" in image ? (image.getContext("2d") as unknown as Pen) : image;
    const size = image as { width: number; height: number };
    const [sx, sy, sw, sh] = places.length > 4 ? places : [0, 0, size.width, size.height];
    const [x, y, w = sw, h = sh] = places.length > 4 ? places.slice(4) : places;
    for (let row = Math.max(0, Math.round(y)); row < Math.min(this.canvas.height, y + h); row += 1)
      for (
        let column = Math.max(0, Math.round(x));
        column < Math.min(this.canvas.width, x + w);
        column += 1
      ) {
        const from =
          (Math.floor(sy + ((row - y) * sh) / h) * size.width + Math.floor(sx + ((column - x) * sw) / w)) * 4;
        this.#over(column, row, [...source.data.subarray(from, from + 4)], 1);
      }
  }

  #paint(
    x: number,
    y: number,
    width: number,
    height: number,
    inside: (x: number, y: number) => boolean,
  ): void {
    const color = /^#(..)(..)(..)$/.exec(this.fillStyle)!;
    const pixel = [...color.slice(1).map((part) => parseInt(part, 16)), 255];
    for (let row = y; row < y + height; row += 1)
      for (let column = x; column < x + width; column += 1)
        if (inside(column + 0.5, row + 0.5) && this.#clip(column + 0.5, row + 0.5))
          this.#over(column, row, pixel, this.globalAlpha);
  }

  #over(x: number, y: number, pixel: number[], opacity: number): void {
    const at = (y * this.canvas.width + x) * 4;
    const alpha = (pixel[3] / 255) * opacity;
    const below = this.data[at + 3] / 255;
    if (this.globalCompositeOperation === "destination-out") {
      this.data[at + 3] *= 1 - alpha;
      return;
    }
    const whole = alpha + below * (1 - alpha);
    for (const part of [0, 1, 2])
      this.data[at + part] = whole
        ? (pixel[part] * alpha + this.data[at + part] * below * (1 - alpha)) / whole
        : 0;
    this.data[at + 3] = whole * 255;
  }
}

const pens = new WeakMap<HTMLCanvasElement, Pen>();

/** Gives every canvas its pixels, and files that hold them. */
export function canvases(): void {
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (this: HTMLCanvasElement) {
    if (!pens.has(this)) pens.set(this, new Pen(this));
    return pens.get(this) as never;
  });
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation(function (
    this: HTMLCanvasElement,
    done: BlobCallback,
  ) {
    const { data } = this.getContext("2d") as unknown as Pen;
    done(new Blob([JSON.stringify([this.width, this.height, [...data]])], { type: "image/png" }));
  });
  vi.stubGlobal("createImageBitmap", async (blob: Blob): Promise<Pixels> => {
    const [width, height, data] = JSON.parse(await blob.text()) as [number, number, number[]];
    return { width, height, data: Uint8ClampedArray.from(data) };
  });
}

/** A file with a picture of one colour. */
export function file(width: number, height: number, pixel: number[], type = "image/png"): File {
  const data = Array.from({ length: width * height }, () => pixel).flat();
  return new File([JSON.stringify([width, height, data])], "picture.png", { type });
}

/** Red, green, blue and opacity of a pixel. */
export function pixel(canvas: HTMLCanvasElement, x: number, y: number): number[] {
  const { data } = canvas.getContext("2d") as unknown as Pen;
  const at = (y * canvas.width + x) * 4;
  return [...data.subarray(at, at + 4)];
}
