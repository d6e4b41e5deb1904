/** ImageSlider: two pictures, and a slider that uncovers the one below. See image_slider.py. */
import {
  GrElement,
  define,
  dropArea,
  fileUrl,
  html,
  icon,
  live,
  nothing,
  type FileData,
  type PropertyValues,
  t,
} from "blocks";
import { downloadLink, fullscreenButton, iconButton } from "blocks/corner";
import { pixelAt } from "blocks/picking";
import "./image_slider.css";

type Pair = [FileData | null, FileData | null];
const SIDES = ["left", "right"] as const;

const length = (size: unknown): string => (typeof size === "number" ? `${size}px` : String(size ?? ""));

export class GrImageSlider extends GrElement<Pair | null> {
  override defaultLabel = "Image";
  static override properties = { ...GrElement.properties, at: { state: true } };
  /** Where the slider stands, in percent from the left. */
  at = 50;

  private get pair(): Pair {
    return this.value ?? [null, null];
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const before = (changed.get("props") ?? {}) as { slider_position?: number };
    const { slider_position } = this.props;
    if (changed.has("props") && before.slider_position !== slider_position) this.at = slider_position ?? 50;
    if (this.interactive) void dropArea();
  }

  protected override updated(): void {
    const { width, height, max_height } = this.props;
    this.style.width = length(width);
    this.style.setProperty("--image-height", length(height) || null);
    this.style.setProperty("--image-max-height", length(max_height) || null);
  }

  /** One picture for its side; of two the second is for the other. */
  private put(side: number, [picture, other]: FileData[]): void {
    const pair: Pair = [...this.pair];
    pair[side] = picture;
    if (other) pair[1 - side] = other;
    this.act(pair, "upload", "change", "input");
  }

  private clear = (): void => {
    this.act(null, "clear", "change", "input");
  };

  private onInput = (event: Event): void => {
    this.at = (event.target as HTMLInputElement).valueAsNumber;
  };

  private onClick = (event: MouseEvent): void => {
    if (!this.props._selectable || !event.detail) return;
    const index = pixelAt(this.querySelector("img")!, event);
    if (index) this.emit("select", { index, value: null });
  };

  private renderCorner() {
    const address = fileUrl(this.pair[1] ?? this.pair[0]);
    const both = this.pair.every(Boolean);
    return this.renderButtons(
      {
        download: () =>
          address &&
          !this.interactive &&
          downloadLink(address, (this.pair[1] ?? this.pair[0])!.orig_name ?? "image"),
        fullscreen: () => both && fullscreenButton(() => this.querySelector(".slider-body")),
      },
      this.interactive && this.pair.some(Boolean) ? iconButton(t("Clear"), icon("x"), this.clear) : nothing,
    );
  }

  private renderPicture(file: FileData | null, side: number) {
    if (!file) return nothing;
    return html`<img
      class="side-${SIDES[side]}"
      data-testid="detailed-image"
      src=${fileUrl(file)}
      alt=${file.orig_name ?? (side ? t("The picture on the right") : t("The picture on the left"))}
      decoding="async"
      draggable="false"
    />`;
  }

  private renderComparison() {
    return html`<div class="slider-wrap" dir="ltr" style="--at:${this.at}%">
      ${this.pair.map((file, side) => this.renderPicture(file, side))}
      <span class="divider">${icon("move-horizontal")}</span>
      <input
        type="range"
        min="0"
        max="100"
        step="0.5"
        .value=${live(String(this.at))}
        aria-label=${t("{0}: how much of the left picture is shown", this.label)}
        aria-valuetext="${Math.round(this.at)} %"
        @input=${this.onInput}
        @click=${this.onClick}
      />
    </div>`;
  }

  private renderHalf(side: number) {
    const file = this.pair[side];
    if (file) return html`<div class="slider-half">${this.renderPicture(file, side)}</div>`;
    return html`<div class="slider-half" data-drops>
      <gr-drop-area
        .types=${["image"]}
        .multiple=${true}
        .text=${t("Drop Image Here")}
        .name=${`${this.label}, ${side ? t("right") : t("left")}`}
        @files=${(event: CustomEvent<FileData[]>) => this.put(side, event.detail)}
      ></gr-drop-area>
    </div>`;
  }

  private renderBody() {
    const some = this.pair.some(Boolean);
    if (this.pair.every(Boolean) || (some && !this.interactive)) return this.renderComparison();
    if (this.interactive)
      return html`<div class="slider-halves">${SIDES.map((_, side) => this.renderHalf(side))}</div>`;
    return html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("image")}</div>`;
  }

  override render() {
    return html`${this.renderBlockLabel(icon("image"))}
      <div class="slider-body cornered" data-testid="imageslider">
        ${this.renderCorner()}${this.renderBody()}
      </div>`;
  }
}

define("gr-imageslider", GrImageSlider);
