/** Video: shows a film, or takes one from a file or the camera. See video.py. */
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
import "./video.css";

type Source = "upload" | "webcam";
interface Film {
  /** Of a film that comes in pieces the first, and all of them. */
  video: FileData & { pieces?: FileData[]; is_stream?: boolean };
  subtitles?: FileData | null;
  /** The seconds between which the visitor wants it. */
  trim?: [number, number];
}

const SOURCES: Record<Source, Face> = {
  upload: [t("Upload file"), icon("upload")],
  webcam: [t("Record video"), icon("video")],
};
const UNPLAYABLE = t("This browser cannot play this video.");

export class GrVideo extends GrElement<Film | FileData | null> {
  override defaultLabel = "Video";
  @state() private chosen: Source | null = null;
  @state() private trimming = false;
  @state() private trouble = "";
  /** Which piece is shown of a film that comes in pieces. */
  @state() private index = 0;
  /** Address of what is shown, to tell when another film comes. */
  private shown: string | null = null;
  /** Of a film in pieces: the first one, how long those are that were shown, and whether the next is waited for. */
  private first: string | null = null;
  private lengths: number[] = [];
  private waiting = false;
  /** Whether more pieces may come. */
  private coming = false;
  /** Whether the visitor wants it to go on, whatever the player does between two pieces. */
  private going = false;
  /** Where to go on in a film that is whole now. */
  private resume: { at: number; playing: boolean } | null = null;

  private get sources(): Source[] {
    return this.props.sources ?? ["upload", "webcam"];
  }

  private get source(): Source {
    return this.chosen ?? this.sources[0] ?? "upload";
  }

  /** The value; a bare file, as programs may send it, is a film too. */
  private get film(): Film | null {
    if (!this.value) return null;
    return "video" in this.value ? this.value : { video: this.value };
  }

  private get player(): HTMLVideoElement | null {
    return this.querySelector<HTMLVideoElement>("video.player");
  }

  /** Where it is being played: in a film that comes in pieces, since the beginning of the first. */
  override optionsNow() {
    const { player } = this;
    const position = player?.readyState
      ? this.secondsBefore + player.currentTime
      : this.props.playback_position;
    return { playback_position: position ?? 0 };
  }

  /** Seconds of the pieces that were shown already. */
  private get secondsBefore(): number {
    return this.lengths.slice(0, this.index).reduce((sum, each) => sum + each, 0);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    const { playback_position: place } = this.props;
    const before = changed.get("props") as { playback_position?: number } | undefined;
    if (before && before.playback_position !== place && this.player) this.player.currentTime = place ?? 0;
    if (this.interactive) void dropArea();
    this.follow();
    const address = this.address;
    if (address === this.shown) return;
    this.shown = address;
    this.trouble = "";
    this.trimming = false;
  }

  protected override updated(): void {
    this.style.width = length(this.props.width);
    this.style.setProperty("--video-height", length(this.props.height) || null);
  }

  private get pieces(): FileData[] | null {
    return this.film?.video.pieces ?? null;
  }

  private get address(): string | null {
    return fileUrl(this.pieces?.[this.index] ?? this.film?.video);
  }

  /** Goes on to the next piece when it has come, and from the pieces to the whole film where they were left. */
  private follow(): void {
    const { pieces } = this;
    const first = pieces?.[0].path ?? null;
    if (first !== this.first) {
      const player = pieces || !this.coming ? null : this.player;
      const at = this.secondsBefore + (player?.currentTime ?? 0);
      this.resume = player && this.value ? { at, playing: this.going } : null;
      Object.assign(this, { first, index: 0, lengths: [], waiting: false });
    }
    this.coming = !!pieces && !!this.film!.video.is_stream;
    if (!this.waiting || !pieces) return;
    if (this.index + 1 < pieces.length) this.next();
    else if (!this.film!.video.is_stream) {
      this.waiting = false;
      this.tellEnd();
    }
  }

  private next(): void {
    this.waiting = false;
    this.index += 1;
  }

