/** Gallery: pictures and videos in a grid, one of them large. See gallery.py. */
import {
  GrElement,
  classMap,
  define,
  fileUrl,
  html,
  icon,
  nothing,
  styleMap,
  type FileData,
  type PropertyValues,
  t,
} from "blocks";
import { downloadLink, fullscreenButton, iconButton, shareFile } from "blocks/corner";
import { PictureSources } from "blocks/sources";
import "./gallery.css";

/** One of the value: a picture or a video, and its caption. */
export interface Item {
  image?: FileData;
  video?: FileData;
  caption?: string | null;
}

/** Widths of the window from which on the next of several `columns` holds; the first is that of a phone. */
const STEPS = ["", "-sm", "-md", "-lg", "-xl", "-2xl"];
/** Pixels that a finger travels before it means the next picture. */
const SWIPE = 40;

const fileOf = (item: Item): FileData => (item.image ?? item.video)!;
const nameOf = (item: Item): string => fileOf(item).orig_name || fileOf(item).path.split("/").at(-1)!;
const length = (size: unknown): string => (typeof size === "number" ? `${size}px` : String(size ?? ""));

export class GrGallery extends GrElement<Item[] | null> {
  override defaultLabel = "Gallery";
  static override properties = { ...GrElement.properties, selected: { state: true } };
  /** Number of the one that is selected, which is large where `allow_preview` says so. */
  selected: number | null = null;
  private sources = new PictureSources(this, (files) => this.add(files), ["upload"]);
  /** Where a finger came down. */
  private touched: [x: number, y: number] | null = null;
  private swiped = false;

  private get items(): Item[] {
    return this.value ?? [];
  }

  private get open(): boolean {
    return this.selected != null && this.props.allow_preview !== false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const before = (changed.get("props") ?? {}) as { selected_index?: number };
    if (changed.has("props") && before.selected_index !== this.props.selected_index)
      this.selected = this.props.selected_index ?? null;
    if (changed.has("props") || changed.has("value")) this.keepSelection();
  }

  /** Nothing is selected that is not there; with `preview` something always is at first. */
  private keepSelection(): void {
    if (this.selected != null && this.selected >= this.items.length) this.selected = null;
    if (this.selected == null && this.props.preview && this.items.length && !this.closed) this.selected = 0;
    if (!this.items.length) this.closed = false;
  }

  /** The visitor has closed what `preview` opened. */
  private closed = false;

  // -- what the visitor does ---------------------------------------------------------------------------------------

  private add(files: FileData[]): void {
    const added = files.map((file): Item => {
      const kind = file.mime_type?.startsWith("video/") ? "video" : "image";
      return { [kind]: file, caption: null };
    });
    this.act([...this.items, ...added], "upload", "change");
  }

  private clear = (): void => {
    this.selected = null;
    this.act(null, "change");
  };

  private takeOut(index: number): void {
    const left = this.items.toSpliced(index, 1);
    const gone = { ...fileOf(this.items[index]), index };
    if (this.selected != null && this.selected >= index)
      this.selected = left.length && this.selected ? this.selected - 1 : null;
    this.act(left.length ? left : null, ["delete", gone], "change");
  }

