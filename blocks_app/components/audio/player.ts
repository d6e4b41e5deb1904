/** Plays one sound: drawing, buttons, subtitles, trimming. A chunk of its own, loaded with the first sound. */
import {
  GrElement,
  define,
  fileUrl,
  html,
  icon,
  nothing,
  property,
  state,
  t,
  type FileData,
  type Props,
} from "blocks";
import { Appending, canAppend } from "blocks/appending";
import { Fragments, TYPE } from "./fragments";
import { clock, cut, decode, readWav, wavFile } from "./pcm";
import "./trimming";
import "./player.css";

/** A sound on the wire; one that still comes names its pieces. */
export interface SoundData extends FileData {
  pieces?: FileData[];
  type?: string;
}

/** What the player tells the component that it belongs to. */
export interface PlayerHost {
  tell(event: "play" | "pause" | "stop"): void;
  trimmed(sound: File): Promise<void>;
  reset: (() => void) | null;
}

const SPEEDS = [1, 1.5, 2, 0.5];

/** Properties: `file`, `options` (those of the component), `editable`, `host`. */
export class GrAudioPlayer extends GrElement<null> {
  @property({ attribute: false }) file!: SoundData;
  @property({ attribute: false }) options: Props = {};
  @property({ attribute: false }) editable = false;
  @property({ attribute: false }) host!: PlayerHost;
  /** What the media element plays when it plays no pieces. */
  @state() private address: string | null = null;
  @state() private duration = 0;
  @state() private time = 0;
  @state() private playing = false;
  @state() private speed = 1;
  @state() private selection: [number, number] | null = null;
  @state() private drawn = false;
  @state() private trouble = "";
  @state() private said = "";
  private feed: Appending | null = null;
  private fragments = new Fragments();
  /** By which the next stream is told from this one. */
  private first = "";
  private wave: { destroy: () => void } | null = null;
  private drawing = new AbortController();
  private words: string | null = null;
  private subtitles: string | null = null;
  /** Where the next address is to go on, and whether it is to play. */
  private place = 0;

  private get media(): HTMLAudioElement {
    return this.querySelector("audio")!;
  }

