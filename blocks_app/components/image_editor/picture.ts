/** The picture that is drawn on: a background, layers over it, and the history of both. It knows nothing of the page. */
import { t } from "blocks";
import { History, type Step } from "./history";
import { Sheet, blank, type Source } from "./sheets";
import { Stroke, type Ink } from "./strokes";
import type { Size } from "./view";

export interface Layer {
  readonly id: number;
  readonly name: string;
  readonly shown: boolean;
  readonly sheet: Sheet;
}

/** Everything but the pixels. Never changed: each change makes another one. */
export interface State extends Size {
  /** None is an empty white sheet. */
  readonly background: Sheet | null;
  /** From below. */
  readonly layers: readonly Layer[];
  /** The layer that is drawn on. */
  readonly active: number;
  /** False for an empty sheet that nobody has done anything to. */
  readonly touched: boolean;
}

/** A part of the picture, in its pixels. */
export interface Area extends Size {
  x: number;
  y: number;
}

export const MOST_LAYERS = 100;

let numbers = 0;

export class Picture {
  state: State;
  readonly history = new History();
  /** Grows with everything that changes what is sent. */
  version = 0;
  #stroke: Stroke | null = null;
  #paper: Sheet | null = null;
  #composite: { key: string; sheet: Sheet } | null = null;

  /** Whether every background is fitted into an empty sheet's size. */
  fixed = false;
  #size: Size = { width: 800, height: 600 };
  #names = [t("Layer 1")];

  constructor(
    /** Called after each change. */
    private readonly changed: () => void = () => undefined,
  ) {
    this.state = this.#empty();
  }

  /** How an empty sheet is: its size, its layers from below, and whether it keeps its size. */
  setUp(size: Size, names: string[], fixed: boolean): void {
    this.fixed = fixed;
    this.#size = { width: size.width, height: size.height };
    this.#names = names;
    if (!this.state.touched) this.state = this.#empty();
  }

  // -- what is there

  get layer(): Layer {
    const { layers, active } = this.state;
    return layers.find(({ id }) => id === active) ?? layers[layers.length - 1];
  }

  get drawing(): boolean {
    return this.#stroke !== null;
  }

  /** The background as it is sent: an empty one is white. */
  get ground(): Sheet {
    const { background, width, height } = this.state;
    if (background) return background;
    if (this.#paper?.canvas.width !== width || this.#paper.canvas.height !== height)
      this.#paper = new Sheet(blank(width, height, "#fff"));
    return this.#paper;
  }

  /** What one sees: the shown layers over the background. Made once for the same content. */
  get composite(): Sheet {
    const shown = this.state.layers.filter((layer) => layer.shown).map(({ sheet }) => sheet);
    const key = [this.ground, ...shown].map(({ version }) => version).join();
    if (this.#composite?.key !== key) {
      const { width, height } = this.state;
      const sheet = new Sheet(blank(width, height));
      for (const { canvas } of [this.ground, ...shown]) sheet.pen.drawImage(canvas, 0, 0);
      this.#composite = { key, sheet };
    }
    return this.#composite.sheet;
  }

  // -- drawing

  /** Begins a stroke on the layer; false where it cannot be seen. */
  begin(ink: Ink): boolean {
    if (!this.layer.shown) return false;
    this.#stroke = new Stroke(this.layer.sheet, ink);
    return true;
  }

  draw(x: number, y: number, radius: number): void {
    this.#stroke?.to({ x, y, radius });
  }

  /** Ends the stroke: it stays, or it has never been. Whether something was drawn. */
  end(keep = true): boolean {
    const stroke = this.#stroke;
    this.#stroke = null;
    if (!stroke?.bytes) return false;
    if (!keep) {
      stroke.swap();
      return false;
    }
    const untouched = this.state;
    this.state = { ...untouched, touched: true };
    this.#did(untouched.touched ? stroke : both(stroke, this.#exchange(untouched, 0)));
    return true;
  }

  undo(): boolean {
    return this.history.undo() && this.#told();
  }

  redo(): boolean {
    return this.history.redo() && this.#told();
  }

  // -- the whole picture

  /** Another background. The sheet gets its size, unless it is fixed; what was drawn stays where it is. */
  setBackground(source: Source): Sheet {
    const [background, size] = this.#placed(source);
    const same = size.width === this.state.width && size.height === this.state.height;
    const layers = this.state.layers.map((layer) =>
      same ? layer : { ...layer, sheet: drawn(layer.sheet.canvas, size) },
    );
    this.#become({ ...this.state, ...size, background, layers, touched: true });
    return background;
  }

  /** A whole other picture, such as the server sends: nothing before it can be brought back. */
  load(
    background: Source | null,
    layers: (Source & { name?: string; shown?: boolean })[],
    whole: Size = background ?? layers[0] ?? this.#size,
  ): Sheet[] {
    const { width, height } = this.fixed ? this.#size : whole;
    const ground = background && this.#placed(background)[0];
    const sheets = layers.map((layer) => this.#placed(layer, { width, height })[0]);
    const made = sheets.map((sheet, at) => ({
      id: ++numbers,
      name: layers[at].name ?? this.#names[at] ?? t("Layer {0}", at + 1),
      shown: layers[at].shown ?? true,
      sheet,
    }));
    const all = made.length ? made : this.#layers({ width, height });
    const active = all[all.length - 1].id;
    this.history.clear();
    this.#stroke = null;
    this.state = {
      width,
      height,
      background: ground,
      layers: all,
      active,
      touched: !!(background ?? layers[0]),
    };
    this.#told();
    return [...(ground ? [ground] : []), ...sheets];
  }

  /** An empty sheet. */
  clear(): void {
    this.#become(this.#empty());
  }

  /** Cuts an area out; a fixed sheet keeps its size and shows the area as large as it can be. */
  crop(area: Area): void {
    const size = this.fixed ? this.#size : { width: area.width, height: area.height };
    this.#redraw(size, (canvas) => {
      const scale = Math.min(size.width / area.width, size.height / area.height);
      const [width, height] = [area.width * scale, area.height * scale];
      const made = new Sheet(blank(size.width, size.height));
      const [left, top] = [(size.width - width) / 2, (size.height - height) / 2];
      made.pen.drawImage(canvas, area.x, area.y, area.width, area.height, left, top, width, height);
      return made;
    });
  }

