/**
 * Pictures that the visitor's camera takes. A chunk of its own: `void camera()`, then `<gr-camera>`.
 */
import { define, html, icon, property, state, t } from "blocks";
import { CameraView } from "blocks/camera_view";

/**
 * Properties: `mirror`, `constraints`, `format` ("png", "jpeg", "webp"), `take`, called with pictures; `streaming` with
 * `every`, `limit` and `whenFree`.
 */
export class GrCamera extends CameraView {
  @property({ attribute: false }) format = "png";
  @property({ attribute: false }) streaming = false;
  /** Seconds between two pictures of a stream, and of a stream in all. */
  @property({ attribute: false }) every = 0.5;
  @property({ attribute: false }) limit: number | null = null;
  /** Comes true when nobody works any more on the picture before. */
  @property({ attribute: false }) whenFree: () => Promise<void> = async () => {};
  /** Is given every picture; comes true when it was told. */
  @property({ attribute: false }) take: (picture: File) => Promise<void> = async () => {};
  /** The stream under way, which the visitor may end and begin anew while it waits. */
  @state() private running: object | null = null;
  protected readonly usual = { width: { ideal: 1920 }, height: { ideal: 1440 } };

  override close(): void {
    this.running = null;
    super.close();
  }

  /** The picture that the camera shows now, mirrored as it is shown. */
  async picture(format = this.format): Promise<File | null> {
    const video = this.querySelector("video")!;
    if (!video.videoWidth) return null;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
    const pen = canvas.getContext("2d")!;
    if (this.mirror) {
      pen.translate(canvas.width, 0);
      pen.scale(-1, 1);
    }
    pen.drawImage(video, 0, 0);
    const kind = ["jpeg", "webp"].includes(format) ? format : "png";
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, `image/${kind}`, 0.9));
    return blob && new File([blob], `webcam.${kind}`, { type: blob.type });
  }

  private shoot = async (): Promise<void> => {
    if (this.streaming) return this.running ? void (this.running = null) : this.stream();
    const picture = await this.picture();
    if (picture) await this.take(picture);
  };

  /**
   * Pictures at a steady pace. The next one is taken when the one before has been worked on, so none waits anywhere:
   * a slow function gets fewer pictures, and each as it is when its turn comes.
   */
  private async stream(): Promise<void> {
    const mine = (this.running = {});
    const end = performance.now() + (this.limit ?? Infinity) * 1000;
    try {
      while (this.running === mine && performance.now() < end) {
        const next = Math.min(performance.now() + this.every * 1000, end);
        await this.whenFree();
        const picture = this.running === mine ? await this.picture("jpeg") : null;
        if (picture && this.running === mine) await this.take(picture);
        await new Promise((done) => setTimeout(done, Math.max(0, next - performance.now())));
      }
    } finally {
      if (this.running === mine) this.running = null;
    }
  }

  protected renderControls() {
    const name = !this.streaming
      ? t("capture photo")
      : this.running
        ? t("stop recording")
        : t("start recording");
    const mark = !this.streaming ? icon("camera") : this.running ? icon("square") : icon("circle-dot");
    return html`<button
        type="button"
        class="secondary sm ${this.running ? "running" : ""}"
        aria-label=${name}
        title=${name}
        @click=${this.shoot}
      >
        ${mark}
      </button>
      ${this.renderChoice()}`;
  }
}

define("gr-camera", GrCamera);
