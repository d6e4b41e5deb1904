/** Image: shows a picture, or takes one from a file, the camera or the clipboard. See image.py. */
import {
  GrElement,
  camera,
  define,
  dropArea,
  fileUrl,
  html,
  icon,
  nothing,
  state,
  upload,
  type FileData,
} from "blocks";
import { downloadLink, fullscreenButton, iconButton, shareFile } from "blocks/corner";
import "./image.css";

type Source = "upload" | "webcam" | "clipboard";

const SOURCES: Record<Source, [name: string, mark: ReturnType<typeof icon>]> = {
  upload: ["Upload file", icon("upload")],
  webcam: ["Capture from camera", icon("camera")],
  clipboard: ["Paste from clipboard", icon("clipboard-paste")],
};

export class GrImage extends GrElement<FileData | null> {
  override defaultLabel = "Image";
  @state() private chosen: Source | null = null;
  /** While the camera streams, its picture stays in place of the value. */
  @state() private filming = false;

  private get sources(): Source[] {
    return this.props.sources ?? ["upload", "webcam", "clipboard"];
  }

  private get source(): Source {
    return this.chosen ?? this.sources[0] ?? "upload";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("paste", this.onPaste);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("paste", this.onPaste);
  }

  protected override willUpdate(): void {
    if (!this.interactive) return;
    void dropArea();
    if (this.sources.includes("webcam") && this.source === "webcam") void camera();
  }

  protected override updated(): void {
    this.style.width = length(this.props.width);
    this.style.setProperty("--image-height", length(this.props.height) || null);
  }

  /** A new picture by the visitor. */
  private put(value: FileData): void {
    this.act(value, "upload", "change", "input");
  }

  private clear = (): void => {
    this.act(null, "clear", "change", "input");
  };

  private async send(picture: File): Promise<void> {
    try {
      this.put((await upload([picture]))[0]);
    } catch (error) {
      void (await dropArea()).reportError(error);
    }
  }

  /** One picture of a stream: no change, only `stream`. */
  private onFrame = async (picture: File): Promise<void> => {
    if (!this.props.streaming) return this.send(picture);
    this.filming = true;
    try {
      this.act((await upload([picture]))[0], "stream");
    } catch (error) {
      void (await dropArea()).reportError(error);
    }
  };