  resize(size: Size): void {
    this.#redraw(size, (canvas) => {
      const made = new Sheet(blank(size.width, size.height));
      made.pen.imageSmoothingQuality = "high";
      made.pen.drawImage(canvas, 0, 0, size.width, size.height);
      return made;
    });
  }

  // -- layers

  /** An empty layer above the one that is drawn on. */
  addLayer(): void {
    const { layers, width, height } = this.state;
    if (layers.length >= MOST_LAYERS) return;
    const taken = new Set(layers.map(({ name }) => name));
    let number = layers.length + 1;
    while (taken.has(t("Layer {0}", number))) number += 1;
    const added = this.#newLayer(t("Layer {0}", number), { width, height });
    const at = layers.indexOf(this.layer) + 1;
    this.#become({
      ...this.state,
      layers: [...layers.slice(0, at), added, ...layers.slice(at)],
      active: added.id,
    });
  }

  /** The last one is emptied in place of being taken away. */
  removeLayer(id: number): void {
    const { layers, active, width, height } = this.state;
    const at = layers.findIndex((layer) => layer.id === id);
    const rest = layers.filter((layer) => layer.id !== id);
    if (!rest.length) rest.push(this.#newLayer(layers[at].name, { width, height }));
    const next = rest[Math.max(0, at - 1)].id;
    this.#become({ ...this.state, layers: rest, active: active === id ? next : active });
  }

  /** One up (1) or down (-1). */
  moveLayer(id: number, by: 1 | -1): void {
    const { layers } = this.state;
    const at = layers.findIndex((layer) => layer.id === id);
    if (!layers[at + by]) return;
    const moved = [...layers];
    [moved[at], moved[at + by]] = [moved[at + by], moved[at]];
    this.#become({ ...this.state, layers: moved });
  }

  showLayer(id: number, shown: boolean): void {
    const layers = this.state.layers.map((layer) => (layer.id === id ? { ...layer, shown } : layer));
    this.#become({ ...this.state, layers });
  }

  /** Draws on this layer from now on. */
  choose(id: number | undefined): void {
    if (id !== undefined) this.state = { ...this.state, active: id };
  }

  // -- inside

  #become(state: State): void {
    const before = this.state;
    const kept = new Set(state.layers.map(({ sheet }) => sheet).concat(state.background ?? []));
    const gone = [...before.layers.map(({ sheet }) => sheet), before.background];
    const bytes = gone
      .filter((sheet): sheet is Sheet => !!sheet && !kept.has(sheet))
      .reduce((sum, { canvas }) => sum + canvas.width * canvas.height * 4, 0);
    this.#stroke = null;
    this.state = state;
    this.#did(this.#exchange(before, bytes));
  }

  #exchange(before: State, bytes: number): Step {
    let other = before;
    return { bytes, swap: () => ([this.state, other] = [other, this.state]) as unknown as void };
  }

  #did(step: Step): void {
    this.history.add(step);
    this.#told();
  }

  #told(): true {
    this.version += 1;
    this.changed();
    return true;
  }

  #redraw(size: Size, make: (canvas: HTMLCanvasElement) => Sheet): void {
    const { width, height } = size;
    const layers = this.state.layers.map((layer) => ({ ...layer, sheet: make(layer.sheet.canvas) }));
    const background = this.state.background && make(this.state.background.canvas);
    this.#become({ ...this.state, width, height, background, layers, touched: true });
  }

  /** A picture as a sheet: of its own size, or fitted into the middle of a fixed one. */
  #placed({ image, width, height }: Source, into?: Size): [Sheet, Size] {
    const size = this.fixed ? this.#size : (into ?? { width, height });
    const scale = this.fixed ? Math.min(size.width / width, size.height / height) : 1;
    const [wide, high] = [width * scale, height * scale];
    const sheet = new Sheet(blank(size.width, size.height));
    const [left, top] = this.fixed ? [(size.width - wide) / 2, (size.height - high) / 2] : [0, 0];
    sheet.pen.drawImage(image, left, top, wide, high);
    return [sheet, { width: size.width, height: size.height }];
  }

  #empty(): State {
    const layers = this.#layers(this.#size);
    const active = layers[layers.length - 1].id;
    return { ...this.#size, background: null, layers, active, touched: false };
  }

  #layers(size: Size): Layer[] {
    return this.#names.map((name) => this.#newLayer(name, size));
  }

  #newLayer(name: string, { width, height }: Size): Layer {
    return { id: ++numbers, name, shown: true, sheet: new Sheet(blank(width, height)) };
  }
}

function both(one: Step, other: Step): Step {
  return {
    bytes: one.bytes + other.bytes,
    swap() {
      one.swap();
      other.swap();
    },
  };
}

function drawn(canvas: HTMLCanvasElement, { width, height }: Size): Sheet {
  const sheet = new Sheet(blank(width, height));
  sheet.pen.drawImage(canvas, 0, 0);
  return sheet;
}
