/**
 * Pictures that the visitor's camera takes. A chunk of its own: `void camera()`, then `<gr-camera>`.
 */
import { define, html, icon, property, state } from "blocks";
import { CameraView } from "blocks/camera_view";

/** Properties: `mirror`, `constraints`, `format` ("png", "jpeg", "webp"), `streaming`, and `take`, called with pictures. */
export class GrCamera extends CameraView {
  @property({ attribute: false }) format = "png";
  @property({ attribute: false }) streaming = false;
  /** Seconds between two pictures of a stream. */
  @property({ attribute: false }) every = 0.5;
  /** Is given every picture; the next one of a stream waits for it. */
  @property({ attribute: false }) take: (picture: File) => Promise<void> = async () => {};
  @state() private running = false;
  protected readonly usual = { width: { ideal: 1920 }, height: { ideal: 1440 } };

  override close(): void {
    this.running = false;
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
    if (this.streaming) return this.running ? void (this.running = false) : this.stream();
    const picture = await this.picture();
    if (picture) await this.take(picture);
  };

  /** Pictures at a steady pace, none while the one before is still travelling. */
  private async stream(): Promise<void> {
    this.running = true;
    while (this.running && this.live) {
      const next = performance.now() + this.every * 1000;
      const picture = await this.picture("jpeg");
      if (picture) await this.take(picture);
      await new Promise((done) => setTimeout(done, Math.max(0, next - performance.now())));
    }
    this.running = false;
  }

  protected renderControls() {
    const name = !this.streaming ? "capture photo" : this.running ? "stop recording" : "start recording";
    const mark = !this.streaming ? icon("camera") : this.running ? icon("square") : icon("circle-dot");
    return html`<button
        type="button"
        class="secondary sm ${this.running ? "running" : ""}"
        aria-label=${name}
        @click=${this.shoot}
      >
        ${mark}
      </button>
      ${this.renderChoice()}`;
  }
}

define("gr-camera", GrCamera);
