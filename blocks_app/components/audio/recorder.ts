/** Records from the microphone: which device, pause, level. A chunk of its own, loaded when somebody may record. */
import { GrElement, define, html, icon, nothing, property, state, t } from "blocks";
import { clock, wavFile } from "./pcm";
import { Tape, reason } from "./tape";
import "./recorder.css";

/** Seconds of a stream that may wait for the app; then it does not keep up at all. */
const MOST_WAITING = 60;
/** Levels that are drawn. */
const BARS = 120;

/** What the recorder tells the component that it belongs to. */
export interface RecorderHost {
  begun(): void;
  paused(): void;
  /** One piece of a stream; comes true when it was told. */
  piece(sound: File): Promise<void>;
  /** Comes true when the piece before has been worked on. */
  free(): Promise<void>;
  done(sound: File): Promise<void>;
}

/** Properties: `host`, `streaming` with `every` and `limit`, `longest` (seconds), `drawn`. */
export class GrAudioRecorder extends GrElement<null> {
  @property({ attribute: false }) host!: RecorderHost;
  @property({ attribute: false }) streaming = false;
  /** Seconds between two pieces of a stream, and of a stream in all. */
  @property({ attribute: false }) every = 0.5;
  @property({ attribute: false }) limit: number | null = null;
  @property({ attribute: false }) longest: number | null = null;
  @property({ attribute: false }) drawn = true;
  @state() private phase: "idle" | "opening" | "recording" | "paused" | "sending" = "idle";
  @state() private devices: MediaDeviceInfo[] = [];
  @state() private device = "";
  @state() private trouble = "";
  @state() private seconds = 0;
  private tape: Tape | null = null;
  private levels: number[] = [];
  private wake: () => void = () => {};

  override connectedCallback(): void {
    super.connectedCallback();
    void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.tape?.close();
    this.tape = null;
    this.wake();
    this.phase = "idle";
  }

  /** The microphones that there are; browsers tell their names to whom they were opened. */
  private async look(): Promise<void> {
    const all = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    this.devices = all.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId);
  }

  async start(): Promise<void> {
    if (this.phase !== "idle") return;
    this.phase = "opening";
    this.trouble = "";
    try {
      const tape = await Tape.open(this.device);
      if (!this.isConnected) return void tape.close();
      this.tape = tape;
    } catch (error) {
      this.trouble = reason(error);
      this.phase = "idle";
      return;
    }
    this.levels = [];
    this.seconds = 0;
    this.phase = "recording";
    this.tape.heard = () => this.heard();
    this.host.begun();
    void this.look();
    if (this.streaming) void this.send();
  }

  private heard(): void {
    const tape = this.tape;
    if (!tape) return;
    this.levels = [...this.levels, tape.level].slice(-BARS);
    this.seconds = tape.seconds;
    this.draw();
    if (tape.waiting >= this.every) this.wake();
    const longest = Math.min(this.longest ?? Infinity, (this.streaming && this.limit) || Infinity);
    if (tape.seconds >= longest) void this.stop();
    else if (this.streaming && tape.waiting > MOST_WAITING) {
      this.trouble = t("The app does not keep up with the recording, which was stopped.");
      void this.stop();
    }
  }

  /** The pieces of a stream in their order: the next one waits for the app, and then holds all that has come since. */
  private async send(): Promise<void> {
    while (this.tape) {
      const tape = this.tape;
      if (tape.running && tape.waiting < this.every) await new Promise<void>((done) => (this.wake = done));
      await this.host.free();
      if (!this.tape) return;
      const ended = !tape.running;
      const sound = tape.take();
      if (sound.samples.length) await this.host.piece(wavFile(sound)).catch((error) => this.fail(error));
      if (ended) return this.finish(tape);
    }
  }

  private fail(error: unknown): void {
    this.trouble = error instanceof Error ? error.message : String(error);
  }

  pause(): void {
    if (!this.tape || this.phase !== "recording") return;
    this.tape.running = false;
    this.phase = "paused";
    this.host.paused();
  }

  resume(): void {
    if (!this.tape || this.phase !== "paused") return;
    this.tape.running = true;
    this.phase = "recording";
  }

  async stop(): Promise<void> {
    const tape = this.tape;
    if (!tape || !["recording", "paused"].includes(this.phase)) return;
    this.phase = "sending";
    await tape.close();
    if (this.streaming) this.wake();
    else await this.finish(tape);
  }

  private async finish(tape: Tape): Promise<void> {
    this.tape = null;
    const sound = tape.whole();
    const most = this.longest == null ? Infinity : Math.floor(this.longest * sound.rate) * sound.channels;
    if (sound.samples.length > most) sound.samples = sound.samples.slice(0, most);
    if (!sound.samples.length) this.trouble = t("The microphone gave no sound.");
    else await this.host.done(wavFile(sound)).catch((error) => this.fail(error));
    this.phase = "idle";
  }

  private draw(): void {
    const canvas = this.querySelector("canvas");
    const pen = canvas?.getContext("2d");
    if (!canvas || !pen) return;
    const { width, height } = canvas;
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = getComputedStyle(this).getPropertyValue("--color-accent") || "gray";
    const wide = width / BARS;
    this.levels.forEach((level, i) => {
      const tall = Math.max(2, Math.sqrt(level) * height);
      pen.fillRect(width - (this.levels.length - i) * wide, (height - tall) / 2, Math.max(1, wide - 1), tall);
    });
  }

  private renderChoice() {
    if (this.devices.length < 2) return nothing;
    return html`<select
      aria-label=${t("select input source")}
      ?disabled=${this.phase !== "idle"}
      @change=${(event: Event) => (this.device = (event.target as HTMLSelectElement).value)}
    >
      ${this.devices.map(
        ({ deviceId, label }, i) =>
          html`<option value=${deviceId} ?selected=${deviceId === this.device}>
            ${label || t("Microphone {0}", i + 1)}
          </option>`,
      )}
    </select>`;
  }

  private button(text: string, mark: unknown, press: () => void, kind = "") {
    return html`<button type="button" class="secondary sm ${kind}" @click=${press}>${mark} ${text}</button>`;
  }

  private renderLevel() {
    const level = Math.round(Math.sqrt(this.levels.at(-1) ?? 0) * 100);
    return html`${this.drawn ? html`<canvas data-testid="recording-waveform" width="480" height="48" aria-hidden="true"></canvas>` : nothing}
      <span
        class="level"
        role="meter"
        aria-label=${t("Level")}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${level}
        ><span style="width:${level}%"></span
      ></span>`;
  }

  override render() {
    const busy = this.phase === "recording" || this.phase === "paused";
    return html`<div class="recorder" data-testid="microphone-waveform">
      ${busy ? this.renderLevel() : nothing}
      <div class="recorder-controls">
        ${
          busy
            ? [
                this.button(t("Stop"), icon("square"), () => void this.stop(), "stop-button"),
                this.phase === "recording"
                  ? this.button(t("Pause"), icon("pause"), () => this.pause())
                  : this.button(t("Resume"), icon("play"), () => this.resume()),
              ]
            : html`<button
                type="button"
                class="secondary sm record-button"
                ?disabled=${this.phase !== "idle"}
                @click=${() => this.start()}
              >
                ${icon("circle-dot")} ${this.phase === "sending" ? t("Sending…") : t("Record")}
              </button>`
        }
        ${busy ? html`<time>${clock(this.seconds)}</time>` : nothing} ${this.renderChoice()}
      </div>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
    </div>`;
  }
}

define("gr-audio-recorder", GrAudioRecorder);