  private select(index: number): void {
    const opens = !this.open && this.props.allow_preview !== false;
    this.selected = index;
    this.emit("select", { index, value: this.items[index] });
    if (!opens) return;
    this.emit("preview_open");
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(".media-button")?.focus());
  }

  private close = (): void => {
    const last = this.selected ?? 0;
    this.selected = null;
    this.closed = true;
    this.emit("preview_close");
    void this.updateComplete.then(() => this.querySelectorAll<HTMLElement>(".thumbnail-lg")[last]?.focus());
  };

  /** To the next one, or back; after the last one comes the first. */
  private step(by: number): void {
    const count = this.items.length;
    if (count > 1) this.select(((this.selected ?? 0) + by + count) % count);
  }

  private onKey = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLVideoElement && event.key !== "Escape") return; // the arrows are the video's
    const back = getComputedStyle(this).direction === "rtl" ? 1 : -1;
    const doing: Record<string, () => void> = {
      ArrowLeft: () => this.step(back),
      ArrowRight: () => this.step(-back),
      Home: () => this.select(0),
      End: () => this.select(this.items.length - 1),
      Escape: this.close,
    };
    if (!doing[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    doing[event.key]();
  };

  private onDown = (event: PointerEvent): void => {
    this.touched = event.isPrimary ? [event.clientX, event.clientY] : null;
    this.swiped = false;
  };

  private onUp = (event: PointerEvent): void => {
    if (!this.touched) return;
    const [x, y] = [event.clientX - this.touched[0], event.clientY - this.touched[1]];
    this.touched = null;
    if (Math.abs(x) < SWIPE || Math.abs(x) < Math.abs(y)) return;
    this.swiped = true;
    this.step(x < 0 ? 1 : -1);
  };

  /** The right half leads on, the left half back. */
  private onPress = (event: MouseEvent): void => {
    if (this.swiped) return void (this.swiped = false);
    const box = (event.currentTarget as Element).getBoundingClientRect();
    if (event.detail) this.step(event.clientX < box.left + box.width / 2 ? -1 : 1);
  };

  // -- what it looks like ------------------------------------------------------------------------------------------

  private renderMedia(item: Item, large: boolean) {
    const address = fileUrl(fileOf(item));
    if (item.video && large)
      return html`<video
        data-testid="detailed-video"
        src=${address}
        controls
        playsinline
        aria-label=${item.caption || nameOf(item)}
      ></video>`;
    if (item.video)
      return html`<video src="${address}#t=0.1" muted playsinline preload="metadata" tabindex="-1"></video>
        <span class="play-mark">${icon("play")}</span>`;
    const alt = large ? item.caption || nameOf(item) : "";
    return html`<img
      data-testid=${large ? "detailed-image" : nothing}
      src=${address}
      alt=${alt}
      loading="lazy"
      decoding="async"
    />`;
  }

  private renderThumbnail(item: Item, index: number, small: boolean) {
    const shape = small ? "thumbnail-small" : "thumbnail-lg";
    const name = t("Thumbnail {0} of {1}", index + 1, this.items.length);
    return html`<button
      type="button"
      class="thumbnail-item ${shape} ${index === this.selected ? "selected" : ""}"
      aria-label=${item.caption ? `${name}: ${item.caption}` : name}
      aria-current=${index === this.selected ? "true" : nothing}
      data-testid=${small ? `thumbnail ${index + 1}` : nothing}
      @click=${() => this.select(index)}
    >
      ${this.renderMedia(item, false)}
      ${item.caption && !small ? html`<span class="caption-label">${item.caption}</span>` : nothing}
    </button>`;
  }

  private renderGrid() {
    const { columns, rows, height, object_fit, fit_columns } = this.props;
    const style: Record<string, string> = { height: length(height), "--object-fit": object_fit ?? "cover" };
    const most = fit_columns === false ? Infinity : this.items.length;
    let [wide, high] = [2, 0];
    for (const [at, step] of STEPS.entries()) {
      wide = Math.max(1, Math.min([columns ?? wide].flat()[at] ?? wide, most));
      high = [rows ?? 0].flat()[at] ?? high;
      style[`--grid-cols${step}`] = String(wide);
      if (high) style[`--grid-rows${step}`] = `repeat(${high}, minmax(6rem, 1fr))`;
    }
    return html`<div
      class=${classMap({ "grid-wrap": true, "fixed-height": height == null, scrolls: height != null })}
      style=${styleMap(style)}
      tabindex=${height == null ? nothing : "0"}
    >
      <div class="grid-container">
        ${this.items.map(
          (item, index) =>
            html`<div class="gallery-item">
              ${this.renderThumbnail(item, index, false)}
              ${this.interactive ? this.renderRemove(index) : nothing}
            </div>`,
        )}
      </div>
    </div>`;
  }

  private renderRemove(index: number) {
    return html`<button
      type="button"
      class="delete-button"
      aria-label=${t("Delete {0}", nameOf(this.items[index]))}
      title=${t("Delete {0}", nameOf(this.items[index]))}
      @click=${() => this.takeOut(index)}
    >
      ${icon("x")}
    </button>`;
  }

  private renderPreview(index: number) {
    const item = this.items[index];
    const step = (name: string, mark: unknown, by: number) =>
      this.items.length < 2
        ? nothing
        : html`<button
            type="button"
            class="gallery-step ${by < 0 ? "to-left" : "to-right"}"
            aria-label=${name}
            title=${name}
            @click=${() => this.step(by)}
          >
            ${mark}
          </button>`;
    return html`<div
      class="preview"
      style=${styleMap({ height: length(this.props.height) })}
      @keydown=${this.onKey}
    >
      <div class="gallery-stage" @pointerdown=${this.onDown} @pointerup=${this.onUp}>
        ${
          item.video
            ? html`<div class="media-button" tabindex="-1">${this.renderMedia(item, true)}</div>`
            : html`<button
                type="button"
                class="media-button"
                aria-label=${t("detailed view of selected image")}
                draggable="false"
                @click=${this.onPress}
                @dragstart=${(event: Event) => event.preventDefault()}
              >
                ${this.renderMedia(item, true)}
              </button>`
        }
        ${step(t("Previous"), icon("chevron-left"), -1)}${step(t("Next"), icon("chevron-right"), 1)}
      </div>
      ${item.caption ? html`<p class="caption">${item.caption}</p>` : nothing}
      <div class="thumbnails" data-testid="container_el">
        ${this.items.map((each, at) => this.renderThumbnail(each, at, true))}
      </div>
    </div>`;
  }

  private renderCorner() {
    const item = this.open ? this.items[this.selected!] : null;
    const address = item && fileUrl(fileOf(item));
    const more = this.open
      ? iconButton(t("Close"), icon("x"), this.close)
      : this.interactive && this.items.length
        ? html`${this.sources.all.includes("upload") ? this.renderArea(true) : nothing}
          ${iconButton(t("Clear"), icon("trash-2"), this.clear)}`
        : nothing;
    return this.renderButtons(
      {
        share: () => item && iconButton(t("Share"), icon("share-2"), () => shareFile(fileOf(item))),
        download: () => address && downloadLink(address, nameOf(item!)),
        download_all: () =>
          !this.open &&
          this.items.length > 1 &&
          iconButton(t("Download all"), icon("folder-down"), () => this.downloadAll()),
        fullscreen: () =>
          this.items.length > 0 && fullscreenButton(() => this.querySelector(".gallery-body")),
      },
      more,
    );
  }

  private async downloadAll(): Promise<void> {
    const { download } = await import("./archive");
    await download(
      this.items.map((item) => [nameOf(item), fileUrl(fileOf(item))!]),
      `${this.label}.zip`,
    );
  }

  private renderArea(compact: boolean) {
    return html`<gr-drop-area
      .types=${this.props.file_types ?? ["image", "video"]}
      .multiple=${true}
      .text=${t("Drop Media Here")}
      .name=${this.label}
      .compact=${compact}
      @files=${(event: CustomEvent<FileData[]>) => this.add(event.detail)}
    ></gr-drop-area>`;
  }

  private renderBody() {
    if (this.open) return this.renderPreview(this.selected!);
    if (this.items.length) return this.renderGrid();
    if (this.interactive) return this.sources.renderInput() ?? this.renderArea(false);
    return html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("images")}</div>`;
  }

  override render() {
    return html`${this.renderBlockLabel(icon("images"))}
      <div class="gallery-body cornered" data-testid="gallery">
        ${this.renderCorner()}${this.renderBody()}
      </div>
      ${this.interactive && !this.open ? this.sources.renderChoice() : nothing}`;
  }
}

define("gr-gallery", GrGallery);
