/** AnnotatedImage: a picture with regions laid over it, and a legend that brings them out. See annotated_image.py. */
import { GrElement, define, fileUrl, html, icon, nothing, state, styleMap, type FileData, t } from "blocks";
import { fullscreenButton } from "blocks/corner";
import "./annotated_image.css";

interface Annotation {
  image: FileData;
  label: string;
}

interface Annotated {
  image: FileData;
  annotations: Annotation[];
}

/** A number is pixels; a text is CSS. */
const length = (value: unknown) => (typeof value === "number" ? `${value}px` : `${value ?? ""}`);

export class GrAnnotatedImage extends GrElement<Annotated | null> {
  override defaultLabel = "Annotated Image";
  /** Number of the region that the pointer or the keyboard is at, and of the one that was chosen. */
  @state() private near: number | null = null;
  @state() private chosen: number | null = null;

  private get annotations(): Annotation[] {
    return this.value?.annotations ?? [];
  }

  protected override updated(): void {
    this.style.width = length(this.props.width);
    this.style.setProperty("--image-height", length(this.props.height) || null);
  }

  override receive(value: Annotated | null): void {
    this.near = this.chosen = null;
    super.receive(value);
  }

  /** The colour of a name: the author's, or red turned round the wheel, as the regions are that were drawn in red. */
  private tint(name: string): Record<string, string> {
    const own: Record<string, string> = this.props.color_map ?? {};
    if (name in own) return { "--region-color": own[name]!, "--region-turn": "none" };
    const names = [...new Set(this.annotations.map(({ label }) => label))].filter((each) => !(each in own));
    const turn = Math.round((names.indexOf(name) * 360) / names.length);
    return { "--region-color": "#ff0000", "--region-turn": turn ? `hue-rotate(${turn}deg)` : "none" };
  }

  private choose(index: number): void {
    const again = this.chosen === index;
    this.chosen = again ? null : index;
    this.emit("select", { index, value: this.annotations[index]!.label });
  }

  private readonly onPicture = async (event: MouseEvent): Promise<void> => {
    if (!this.props._selectable) return;
    const regions = [...this.querySelectorAll<HTMLImageElement>("img.mask")];
    const place = [event.clientX, event.clientY] as const;
    const index = regions.findLastIndex((region) => isOpaqueAt(region, ...place));
    if (index >= 0) this.choose(index);
  };

  private renderRegion({ image, label }: Annotation, index: number) {
    const shown = this.near ?? this.chosen;
    return html`<img
      class="mask ${shown === index ? "active" : ""} ${shown !== null && shown !== index ? "inactive" : ""}"
      alt=""
      src=${fileUrl(image) ?? ""}
      style=${styleMap(this.tint(label))}
    />`;
  }

  private renderLegend() {
    if (this.props.show_legend === false || !this.annotations.length) return nothing;
    return html`<div class="legend" role="group" aria-label=${t("Regions")}>
      ${this.annotations.map(
        ({ label }, index) =>
          html`<button
            type="button"
            class="legend-item"
            aria-pressed=${this.chosen === index}
            style=${styleMap(this.tint(label))}
            @click=${() => this.choose(index)}
            @pointerenter=${() => (this.near = index)}
            @focus=${() => (this.near = index)}
            @pointerleave=${() => (this.near = null)}
            @blur=${() => (this.near = null)}
          >
            <span class="swatch"></span>${label}
          </button>`,
      )}
    </div>`;
  }

  private renderCorner(address: string | null) {
    const full = () => address && fullscreenButton(() => this.querySelector(".image-container"));
    return this.renderButtons({ fullscreen: full });
  }

  override render() {
    const address = fileUrl(this.value?.image ?? null);
    const names = [...new Set(this.annotations.map(({ label }) => label))].join(", ");
    return html`${this.renderBlockLabel(icon("image"))}
      <div class="image-container" data-testid="annotated-image">
        ${this.renderCorner(address)}
        ${
          address
            ? html`<div
                class="regions ${this.props._selectable ? "selectable" : ""}"
                @click=${this.onPicture}
              >
                <img
                  class="base-image"
                  src=${address}
                  alt=${names ? t("A picture with these regions: {0}", names) : (this.value!.image.orig_name ?? "")}
                />
                ${this.annotations.map((each, index) => this.renderRegion(each, index))}
              </div>`
            : html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("image")}</div>`
        }
      </div>
      ${address ? this.renderLegend() : nothing}`;
  }
}

/** Whether a picture, drawn whole within its box, has a colour under the pointer. */
function isOpaqueAt(image: HTMLImageElement, left: number, top: number): boolean {
  const box = image.getBoundingClientRect();
  const { naturalWidth: width, naturalHeight: height } = image;
  const scale = Math.min(box.width / width, box.height / height);
  const x = Math.floor((left - box.left - (box.width - width * scale) / 2) / scale);
  const y = Math.floor((top - box.top - (box.height - height * scale) / 2) / scale);
  const pencil = new OffscreenCanvas(1, 1).getContext("2d");
  if (!pencil || !width || x < 0 || y < 0 || x >= width || y >= height) return false;
  pencil.drawImage(image, x, y, 1, 1, 0, 0, 1, 1);
  return pencil.getImageData(0, 0, 1, 1).data[3]! > 0;
}

define("gr-annotatedimage", GrAnnotatedImage);