  /** The second that is played; none while there is nothing to play. */
  get position(): number | undefined {
    return this.media?.readyState ? this.media.currentTime : undefined;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.undraw();
    this.feed?.close();
    this.feed = null;
    this.address = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate("file");
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("options")) this.takeOptions(changed.get("options") as Props | undefined);
    if (!changed.has("file")) return;
    this.trouble = "";
    this.selection = null;
    if (this.file.is_stream) return;
    if (!this.feed) this.show(0);
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("file")) this.follow();
    if (changed.has("address") && this.address) void this.draw(this.address);
  }

  private takeOptions(before: Props | undefined): void {
    const { subtitles, playback_position } = this.options;
    if ((subtitles ?? null) !== this.words) {
      this.words = subtitles ?? null;
      if (this.subtitles) URL.revokeObjectURL(this.subtitles);
      this.subtitles = this.words && URL.createObjectURL(new Blob([this.words], { type: "text/vtt" }));
      this.said = "";
    }
    if (before && before.playback_position !== playback_position && this.address)
      this.media.currentTime = playback_position ?? 0;
  }

  /** From now on the file itself is played. */
  private show(place: number): void {
    this.feed?.close();
    this.feed = null;
    this.place = place || this.options.playback_position || 0;
    this.address = fileUrl(this.file);
  }

  /** Pieces are played as they come; when all are there the file is, as soon as nobody hears the change. */
  private follow(): void {
    const { is_stream, pieces = [], type = "" } = this.file;
    if (!is_stream) {
      this.feed?.end();
      if (this.feed && this.media.paused) this.show(this.media.currentTime);
      return;
    }
    const first = pieces[0]?.path ?? "";
    if (this.feed && this.first !== first) {
      this.feed.close();
      this.feed = null;
    }
    this.first = first;
    const plain = type === "audio/wav";
    if (!canAppend(plain ? TYPE : type)) {
      this.trouble = t("This browser plays it when all of it is there.");
      return;
    }
    if (!this.feed) {
      this.undraw();
      this.address = null;
      this.fragments = new Fragments();
      this.feed = new Appending(this.media, plain ? TYPE : type, () => {
        this.trouble = t("A piece of the sound could not be played.");
      });
    }
    const { fragments } = this;
    const pack = (file: ArrayBuffer) => (plain ? fragments.next(readWav(file)!) : file);
    for (const piece of pieces.slice(this.feed.count)) this.feed.add(fileUrl(piece)!, pack);
  }

  private undraw(): void {
    this.drawing.abort();
    this.wave?.destroy();
    this.wave = null;
    this.drawn = false;
  }

  private async draw(address: string): Promise<void> {
    this.undraw();
    const { waveform_options: look = {} } = this.options;
    if (look.show_recording_waveform === false || !("OfflineAudioContext" in globalThis)) return;
    const { signal } = (this.drawing = new AbortController());
    const color = (name: string) => getComputedStyle(this).getPropertyValue(name).trim() || "gray";
    try {
      const { draw } = await import("./waveform");
      const wave = await draw(
        this.querySelector<HTMLElement>(".waveform")!,
        this.media,
        address,
        {
          wave: look.waveform_color || color("--body-text-color-subdued"),
          progress: look.waveform_progress_color || color("--color-accent"),
        },
        signal,
      );
      if (signal.aborted) return wave?.destroy();
      this.wave = wave;
      this.drawn = !!wave;
    } catch (error) {
      if (!signal.aborted) console.warn("The sound could not be drawn.", error);
    }
  }

  private onLoaded = (): void => {
    const { media } = this;
    this.duration = media.duration;
    media.playbackRate = this.speed;
    if (this.address && this.place) media.currentTime = this.place;
    this.place = 0;
  };

  private onPlay = (): void => {
    this.playing = true;
    this.host.tell("play");
  };

  private onPause = (): void => {
    this.playing = false;
    if (this.media.ended) return;
    this.host.tell("pause");
    if (this.feed && !this.file.is_stream) this.show(this.media.currentTime);
  };

  private onEnded = (): void => {
    this.playing = false;
    this.host.tell("stop");
    if (this.feed && !this.file.is_stream) this.show(0);
  };

  private onTime = (): void => {
    const { media } = this;
    this.time = media.currentTime;
    if (this.selection && this.playing && media.currentTime >= this.selection[1]) {
      media.pause();
      media.currentTime = this.selection[0];
    }
  };

  private onCue = (event: Event): void => {
    const cues = [...((event.target as HTMLTrackElement).track.activeCues ?? [])] as VTTCue[];
    this.said = cues.map((cue) => cue.getCueAsHTML().textContent).join("\n");
  };

  private hide = (event: Event): void => {
    (event.target as HTMLTrackElement).track.mode = "hidden"; // its cues are told, and drawn here
  };

  private toggle = (): void => {
    const { media } = this;
    if (!media.paused) return media.pause();
    if (this.selection) media.currentTime = this.selection[0];
    media.play().catch((error: Error) => {
      if (error.name !== "AbortError") this.trouble = t("The browser cannot play this sound.");
    });
  };

  private seek(seconds: number): void {
    this.media.currentTime = Math.max(0, Math.min(seconds, this.duration || 0));
  }

  private nextSpeed = (): void => {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    this.media.playbackRate = this.speed;
  };

  private get step(): number {
    return (this.duration * (this.options.waveform_options?.skip_length ?? 5)) / 100;
  }

  private onKey = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowLeft: this.media.currentTime - this.step,
      ArrowRight: this.media.currentTime + this.step,
      Home: 0,
      End: this.duration,
    };
    if (event.key === " ") this.toggle();
    else if (event.key in moves) this.seek(moves[event.key]);
    else return;
    event.preventDefault();
  };

  /** What lies between the handles: the very samples of a WAV with this rate, else what the browser decodes. */
  private trim = async (): Promise<void> => {
    const [from, to] = this.selection!;
    const rate = this.options.waveform_options?.sample_rate ?? 44100;
    this.media.pause();
    try {
      const content = await (await fetch(this.address!)).arrayBuffer();
      const exact = readWav(content);
      const sound = exact && exact.rate === rate ? exact : await decode(content, rate);
      await this.host.trimmed(wavFile(cut(sound, from, to)));
      this.selection = null;
    } catch (error) {
      this.trouble = error instanceof DOMException ? t("The browser cannot decode it.") : `${error}`;
    }
  };

  private button(name: string, mark: unknown, press: () => unknown, more: { pressed?: boolean } = {}) {
    return html`<button
      type="button"
      class="icon-button"
      aria-label=${name}
      title=${name}
      aria-pressed=${more.pressed ?? nothing}
      @click=${press}
    >
      ${mark}
    </button>`;
  }

  private renderEditing() {
    if (!this.editable || !this.address || !Number.isFinite(this.duration) || !this.duration) return nothing;
    if (!this.selection)
      return [
        this.host.reset ? this.button(t("Reset audio"), icon("undo-2"), this.host.reset) : nothing,
        this.button(t("Trim audio to selection"), icon("scissors"), () => {
          this.selection = [0, this.duration];
        }),
      ];
    const cancel = (): void => void (this.selection = null);
    return html`<button type="button" class="secondary sm" @click=${this.trim}>${t("Trim")}</button
      ><button type="button" class="secondary sm" @click=${cancel}>${t("Cancel")}</button>`;
  }

  private renderControls() {
    const seconds = Math.round(this.step * 10) / 10;
    const next = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
    return html`<div class="controls" data-testid="waveform-controls">
      <label class="volume">
        ${icon("volume-2")}
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          value="1"
          aria-label=${t("Adjust volume")}
          @input=${(event: Event) => (this.media.volume = (event.target as HTMLInputElement).valueAsNumber)}
        />
      </label>
      <span class="middle">
        ${this.button(t("Skip backwards by {0} seconds", seconds), icon("rewind"), () => this.seek(this.time - this.step))}
        ${this.button(this.playing ? t("Pause") : t("Play"), this.playing ? icon("pause") : icon("play"), this.toggle)}
        ${this.button(t("Skip forward by {0} seconds", seconds), icon("fast-forward"), () => this.seek(this.time + this.step))}
      </span>
      <span class="end">
        <button
          type="button"
          class="icon-button speed"
          aria-label=${t("Adjust playback speed to {0}x", next)}
          title=${t("Adjust playback speed to {0}x", next)}
          data-speed="${this.speed}x"
          @click=${this.nextSpeed}
        ></button>
        ${this.renderEditing()}
      </span>
    </div>`;
  }

  private renderPlace() {
    const region = this.options.waveform_options?.trim_region_color;
    return html`<div
      class="place ${this.drawn ? "" : "plain"}"
      role="slider"
      tabindex="0"
      aria-label=${t("Position")}
      aria-valuemin="0"
      aria-valuemax=${this.duration || 0}
      aria-valuenow=${this.time}
      aria-valuetext="${clock(this.time)} of ${clock(this.duration)}"
      style=${region ? `--trim-region-color:${region}` : nothing}
      @keydown=${this.onKey}
    >
      <div class="waveform"></div>
    </div>`;
  }

  override render() {
    const { autoplay, loop, waveform_options: look = {} } = this.options;
    const native = !this.address || look.show_controls || look.show_recording_waveform === false;
    return html`<div class="over">
        ${this.address && look.show_recording_waveform !== false ? this.renderPlace() : html`<div class="waveform" hidden></div>`}
        ${
          this.selection
            ? html`<gr-audio-trimming
                .duration=${this.duration}
                .from=${this.selection[0]}
                .to=${this.selection[1]}
                @trim=${(event: CustomEvent<[number, number]>) => (this.selection = event.detail)}
              ></gr-audio-trimming>`
            : nothing
        }
      </div>
      ${this.address ? html`<div class="times"><time>${clock(this.time)}</time><time>${clock(this.duration)}</time></div>` : nothing}
      <audio
        src=${this.address ?? nothing}
        preload="metadata"
        ?controls=${native}
        ?loop=${!!loop}
        ?autoplay=${!!autoplay}
        aria-label=${this.options.label ?? t("Audio")}
        @loadedmetadata=${this.onLoaded}
        @durationchange=${() => (this.duration = this.media.duration)}
        @timeupdate=${this.onTime}
        @seeked=${this.onTime}
        @play=${this.onPlay}
        @pause=${this.onPause}
        @ended=${this.onEnded}
        @error=${() => this.address && (this.trouble = t("The browser cannot play this sound."))}
      >
        ${this.subtitles ? html`<track kind="subtitles" default src=${this.subtitles} @load=${this.hide} @cuechange=${this.onCue} />` : nothing}
      </audio>
      ${this.said ? html`<p class="subtitles">${this.said}</p>` : nothing}
      ${this.address ? this.renderControls() : nothing}
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}`;
  }
}

define("gr-audio-player", GrAudioPlayer);
