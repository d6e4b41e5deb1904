/** The state of an ImageEditor and what its tools do; image_editor.ts draws it. */
import { GrElement, dropArea, state, t } from "blocks";
import { ratioOf, whole } from "./cropping";
import { Drawing, type Owner } from "./drawing";
import { toolsOf, type Desk, type Paint, type Source, type Tool } from "./panels";
import type { Area, Picture } from "./picture";
import { Pointing, type Pad } from "./pointing";
import { EMPTY, type EditorData } from "./sending";
import { blank, penOf } from "./sheets";
import type { Ink } from "./strokes";
import { fitting, type Size, type View } from "./view";

/** What the visitor has in hand, and what it does to the picture; drawn by its subclass. */
export abstract class Workbench extends GrElement<EditorData | null> implements Desk, Owner, Pad {
  override defaultLabel = "Image";
  @state() tool: Tool | null = null;
  @state() source: Source | null = null;
  @state() showsLayers = false;
  @state() sizes = { draw: 0, erase: 0 };
  @state() paint: Paint = { color: "#000000", opacity: 1 };
  @state() area: Area | null = null;
  @state() view: View = { scale: 1, x: 0, y: 0 };
  @state() room: Size = { width: 1, height: 1 };
  @state() protected trouble = "";
  @state() protected spoken = "";
  palette: Paint[] = [];
  readonly drawing = new Drawing(this);
  protected readonly pointing = new Pointing(this);
  /** Whether all of the picture is to be seen, whatever room there is. */
  protected fitted = true;
  /** Whether there is something to draw on. */
  protected opened = false;

  get picture(): Picture {
    return this.drawing.picture;
  }

  get stage(): HTMLElement {
    return this.querySelector<HTMLElement>(".stage")!;
  }

  get fits(): boolean {
    return this.fitted;
  }

  get keptName(): string {
    return this.props.elem_id || String(this.blockId);
  }

  get ink(): Ink | null {
    if (this.tool === "erase") return { color: "#000", opacity: 1, erases: true };
    return this.tool === "draw" ? { ...this.paint, erases: false } : null;
  }

  get radius(): number {
    return this.sizes[this.tool === "erase" ? "erase" : "draw"];
  }

  get pans(): boolean {
    return this.tool === "move";
  }

  // -- how it is set up

