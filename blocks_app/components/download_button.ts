/** DownloadButton: a link to a file that looks like a button; without a file it only tells of its click. */
import { define, fileUrl, html, nothing, type FileData } from "blocks";
import { GrPressable } from "blocks/pressing";
import "./download_button.css";

export class GrDownloadButton extends GrPressable<FileData | null> {
  #press = (): void => {
    if (!this.off) this.emit("click");
  };

  override render() {
    const address = fileUrl(this.value);
    if (!address)
      return html`<button
        id=${this.domId}
        type="button"
        class=${this.classes}
        style=${this.flexStyle}
        ?disabled=${this.off}
        @click=${this.#press}
      >
        ${this.renderFace()}
      </button>`;
    return html`<a
      id=${this.domId}
      class=${this.classes}
      style=${this.flexStyle}
      href=${this.off ? nothing : address}
      download=${this.value!.orig_name ?? ""}
      aria-disabled=${this.off ? "true" : nothing}
      @click=${this.#press}
      >${this.renderFace()}</a
    >`;
  }
}

define("gr-downloadbutton", GrDownloadButton);
