/** A film that the visitor's camera makes: asks for it, shows it, records it. Loaded when somebody wants to record. */
import { define, html, icon, nothing, property, state, t } from "blocks";
import { CameraView } from "blocks/camera_view";

/** The kind of file that this browser records, the wanted one first. */
export function recordedType(wanted: string | null): string {
  const kinds = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
  const known = wanted === "mp4" ? kinds.toReversed() : kinds;
  return known.find((kind) => MediaRecorder.isTypeSupported(kind)) ?? "";
}

/** What the camera shows, as in a mirror: each of its frames is drawn the other way round. */
export function mirrored(
  video: HTMLVideoElement,
  live: MediaStream,
): { stream: MediaStream; end: () => void } {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
  const pen = canvas.getContext("2d")!;
  pen.translate(canvas.width, 0);
  pen.scale(-1, 1);
  const stream = canvas.captureStream();
  live.getAudioTracks().forEach((track) => stream.addTrack(track));
  let going = true;
  const draw = (): void => {
    if (!going) return;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    video.requestVideoFrameCallback(draw);
  };
  draw();
  return { stream, end: () => ((going = false), stream.getVideoTracks().forEach((track) => track.stop())) };
}

/** Properties: `mirror`, `constraints`, `sound`, `format`, `longest` (seconds), `begun`, and `take`, given the film. */
export class GrRecorder extends CameraView {
  @property({ attribute: false }) sound = false;
  @property({ attribute: false }) format: string | null = null;
  @property({ attribute: false }) longest: number | null = null;
  @property({ attribute: false }) begun: () => void = () => undefined;
  @property({ attribute: false }) take: (film: File) => Promise<void> = async () => {};
  @state() private recorder: MediaRecorder | null = null;
  @state() private seconds = 0;
  @state() private sending = false;
  protected readonly usual = { width: { ideal: 1280 }, height: { ideal: 720 } };
  private clock?: ReturnType<typeof setInterval>;

  protected override get listens(): boolean {
    return this.sound;
  }

  override close(): void {
    if (this.recorder?.state === "recording") {
      this.recorder.onstop = null; // nobody is there to take it
      this.recorder.stop();
    }
    this.recorder = null;
    clearInterval(this.clock);
    super.close();
  }

  private start(): void {
    const video = this.querySelector("video")!;
    if (!this.live || !video.videoWidth) return;
    const mirror = this.mirror && "requestVideoFrameCallback" in video ? mirrored(video, this.live) : null;
    const type = recordedType(this.format);
    const recorder = new MediaRecorder(mirror?.stream ?? this.live, type ? { mimeType: type } : {});
    const pieces: Blob[] = [];
    const began = performance.now();
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => {
      mirror?.end();
      clearInterval(this.clock);
      this.recorder = null;
      const kind = (recorder.mimeType || type || "video/webm").split(";")[0];
      void this.give(new File(pieces, `recording.${kind.split("/")[1]}`, { type: kind }));
    };
    recorder.start(1000); // in pieces, so that a long film is not held twice
    this.recorder = recorder;
    this.seconds = 0;
    this.clock = setInterval(() => {
      this.seconds = (performance.now() - began) / 1000;
      if (this.longest != null && this.seconds >= this.longest && recorder.state === "recording")
        recorder.stop();
    }, 200);
    this.begun();
  }

  private async give(film: File): Promise<void> {
    this.sending = true;
    try {
      await this.take(film);
    } finally {
      this.sending = false;
    }
  }

  private toggle = (): void => {
    if (this.recorder) this.recorder.stop();
    else this.start();
  };

  protected renderControls() {
    const name = this.recorder ? t("stop recording") : t("start recording");
    return html`<button
        type="button"
        class="secondary sm ${this.recorder ? "running" : ""}"
        aria-label=${name}
        title=${name}
        ?disabled=${this.sending}
        @click=${this.toggle}
      >
        ${this.recorder ? icon("square") : icon("circle-dot")}
      </button>
      ${this.recorder ? html`<span class="clock" role="timer">${clock(this.seconds)}</span>` : nothing}
      ${this.sending ? html`<span role="status">${t("Sending the recording…")}</span>` : nothing}
      ${this.recorder ? nothing : this.renderChoice()}`;
  }
}

/** `1:05`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

define("gr-recorder", GrRecorder);
