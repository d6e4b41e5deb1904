/** ImageEditor: a picture to draw on, in layers; or shows one. See image_editor.py. */
import {
  camera,
  define,
  dropArea,
  fileUrl,
  html,
  icon,
  nothing,
  styleMap,
  type PropertyValues,
  t,
} from "blocks";
import { downloadLink, fullscreenButton, iconButton, shareFile } from "blocks/corner";
import { ratioOf, renderFrame } from "./cropping";
import { renderLayers, renderOptions, renderTools, toolsOf, type Source } from "./panels";
import type { Area } from "./picture";
import { decode } from "./sheets";
import { fileOf, renderShown } from "./shown";
import { Workbench } from "./workbench";
import "./image_editor.css";

const HELP = t(
  "Arrow keys move the brush, Space puts it down and lifts it, Shift goes further. B draws, E erases, [ and ] change the size, plus and minus zoom, 0 shows all of it, Ctrl+Z undoes, Ctrl+Y does it again.",
);
/** From so much on, single pixels are to be seen. */
const COARSE = 3;

export class GrImageEditor extends Workbench {
  private seen: HTMLElement | null = null;
  private readonly watching =
    typeof ResizeObserver === "function" ? new ResizeObserver(() => this.measure()) : null;

  // -- its life

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("paste", this.onPaste);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("paste", this.onPaste);
    this.watching?.disconnect();
    this.seen = null;
    this.pointing.rest(true);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("props")) this.setUp(changed.get("props") as typeof this.props | undefined);
    if (!this.interactive) {
      this.pointing.rest(true);
      return;
    }
    void dropArea();
    if (this.source === "webcam") void camera();
    if (!this.opened) this.drawing.open(this.value);
    else if (!this.drawing.holds(this.value)) this.drawing.take(this.value);
    this.opened = true;
  }

  protected override updated(): void {
    this.style.width = length(this.props.width);
    this.style.setProperty("--image-height", length(this.props.height) || null);
    const { stage } = this;
    if (stage === this.seen) return;
    this.watching?.disconnect();
    this.seen = stage;
    if (!stage) return;
    this.watching?.observe(stage);
    stage.addEventListener("wheel", this.pointing.wheel, { passive: false });
    this.measure();
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.stage ?? this;
    if (!width || !height) return;
    this.room = { width, height };
    if (this.fitted) this.zoom("fit");
  }

  // -- the keyboard

  private onKey = (event: KeyboardEvent): void => {
    if (event.target !== this.stage || event.altKey) return;
    const key = event.key.toLowerCase();
    const command = event.ctrlKey || event.metaKey;
    const tools = toolsOf(this.props);
    const keys: Record<string, () => void> = {
      "[": () => this.resize(this.tool === "erase" ? "erase" : "draw", this.radius / 1.25 - 0.5),
      "]": () => this.resize(this.tool === "erase" ? "erase" : "draw", this.radius * 1.25 + 0.5),
      "+": () => this.zoom(1.5),
      "-": () => this.zoom(1 / 1.5),
      "0": () => this.zoom("fit"),
      b: () => tools.includes("draw") && this.use("draw"),
      e: () => tools.includes("erase") && this.use("erase"),
    };
    if (command && key === "z") void (event.shiftKey ? this.redo() : this.undo());
    else if (command && key === "y") this.redo();
    else if (command) return;
    else if (keys[key]) keys[key]();
    else if (!this.pointing.key(event)) return;
    event.preventDefault();
  };

  // -- a background from outside

  take(source: Source): void {
    if (source === "clipboard") return void this.paste();
    if (source === "webcam") this.source = this.source === source ? null : source;
    else this.querySelector<HTMLInputElement>("input.pick")?.click();
  }

  private onPick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file) void this.put(file);
    input.value = ""; // the same file again is a new choice
  };

  private put = async (file: File): Promise<void> => {
    try {
      await this.drawing.settled();
      const read = await decode(file);
      const background = this.picture.setBackground(read);
      if (!this.picture.fixed && file.type === "image/png") background.isEncodedAs(file);
      this.source = null;
      this.loaded();
      if (this.props.crop_size && toolsOf(this.props).includes("crop")) this.use("crop");
      else if (this.props.brush !== false) this.use("draw");
      this.tellOf("upload", "change", "input");
    } catch (error) {
      this.complain(error);
    }
  };

  private onPaste = (event: ClipboardEvent): void => {
    const writing = (event.target as Element | null)?.closest?.(
      "input:not([type=file]), textarea, [contenteditable]",
    );
    const mine = this.contains(document.activeElement) || this.matches(":hover");
    if (!this.interactive || writing || !mine || !this.props.sources?.includes("clipboard")) return;
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    void this.put(file);
  };

  /** The button: browsers ask before a page may read the clipboard. */
  private async paste(): Promise<void> {
    let read: ClipboardItem[];
    try {
      read = await navigator.clipboard.read();
    } catch {
      return this.complain(
        new Error(t("The clipboard cannot be read by a button here. Press Ctrl+V over the picture instead.")),
      );
    }
    for (const item of read) {
      const type = item.types.find((kind) => kind.startsWith("image/"));
      if (type) return this.put(new File([await item.getType(type)], `clipboard.${type.slice(6)}`, { type }));
    }
    this.complain(new Error(t("There is no picture in the clipboard.")));
  }

  private selected = (x: number, y: number): void => this.emit("select", { index: [x, y], value: null });

  // -- how it looks

  /** Saves what one sees, whether it was sent or not. */
  private save = async (): Promise<void> => {
    const address = URL.createObjectURL(await this.picture.composite.encoded());
    Object.assign(document.createElement("a"), { href: address, download: "image.png" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };

  private renderCorner() {
    const file = fileOf(this.value);
    const address = fileUrl(file);
    const there = this.interactive ? this.picture.state.touched : !!address;
    if (!there) return this.renderButtons();
    return this.renderButtons({
      download: () =>
        this.interactive
          ? iconButton(t("Download"), icon("download"), this.save)
          : downloadLink(address!, file!.orig_name ?? "image"),
      share: () => file && iconButton(t("Share"), icon("share-2"), () => shareFile(file)),
      fullscreen: () =>
        fullscreenButton(() => (this.interactive ? this : this.querySelector(".image-container"))),
    });
  }

  private renderStage() {
    const { width, height, background, layers } = this.picture.state;
    const { x, y, scale } = this.view;
    const shown = layers.filter((layer) => layer.shown).map(({ sheet }) => sheet.canvas);
    const paper = {
      width: `${width}px`,
      height: `${height}px`,
      transform: `translate(${x}px, ${y}px) scale(${scale})`,
    };
    const help = `${this.domId}-help`;
    return html`<div
        class="stage ${this.tool ?? ""}"
        style="--shape:${width} / ${height}"
        role="application"
        tabindex="0"
        aria-label=${t("{0}: {1} by {2} pixels, drawing on {3}", this.label, width, height, this.picture.layer.name)}
        aria-describedby=${help}
        @pointerdown=${this.pointing.down}
        @pointermove=${this.pointing.move}
        @pointerup=${this.pointing.up}
        @pointercancel=${this.pointing.up}
        @pointerleave=${this.pointing.leave}
        @keydown=${this.onKey}
      >
        <div
          class="paper ${background ? "" : "white"} ${scale >= COARSE ? "coarse" : ""}"
          style=${styleMap(paper)}
        >
          ${background?.canvas ?? nothing}${shown}
        </div>
        <div class="brush-mark" hidden></div>
        ${this.area ? this.renderFrame(this.area) : nothing}
      </div>
      <span class="sr-only" id=${help}>${HELP}</span>`;
  }

  private renderFrame(area: Area) {
    return renderFrame({
      area,
      size: this.picture.state,
      view: this.view,
      ratio: ratioOf(this.props.crop_size),
      change: (next) => this.setArea(next),
      apply: () => this.cut(),
      cancel: () => this.use(null),
    });
  }

  /** Where a picture may be dropped: all of it as long as nothing was done, else unseen. */
  private renderArea() {
    if (!this.props.sources?.includes("upload")) return nothing;
    return html`<input
        type="file"
        class="pick"
        hidden
        tabindex="-1"
        accept="image/*"
        aria-label=${t("Picture for {0}", this.label)}
        @change=${this.onPick}
      /><gr-drop-area
        .types=${["image"]}
        .text=${t("Drop Image Here")}
        .hint=${this.props.placeholder ?? null}
        .filled=${this.picture.state.touched || this.tool !== null || this.source !== null}
        .local=${true}
        .name=${this.label}
        @chosen=${(event: CustomEvent<File[]>) => this.put(event.detail[0])}
      ></gr-drop-area>`;
  }

  private renderCamera() {
    const { mirror_webcam = true, webcam_options } = this.props;
    return html`<gr-camera
      .mirror=${mirror_webcam}
      .constraints=${webcam_options?.constraints ?? null}
      .take=${this.put}
    ></gr-camera>`;
  }

  override render() {
    const label = this.renderBlockLabel(icon("image"));
    if (!this.interactive)
      return html`${label}
        <div class="image-container" data-testid="image">
          ${this.renderCorner()}${renderShown(this.value, this.label, this.props._selectable ? this.selected : null)}
        </div>`;
    return html`${label}
      <div class="image-container editing" data-testid="image">
        ${this.renderCorner()}${this.source === "webcam" ? this.renderCamera() : this.renderStage()}${this.renderArea()}
        <p class="going" role="status" ?hidden=${!this.trouble}>${this.trouble}</p>
      </div>
      ${renderTools(this)}${renderOptions(this)}${renderLayers(this)}
      <span class="sr-only" role="status">${this.spoken}</span>`;
  }
}

/** A number is pixels; a text is css. */
function length(value: unknown): string {
  return typeof value === "number" ? `${value}px` : typeof value === "string" ? value : "";
}

define("gr-imageeditor", GrImageEditor);
