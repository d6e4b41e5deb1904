/** Audio: plays a sound, or takes one from a file or the microphone. See audio.py. */
import {
  GrElement,
  define,
  dropArea,
  fileUrl,
  html,
  icon,
  nothing,
  state,
  upload,
  type FileData,
  t,
} from "blocks";
import { downloadLink, iconButton, shareFile } from "blocks/corner";
import { sourceChoice, type Face } from "blocks/source_choice";
import type { GrAudioPlayer, PlayerHost, SoundData } from "./player";
import type { GrAudioRecorder, RecorderHost } from "./recorder";
import "./audio.css";

type Source = "upload" | "microphone";

const SOURCES: Record<Source, Face> = {
  upload: [t("Upload file"), icon("upload")],
  microphone: [t("Record audio"), icon("mic")],
};

export class GrAudio extends GrElement<SoundData | null> {
  override defaultLabel = "Audio";
  @state() private chosen: Source | null = null;
  /** What a trimmed sound was before. */
  @state() private original: SoundData | null = null;
  /** Whether `recording` was asked for and not yet begun. */
  private due = false;

  private get sources(): Source[] {
    return this.props.sources ?? ["upload", "microphone"];
  }

  private get source(): Source {
    return this.chosen ?? this.sources[0] ?? "upload";
  }

  /** Whether the microphone stays there: its pieces are the value, one after the other. */
  private get streams(): boolean {
    return this.interactive && !!this.props.streaming && this.source === "microphone";
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    super.willUpdate(changed as never);
    if (this.value && !this.streams) void import("./player");
    if (changed.has("props")) this.askedToRecord(changed.get("props") as { recording?: boolean } | undefined);
    if (!this.interactive) return;
    if (this.sources.includes("upload")) void dropArea();
    if (this.source === "microphone") void import("./recorder");
  }

  private askedToRecord(before?: { recording?: boolean }): void {
    const { recording } = this.props;
    if (!!before?.recording === !!recording || !this.interactive || !this.sources.includes("microphone"))
      return;
    this.due = !!recording;
    if (recording) this.chosen = "microphone";
    else void this.recorder?.stop();
  }

  private get recorder(): GrAudioRecorder | null {
    return this.querySelector<GrAudioRecorder>("gr-audio-recorder");
  }

  protected override updated(): void {
    if (!this.due || !this.recorder) return;
    this.due = false;
    void import("./recorder").then(() => this.recorder?.start());
  }

  override receive(value: SoundData | null): void {
    this.original = null;
    super.receive(value);
  }

  /** Where it is being played. */
  override optionsNow() {
    const { position } = this.querySelector<GrAudioPlayer>("gr-audio-player") ?? {};
    return { playback_position: position ?? this.props.playback_position ?? 0 };
  }

  private async send(sound: File): Promise<FileData> {
    return (await upload([sound]))[0];
  }

  private readonly recorderHost: RecorderHost = {
    begun: () => this.emit("start_recording"),
    paused: () => this.emit("pause_recording"),
    free: () => this.free("stream"),
    piece: async (sound) => {
      this.act(await this.send(sound), "stream");
      await Promise.resolve(); // the page is told at the end of this code
    },
    done: async (sound) => {
      this.original = null;
      this.act(await this.send(sound), "change", "input", "stop_recording");
    },
  };

  private get playerHost(): PlayerHost {
    const before = this.original;
    return {
      tell: (event) => this.emit(event),
      trimmed: async (sound) => {
        const value = await this.send(sound);
        this.original ??= this.value;
        this.act(value, "change", "input");
      },
      reset:
        before &&
        (() => {
          this.original = null;
          this.act(before, "change", "input");
        }),
    };
  }

  private put(value: FileData): void {
    this.original = null;
    this.act(value, "upload", "change", "input");
  }

  private clear = (): void => {
    this.original = null;
    this.act(null, "change", "clear", "input");
  };

  private renderArea(filled: boolean) {
    return html`<gr-drop-area
      .types=${["audio"]}
      .text=${t("Drop Audio Here")}
      .filled=${filled}
      .name=${this.label}
      @files=${(event: CustomEvent<FileData[]>) => this.put(event.detail[0])}
    ></gr-drop-area>`;
  }

  private renderRecorder() {
    const { stream_every, time_limit, max_length, waveform_options } = this.props;
    return html`<gr-audio-recorder
      .host=${this.recorderHost}
      .streaming=${!!this.props.streaming}
      .every=${stream_every ?? 0.5}
      .limit=${time_limit ?? null}
      .longest=${max_length ?? null}
      .drawn=${waveform_options?.show_recording_waveform !== false}
    ></gr-audio-recorder>`;
  }

  private renderBody() {
    if (this.streams) return this.renderRecorder();
    if (this.value)
      return [
        html`<gr-audio-player
          .file=${this.value}
          .options=${this.props}
          .editable=${this.interactive && this.props.editable !== false}
          .host=${this.playerHost}
        ></gr-audio-player>`,
        this.interactive && this.sources.includes("upload") ? this.renderArea(true) : nothing,
      ];
    if (!this.interactive)
      return html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("music")}</div>`;
    return this.source === "microphone" ? this.renderRecorder() : this.renderArea(false);
  }

  private renderCorner() {
    const address = this.value && !this.streams && !this.value.is_stream ? fileUrl(this.value) : null;
    if (!address) return this.renderButtons();
    return this.renderButtons(
      {
        download: () => !this.interactive && downloadLink(address, this.value!.orig_name ?? "audio"),
        share: () => iconButton(t("Share"), icon("share-2"), () => shareFile(this.value!)),
      },
      this.interactive ? iconButton(t("Clear"), icon("x"), this.clear) : nothing,
    );
  }

  private renderSources() {
    if (!this.interactive || (this.value && !this.streams)) return nothing;
    return sourceChoice(this.sources, SOURCES, this.source, (source) => (this.chosen = source));
  }

  override render() {
    return html`${this.renderBlockLabel(icon("music"))}
      <div
        class="audio-container"
        data-testid=${this.props.label ? `waveform-${this.props.label}` : "unlabelled-audio"}
      >
        ${this.renderCorner()}${this.renderBody()}
      </div>
      ${this.renderSources()}`;
  }
}

define("gr-audio", GrAudio);
