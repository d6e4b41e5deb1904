/**
 * The visitor's camera: asks for it, shows it, takes pictures. A chunk of its own: `void camera()`, then `<gr-camera>`.
 */
import { GrElement, define, html, icon, nothing, property, state } from "blocks";
import "./camera.css";

/** Properties: `mirror`, `constraints`, `format` ("png", "jpeg", "webp"), `streaming`, and `take`, called with pictures. */
export class GrCamera extends GrElement<null> {
  @property({ attribute: false }) mirror = true;
  @property({ attribute: false }) constraints: MediaTrackConstraints | null = null;
  @property({ attribute: false }) format = "png";
  @property({ attribute: false }) streaming = false;
  /** Seconds between two pictures of a stream. */
  @property({ attribute: false }) every = 0.5;
  /** Is given every picture; the next one of a stream waits for it. */
  @property({ attribute: false }) take: (picture: File) => Promise<void> = async () => {};
  @state() private live: MediaStream | null = null;
  @state() private devices: MediaDeviceInfo[] = [];
  @state() private running = false;
  @state() private trouble = "";

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.close();
  }

  /** Asks for the camera; the browser may ask the visitor. */
  async open(device?: string): Promise<void> {
    this.close();
    const chosen = device ? { deviceId: { exact: device } } : {};
    const wish = this.constraints ?? { width: { ideal: 1920 }, height: { ideal: 1440 } };
    try {
      if (!navigator.mediaDevices) throw new Error("insecure");
      const live = await navigator.mediaDevices.getUserMedia({ video: { ...wish, ...chosen }, audio: false });
      if (!this.isConnected) return live.getTracks().forEach((track) => track.stop());
      this.live = live;
      this.trouble = "";
      const all = await navigator.mediaDevices.enumerateDevices();
      this.devices = all.filter((found) => found.kind === "videoinput");
    } catch (error) {
      this.trouble = reason(error);
    }
  }

  close(): void {
    this.running = false;
    this.live?.getTracks().forEach((track) => track.stop());
    this.live = null;
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

  private renderChoice() {
    if (this.devices.length < 2) return nothing;
    return html`<select
      aria-label="select input source"
      @change=${(event: Event) => this.open((event.target as HTMLSelectElement).value)}
    >
      ${this.devices.map((device, i) => html`<option value=${device.deviceId}>${device.label || `Camera ${i + 1}`}</option>`)}
    </select>`;
  }

  override render() {
    if (!this.live)
      return html`<button type="button" class="camera-access" @click=${() => this.open()}>
        ${icon("camera")} <span>Click to Access Webcam</span>
        ${this.trouble ? html`<span class="trouble" role="alert">${this.trouble}</span>` : nothing}
      </button>`;
    const name = !this.streaming ? "capture photo" : this.running ? "stop recording" : "start recording";
    const mark = !this.streaming ? icon("camera") : this.running ? icon("square") : icon("circle-dot");
    return html`<video
        .srcObject=${this.live}
        autoplay
        muted
        playsinline
        class=${this.mirror ? "mirrored" : ""}
        aria-label="camera"
      ></video>
      <div class="camera-controls">
        <button
          type="button"
          class="secondary sm ${this.running ? "running" : ""}"
          aria-label=${name}
          @click=${this.shoot}
        >
          ${mark}
        </button>
        ${this.renderChoice()}
      </div>`;
  }
}

function reason(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError")
    return "The browser was not allowed to use the camera. Allow it beside the address.";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "No camera was found.";
  if (name === "NotReadableError") return "The camera is in use by another program.";
  return "This page cannot use the camera: browsers allow it on https and localhost only.";
}

define("gr-camera", GrCamera);