  protected setUp(before: typeof this.props | undefined): void {
    const { brush, eraser, layers, canvas_size, fixed_canvas } = this.props;
    const changed = (...names: string[]): boolean =>
      !before || names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(this.props[name]));
    if (changed("canvas_size", "layers", "fixed_canvas")) {
      const [width, height] = canvas_size ?? [800, 600];
      this.picture.setUp(
        { width, height },
        layers?.layers?.length ? layers.layers : [t("Layer 1")],
        !!fixed_canvas,
      );
    }
    if (changed("brush") && brush) {
      this.palette = (brush.colors ?? []).map(paintOf);
      this.paint = paintOf(brush.default_color ?? brush.colors?.[0] ?? "#000");
      this.sizes = { ...this.sizes, draw: this.sizeOf(brush) };
    }
    if (changed("eraser") && eraser) this.sizes = { ...this.sizes, erase: this.sizeOf(eraser) };
    if (!toolsOf(this.props).includes(this.tool ?? "move")) this.tool = null;
    if (!before && !this.props.sources?.length && brush !== false) this.tool = "draw";
  }

  /** Radius at first; "auto" is a fiftieth of the shorter side. */
  private sizeOf({ default_size }: { default_size?: number | "auto" }): number {
    const { width, height } = this.picture.state;
    const auto = Math.max(1, Math.round(Math.min(width, height) / 50));
    return typeof default_size === "number" ? default_size : auto;
  }

  // -- values

  /** The value, where it is still on its way: what was drawn is sent when somebody asks for it. */
  override pendingValue(): Promise<EditorData | null> | null {
    return this.opened && this.interactive ? this.drawing.pendingValue() : null;
  }

  override receive(value: EditorData | null): void {
    this.pointing.rest(false);
    super.receive(value ?? (this.interactive ? EMPTY : null));
  }

  loaded(): void {
    const { brush, eraser } = this.props;
    if (brush?.default_size === "auto") this.sizes = { ...this.sizes, draw: this.sizeOf(brush) };
    if (eraser?.default_size === "auto") this.sizes = { ...this.sizes, erase: this.sizeOf(eraser) };
    this.area = this.tool === "crop" ? whole(this.picture.state, ratioOf(this.props.crop_size)) : null;
    this.zoom("fit");
  }

  going(text: string): void {
    this.trouble = text;
  }

  complain(error: unknown): void {
    void dropArea().then(({ reportError }) => reportError(error));
  }

  // -- what the visitor does

  protected tellOf(...events: string[]): void {
    this.drawing.changed();
    for (const event of events) this.emit(event);
  }

  /** Changes the picture, and tells of it if it has changed. */
  change(what: () => void, spoken = "", ...events: string[]): void {
    const { version, state } = this.picture;
    what();
    const { width, height } = this.picture.state;
    if (width !== state.width || height !== state.height) this.loaded();
    if (spoken) this.speak(spoken);
    this.requestUpdate();
    if (version !== this.picture.version) this.tellOf(...events, "change", "input");
  }

  drawn(): void {
    this.requestUpdate();
    this.tellOf("change", "input");
  }

  clicked(x: number, y: number): void {
    const { width, height } = this.picture.state;
    if (this.props._selectable && x >= 0 && y >= 0 && x < width && y < height)
      this.emit("select", { index: [x, y], value: null });
  }

  undo(): void {
    this.change(() => this.picture.undo(), t("Undone."));
  }

  redo(): void {
    this.change(() => this.picture.redo(), t("Done again."));
  }

  wipe(): void {
    this.change(() => this.picture.clear(), t("The canvas is empty."), "clear");
  }

  apply(): void {
    this.emit("apply");
  }

  use(tool: Tool | null): void {
    this.pointing.rest(true);
    this.tool = tool;
    this.source = null;
    this.area = tool === "crop" ? whole(this.picture.state, ratioOf(this.props.crop_size)) : null;
  }

  resize(tool: "draw" | "erase", size: number): void {
    this.sizes = { ...this.sizes, [tool]: Math.max(1, Math.round(size)) };
  }

  dip(paint: Paint): void {
    this.paint = paint;
  }

  setArea(area: Area): void {
    this.area = area;
  }

  cut(): void {
    const area = this.area!;
    this.use(null);
    this.change(() => this.picture.crop(area), t("Cut out."));
  }

  scale(width: number, height: number): void {
    this.use(null);
    this.change(() => this.picture.resize({ width, height }), t("Resized."));
  }

  toggleLayers(): void {
    this.showsLayers = !this.showsLayers;
  }

  speak(text: string): void {
    this.spoken = text;
  }

  zoom(by: number | "fit"): void {
    this.fitted = by === "fit";
    if (by === "fit") this.view = fitting(this.picture.state, this.room);
    else this.pointing.zoom(by);
  }

  /** Where the brush is; moved by hand, as it follows the pointer. */
  mark(at: { x: number; y: number } | null): void {
    const mark = this.querySelector<HTMLElement>(".brush-mark");
    if (!mark) return;
    mark.hidden = !at || !this.ink;
    if (!at) return;
    const { x, y, scale } = this.view;
    const size = Math.max(3, 2 * this.radius * scale);
    mark.style.width = mark.style.height = `${size}px`;
    mark.style.translate = `${x + at.x * scale - size / 2}px ${y + at.y * scale - size / 2}px`;
  }

  abstract take(source: Source): void;
}

/** Any css colour as #rrggbb with its opacity. */
function paintOf(given: string | [string, number]): Paint {
  const [text, opacity] = Array.isArray(given) ? given : [given, 1];
  const pen = penOf(blank(1, 1));
  pen.fillStyle = "#000";
  pen.fillStyle = text;
  const read = String(pen.fillStyle);
  const parts = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(read);
  if (!parts) return { color: read, opacity };
  const hex = parts.slice(1, 4).map((part) => Number(part).toString(16).padStart(2, "0"));
  return { color: `#${hex.join("")}`, opacity: Number(parts[4]) * opacity };
}
