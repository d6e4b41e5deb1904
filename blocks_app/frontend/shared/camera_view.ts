/**
 * The visitor's camera on the page: asked for, shown, changed for another. `import { CameraView } from "blocks/camera_view"`;
 * what is done with it, pictures or a film, is the subclass's.
 */
import { GrElement, html, icon, nothing, property, state, t } from "blocks";
import { closeDevices, openCamera, trouble } from "./devices";
import "./camera_view.css";

export abstract class CameraView extends GrElement<null> {
  @property({ attribute: false }) mirror = true;
  @property({ attribute: false }) constraints: MediaTrackConstraints | null = null;
  @state() protected live: MediaStream | null = null;
  @state() private cameras: MediaDeviceInfo[] = [];
  @state() private trouble = "";
  /** Whether a microphone is asked for, too. */
  protected get listens(): boolean {
    return false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.close();
  }

  /** Asks for the camera; the browser may ask the visitor. */
  async open(device?: string): Promise<void> {
    this.close();
    try {
      const { stream, cameras } = await openCamera(this.constraints ?? this.usual, device, this.listens);
      if (!this.isConnected) return closeDevices(stream);
      Object.assign(this, { live: stream, cameras, trouble: "" });
      stream.getVideoTracks()[0]?.addEventListener("ended", () => this.lost(stream));
    } catch (error) {
      this.trouble = trouble(error);
    }
  }

  /** The camera was taken away, or the browser was told that it may not be used any more. */
  private lost(stream: MediaStream): void {
    if (stream !== this.live) return;
    this.close();
    this.trouble = t("The camera has gone. Connect it, or allow it beside the address.");
  }

  close(): void {
    closeDevices(this.live);
    this.live = null;
  }

  /** What is asked of the camera where the app says nothing. */
  protected abstract readonly usual: MediaTrackConstraints;

  /** What stands below the picture. */
  protected abstract renderControls(): unknown;

  protected renderChoice() {
    if (this.cameras.length < 2) return nothing;
    return html`<select
      aria-label=${t("select input source")}
      @change=${(event: Event) => this.open((event.target as HTMLSelectElement).value)}
    >
      ${this.cameras.map((one, i) => html`<option value=${one.deviceId}>${one.label || t("Camera {0}", i + 1)}</option>`)}
    </select>`;
  }

  override render() {
    if (!this.live)
      return html`<button type="button" class="camera-access" @click=${() => this.open()}>
        ${icon("camera")} <span>${t("Click to Access Webcam")}</span>
        ${this.trouble ? html`<span class="trouble" role="alert">${this.trouble}</span>` : nothing}
      </button>`;
    return html`<video
        .srcObject=${this.live}
        autoplay
        .muted=${true}
        playsinline
        class=${this.mirror ? "mirrored" : ""}
        aria-label=${t("camera")}
      ></video>
      <div class="camera-controls">${this.renderControls()}</div>`;
  }
}
