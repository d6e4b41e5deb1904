/** One canvas of a picture, with what is known of its content: the encoded file, and the file that the server has. */
import { t } from "blocks";
import type { FileData } from "blocks";

/** After so long the server may have swept a file. */
const STALE_MS = 60 * 60 * 1000;

const TOO_LARGE = t("The picture is too large for this browser.");

let changes = 0;

/** An empty canvas, or one of a colour. Its pixels are read often, tile by tile, so they stay in memory. */
export function blank(width: number, height: number, color?: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  if (color) {
    const pen = penOf(canvas);
    pen.fillStyle = color;
    pen.fillRect(0, 0, width, height);
  }
  return canvas;
}

/** Raises an Error for a canvas that is larger than the browser can draw on. */
export function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error(TOO_LARGE);
  return pen;
}

export class Sheet {
  /** Another number after each change; no two contents share one. */
  version = ++changes;
  #encoded: { version: number; blob: Promise<Blob> } | null = null;
  #known: { version: number; file: FileData; until: number } | null = null;

  constructor(readonly canvas: HTMLCanvasElement) {}

  get pen(): CanvasRenderingContext2D {
    return penOf(this.canvas);
  }

  /** Its content is another one now. */
  touch(): void {
    this.version = ++changes;
  }

  /** The content of now as a PNG, made once. */
  encoded(): Promise<Blob> {
    if (this.#encoded?.version === this.version) return this.#encoded.blob;
    const blob = new Promise<Blob>((done, fail) =>
      this.canvas.toBlob((made) => (made ? done(made) : fail(new Error(TOO_LARGE))), "image/png"),
    );
    this.#encoded = { version: this.version, blob };
    return blob;
  }

  /** The PNG that this sheet was read from. */
  isEncodedAs(blob: Blob): this {
    this.#encoded = { version: this.version, blob: Promise.resolve(blob) };
    return this;
  }

  /** The file by which the server knows the content of now. */
  get known(): FileData | null {
    const known = this.#known;
    return known && known.version === this.version && known.until > Date.now() ? known.file : null;
  }

  isKnownAs(file: FileData, version = this.version): this {
    this.#known = { version, file, until: Date.now() + STALE_MS };
    return this;
  }
}

/** What can be drawn on a canvas, with its size. */
export interface Source {
  image: CanvasImageSource;
  width: number;
  height: number;
}

/** Reads a picture from a file or an address. Colours stay as they are written, as a function on the server reads them. */
export async function decode(from: Blob | string): Promise<Source> {
  const blob = typeof from === "string" ? await fetched(from) : from;
  if (blob && !/svg/.test(blob.type) && typeof createImageBitmap === "function")
    try {
      const image = await createImageBitmap(blob, { colorSpaceConversion: "none" });
      return { image, width: image.width, height: image.height };
    } catch {
      // a format that only <img> knows, or a file that is none
    }
  const address = blob ? URL.createObjectURL(blob) : (from as string);
  try {
    const image = new Image();
    image.crossOrigin = "anonymous";
    image.src = address;
    await image.decode();
    return { image, width: image.naturalWidth || 800, height: image.naturalHeight || 600 };
  } catch {
    throw new Error(t("This file is no picture that the browser can read."));
  } finally {
    if (blob) URL.revokeObjectURL(address);
  }
}

/** The file at an address; null where only the browser itself may ask for it. */
async function fetched(address: string): Promise<Blob | null> {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.blob() : null;
  } catch {
    return null;
  }
}