  /** Ctrl+V belongs to the picture that holds the focus or the pointer, unless somebody is writing. */
  private onPaste = (event: ClipboardEvent): void => {
    const writing = (event.target as Element | null)?.closest?.(
      "input:not([type=file]), textarea, [contenteditable]",
    );
    const mine = this.contains(document.activeElement) || this.matches(":hover");
    if (!this.interactive || writing || !mine || !this.sources.includes("clipboard")) return;
    const picture = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith("image/"));
    if (!picture) return;
    event.preventDefault();
    void this.send(picture);
  };

  /** The button: browsers ask before a page may read the clipboard. */
  private paste = async (): Promise<void> => {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((kind) => kind.startsWith("image/"));
        if (type)
          return this.send(new File([await item.getType(type)], `clipboard.${type.slice(6)}`, { type }));
      }
      throw new Error("There is no picture in the clipboard.");
    } catch (error) {
      const words = error instanceof DOMException || error instanceof TypeError;
      const text = "The clipboard cannot be read by a button here. Press Ctrl+V over the picture instead.";
      void (await dropArea()).reportError(words ? new Error(text) : error);
    }
  };

  private choose(source: Source): void {
    if (source === "clipboard") return void this.paste();
    this.chosen = source;
    this.filming = false;
  }

  private onSelect = (event: MouseEvent): void => {
    if (!this.props._selectable) return;
    const index = pixelAt(this.querySelector("img.picture")!, event);
    if (index) this.emit("select", { index, value: null });
  };

  private renderSources() {
    if (this.sources.length < 2 || !this.interactive || (this.value && !this.filming)) return nothing;
    return html`<div class="source-selection" role="group" aria-label="Source" data-testid="source-select">
      ${this.sources.map(
        (source) =>
          html`<button
            type="button"
            class="icon-button ${source === this.source ? "selected" : ""}"
            aria-label=${SOURCES[source][0]}
            aria-pressed=${source === "clipboard" ? nothing : source === this.source}
            @click=${() => this.choose(source)}
          >
            ${SOURCES[source][1]}
          </button>`,
      )}
    </div>`;
  }

  private renderInput() {
    const { mirror_webcam = true, webcam_options, format, streaming, stream_every } = this.props;
    if (this.source === "webcam")
      return html`<gr-camera
        .mirror=${mirror_webcam}
        .constraints=${webcam_options?.constraints ?? null}
        .format=${format ?? "png"}
        .streaming=${!!streaming}
        .every=${stream_every ?? 0.5}
        .take=${this.onFrame}
      ></gr-camera>`;
    if (this.source === "clipboard")
      return html`<button type="button" class="paste-area" @click=${this.paste}>
        ${icon("clipboard-paste")} <span>Paste from Clipboard</span>
      </button>`;
    return this.renderArea(false);
  }

  private renderArea(filled: boolean) {
    return html`<gr-drop-area
      .types=${["image"]}
      .text=${"Drop Image Here"}
      .hint=${filled ? null : (this.props.placeholder ?? null)}
      .filled=${filled}
      .name=${this.label}
      @files=${(event: CustomEvent<FileData[]>) => this.put(event.detail[0])}
    ></gr-drop-area>`;
  }

  private renderCorner(address: string | null) {
    if (!address || this.filming) return this.renderButtons();
    return this.renderButtons(
      {
        download: () => !this.interactive && downloadLink(address, this.value!.orig_name ?? "image"),
        share: () => iconButton("Share", icon("share-2"), () => shareFile(this.value!)),
        fullscreen: () => fullscreenButton(() => this.querySelector(".image-container")),
      },
      this.interactive ? iconButton("Clear", icon("x"), this.clear) : nothing,
    );
  }

  private renderPicture(address: string) {
    return html`<div
      class="image-frame ${this.props._selectable ? "selectable" : ""}"
      @click=${this.onSelect}
    >
      <img
        class="picture"
        data-testid="detailed-image"
        src=${address}
        alt=${this.props.alt_text ?? this.value!.orig_name ?? ""}
        loading="lazy"
        decoding="async"
      />
    </div>`;
  }

  private renderBody() {
    const address = fileUrl(this.value);
    if (address && !this.filming)
      return [
        this.renderPicture(address),
        this.interactive && this.sources.includes("upload") ? this.renderArea(true) : nothing,
      ];
    if (this.interactive) return this.renderInput();
    return html`<div class="empty" role="img" aria-label="Empty value">${icon("image")}</div>`;
  }

  override render() {
    return html`${this.renderBlockLabel(icon("image"))}
      <div class="image-container" data-testid="image">
        ${this.renderCorner(fileUrl(this.value))}${this.renderBody()}
      </div>
      ${this.renderSources()}`;
  }
}

/** A number is pixels; a text is CSS. */
function length(value: unknown): string {
  return typeof value === "number" ? `${value}px` : typeof value === "string" ? value : "";
}

/** The pixel of the picture itself under the pointer; null beside it, where the frame is larger than the picture. */
export function pixelAt(image: HTMLImageElement, event: MouseEvent): [number, number] | null {
  const box = image.getBoundingClientRect();
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(box.width / naturalWidth, box.height / naturalHeight);
  const x = (event.clientX - box.left - (box.width - naturalWidth * scale) / 2) / scale;
  const y = (event.clientY - box.top - (box.height - naturalHeight * scale) / 2) / scale;
  const inside = x >= 0 && y >= 0 && x < naturalWidth && y < naturalHeight;
  return inside ? [Math.floor(x), Math.floor(y)] : null;
}

define("gr-image", GrImage);