  private put(video: FileData, ...events: string[]): void {
    this.act({ video, subtitles: null }, ...events);
  }

  private clear = (): void => {
    this.act(null, "clear", "change", "input");
  };

  private onFiles = (event: CustomEvent<FileData[]>): void =>
    this.put(event.detail[0], "upload", "change", "input");

  private onRecorded = async (film: File): Promise<void> => {
    try {
      this.put((await upload([film]))[0], "change", "stop_recording", "input");
    } catch (error) {
      void (await dropArea()).reportError(error);
    }
  };

  private choose(source: Source): void {
    this.chosen = source;
    if (source === "webcam") void import("./recording");
  }

  // -- the player ---------------------------------------------------------------------------------------------------

  private onMetadata = (event: Event): void => {
    const player = event.target as HTMLVideoElement;
    if (player.duration === Infinity) return this.findEnd(player);
    if (this.pieces) {
      this.lengths[this.index] = player.duration;
      if (this.index > 0) return void this.playBySelf(player);
    }
    if (this.resume) {
      const { at, playing } = this.resume;
      this.resume = null;
      player.currentTime = Math.min(at, player.duration);
      return void (playing && this.playBySelf(player));
    }
    const start = this.film?.trim?.[0] ?? this.props.playback_position ?? 0;
    if (start > 0) player.currentTime = start;
    if (this.props.autoplay && !this.interactive) void this.playBySelf(player);
  };

  /** A recording does not say how long it is until a browser has been at its end. */
  private findEnd(player: HTMLVideoElement): void {
    const known = (): void => {
      if (player.duration === Infinity) return;
      player.removeEventListener("durationchange", known);
      player.currentTime = this.film?.trim?.[0] ?? 0;
    };
    player.addEventListener("durationchange", known);
    player.currentTime = Number.MAX_SAFE_INTEGER;
  }

  /** Browsers let a page begin with sound only after the visitor has done something in it. */
  private async playBySelf(player: HTMLVideoElement): Promise<void> {
    try {
      await player.play();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
      player.muted = true;
      await player.play().catch(() => undefined);
    }
  }

  private onPlay = (event: Event): void => {
    const player = event.target as HTMLVideoElement;
    const part = this.film?.trim;
    if (part && (player.currentTime < part[0] || player.currentTime >= part[1])) player.currentTime = part[0];
    this.going = true;
    if (!this.pieces || this.index === 0) this.emit("play");
  };

  private onPause = (event: Event): void => {
    if ((event.target as HTMLVideoElement).ended) return;
    this.going = false;
    this.emit("pause");
  };

  private onEnded = (): void => {
    if (!this.pieces) return this.tellEnd();
    this.waiting = true;
    this.requestUpdate();
  };

  private tellEnd(): void {
    this.going = false;
    this.emit("stop");
    this.emit("end");
  }

  /** The part that the visitor cut out ends before the film does. */
  private onTime = (event: Event): void => {
    const player = event.target as HTMLVideoElement;
    const part = this.film?.trim;
    if (!part || player.paused || player.currentTime < part[1]) return;
    player.currentTime = part[0];
    if (this.props.loop) return;
    player.pause();
    this.tellEnd();
  };

  private onError = (): void => {
    if (this.player?.getAttribute("src")) this.trouble = UNPLAYABLE;
  };

  // -- cutting ------------------------------------------------------------------------------------------------------

  private startTrimming = async (): Promise<void> => {
    await import("./trimming");
    this.player?.pause();
    this.trimming = true;
  };

  private onTrimmed = (part: [number, number] | null): void => {
    const film = this.film!;
    this.trimming = false;
    const whole = !part || (part[0] <= 0 && part[1] >= (this.player?.duration ?? 0));
    const { trim: _, ...rest } = film;
    this.act(whole ? rest : { ...rest, trim: part }, "change", "input");
    if (this.player) this.player.currentTime = whole ? 0 : part[0];
  };

