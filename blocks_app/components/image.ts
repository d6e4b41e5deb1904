/** Image: shows a picture, or takes one from a file, the camera or the clipboard. See image.py. */
import { GrElement, define, fileUrl, html, icon, nothing, state, type FileData, t } from "blocks";
import { downloadLink, fullscreenButton, iconButton, shareFile } from "blocks/corner";
import { pixelAt } from "blocks/picking";
import { PictureSources } from "blocks/sources";
import "./image.css";

export class GrImage extends GrElement<FileData | null> {
  override defaultLabel = "Image";
  /** While the camera streams, its picture stays in place of the value. */
  @state() private filming = false;
  private sources = new PictureSources(this, ([picture]) => this.put(picture), [
    "upload",
    "webcam",
    "clipboard",
  ]);

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

  /** One picture of a stream: no change, only `stream`. It travels in the event itself, and leaves no file behind. */
  private onFrame = async (picture: File): Promise<void> => {
    if (!this.props.streaming) return this.sources.send([picture]);
    const url = await inline(picture);
    this.filming = true;
    this.act({ path: "", url, orig_name: picture.name, meta: { _type: "gradio.FileData" } }, "stream");
    await Promise.resolve(); // the page is told at the end of this code
  };

  private onSelect = (event: MouseEvent): void => {
    if (!this.props._selectable) return;
    const index = pixelAt(this.querySelector("img.picture")!, event);
    if (index) this.emit("select", { index, value: null });
  };

  private renderArea(filled: boolean) {
    return html`<gr-drop-area
      .types=${["image"]}
      .text=${t("Drop Image Here")}
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
        share: () => iconButton(t("Share"), icon("share-2"), () => shareFile(this.value!)),
        fullscreen: () => fullscreenButton(() => this.querySelector(".image-container")),
      },
      this.interactive ? iconButton(t("Clear"), icon("x"), this.clear) : nothing,
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
        this.interactive && this.sources.all.includes("upload") ? this.renderArea(true) : nothing,
      ];
    if (this.interactive) return this.sources.renderInput(this.onFrame) ?? this.renderArea(false);
    return html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("image")}</div>`;
  }

  override render() {
    return html`${this.renderBlockLabel(icon("image"))}
      <div class="image-container" data-testid="image">
        ${this.renderCorner(fileUrl(this.value))}${this.renderBody()}
      </div>
      ${this.interactive && (!this.value || this.filming) ? this.sources.renderChoice() : nothing}`;
  }
}

/** A picture as an address that holds it. */
function inline(picture: File): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as string);
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(picture);
  });
}

/** A number is pixels; a text is CSS. */
function length(value: unknown): string {
  return typeof value === "number" ? `${value}px` : typeof value === "string" ? value : "";
}

define("gr-image", GrImage);