  private renderTrim() {
    const length = this.player?.duration ?? 0;
    return html`<gr-trim
      .length=${Number.isFinite(length) ? length : 0}
      .cut=${this.film?.trim ?? null}
      .show=${(second: number) => this.player && (this.player.currentTime = second)}
      .done=${this.onTrimmed}
    ></gr-trim>`;
  }

  // -- what is drawn ------------------------------------------------------------------------------------------------

  private renderSources() {
    if (!this.interactive || this.value) return nothing;
    return sourceChoice(this.sources, SOURCES, this.source, (source) => this.choose(source));
  }

  private renderInput() {
    if (this.source !== "webcam") return this.renderArea(false);
    void import("./recording");
    const { webcam_options, include_audio, format, max_length } = this.props;
    return html`<gr-recorder
      .mirror=${webcam_options?.mirror ?? true}
      .constraints=${webcam_options?.constraints ?? null}
      .sound=${include_audio ?? false}
      .format=${format ?? null}
      .longest=${max_length ?? null}
      .begun=${() => this.emit("start_recording")}
      .take=${this.onRecorded}
    ></gr-recorder>`;
  }

  private renderArea(filled: boolean) {
    return html`<gr-drop-area
      .types=${["video"]}
      .text=${t("Drop Video Here")}
      .filled=${filled}
      .name=${this.label}
      @files=${this.onFiles}
    ></gr-drop-area>`;
  }

  private renderTools() {
    if (!this.interactive) return nothing;
    const cuts = this.props._cuts && !this.pieces && !this.trouble && !this.trimming;
    return [
      cuts ? iconButton(t("Trim video"), icon("scissors"), this.startTrimming) : nothing,
      cuts && this.film?.trim
        ? iconButton(t("Show the whole video"), icon("undo"), () => this.onTrimmed(null))
        : nothing,
      iconButton(t("Clear"), icon("x"), this.clear),
    ];
  }

  private renderCorner(address: string) {
    const { video } = this.film!;
    const name = video.orig_name ?? "video";
    const saved = this.interactive ? this.props.show_download_button : true;
    return this.renderButtons(
      {
        download: () => saved && downloadLink(address, name),
        share: () => iconButton(t("Share"), icon("share-2"), () => shareFile(video)),
      },
      this.renderTools(),
    );
  }

  private renderPlayer(address: string) {
    const captions = fileUrl(this.film!.subtitles ?? this.props.subtitles);
    return html`<video
      class="player"
      data-testid="${this.label}-player"
      aria-label=${this.label}
      src=${address}
      controls
      playsinline
      preload="metadata"
      ?loop=${this.props.loop && !this.film!.trim && !this.pieces}
      @loadedmetadata=${this.onMetadata}
      @play=${this.onPlay}
      @pause=${this.onPause}
      @ended=${this.onEnded}
      @timeupdate=${this.onTime}
      @error=${this.onError}
    >
      ${captions ? html`<track kind="captions" src=${captions} label="Subtitles" default />` : nothing}
    </video>`;
  }

  private renderTrouble(address: string) {
    return html`<div class="trouble" role="alert">
      ${icon("video-off")} <span>${this.trouble}</span>
      <a href=${address} download=${this.film!.video.orig_name ?? "video"}>${t("Download it")}</a>
    </div>`;
  }

  private renderBody() {
    const { address } = this;
    if (address)
      return [
        this.renderCorner(address),
        this.trouble ? this.renderTrouble(address) : this.renderPlayer(address),
        this.trimming ? this.renderTrim() : nothing,
        this.interactive && this.sources.includes("upload") ? this.renderArea(true) : nothing,
      ];
    if (this.interactive) return [this.renderButtons(), this.renderInput()];
    return [
      this.renderButtons(),
      html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("video")}</div>`,
    ];
  }

  override render() {
    return html`${this.renderBlockLabel(icon("video"))}
      <div class="video-container" data-testid="video">${this.renderBody()}</div>
      ${this.renderSources()}`;
  }
}

/** A number is pixels; a text is CSS. */
function length(value: unknown): string {
  return typeof value === "number" ? `${value}px` : typeof value === "string" ? value : "";
}

define("gr-video", GrVideo);
