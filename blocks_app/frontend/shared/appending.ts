/**
 * Plays sound or film that comes in pieces, one behind the other without gaps, through one media element:
 * `import { Appending } from "blocks/appending"`. Each piece is a file of its own, asked for by plain HTTP.
 */
import { t } from "blocks";

/** What has been played may go when there is no room, but for so many seconds. */
const KEPT = 10;

type Source = MediaSource & { readonly readyState: ReadyState };

function maker(): (new () => Source) | undefined {
  const own = globalThis as { ManagedMediaSource?: new () => Source; MediaSource?: new () => Source };
  return own.MediaSource ?? own.ManagedMediaSource;
}

/** Whether this browser plays pieces of a type, such as `audio/mp4; codecs="flac"`. */
export function canAppend(type: string): boolean {
  return !!(maker() as unknown as typeof MediaSource | undefined)?.isTypeSupported(type);
}

export class Appending {
  /** How many pieces were asked for. */
  count = 0;
  private readonly source: Source;
  private readonly address: string;
  private readonly aborted = new AbortController();
  private work: Promise<unknown>;
  private buffer!: SourceBuffer;

  /** Begins to play in `media`. `failed` is told of the first piece that cannot be had or played. */
  constructor(
    private readonly media: HTMLMediaElement,
    type: string,
    failed: (error: unknown) => void,
  ) {
    this.source = new (maker()!)();
    this.address = URL.createObjectURL(this.source);
    media.disableRemotePlayback = true; // Safari gives no source to a player that may leave the page
    media.src = this.address;
    this.work = once(this.source, "sourceopen").then(() => {
      this.buffer = this.source.addSourceBuffer(type);
      if (!type.includes("mp4") && !type.includes("webm")) this.buffer.mode = "sequence";
    });
    this.failed = (error) => {
      if (!this.aborted.signal.aborted) failed(error);
      this.close();
    };
  }

  private readonly failed: (error: unknown) => void;

  /** Plays the file at this address behind those before; `change` makes of it what the browser takes. */
  add(address: string, change: (file: ArrayBuffer) => ArrayBuffer | Uint8Array = (file) => file): void {
    this.count++;
    // asked for at once, so that it is there when its turn comes
    const coming = fetch(address, { signal: this.aborted.signal }).then(async (answer) => {
      if (!answer.ok) throw new Error(t("A piece of it could not be loaded ({0}).", answer.status));
      return answer.arrayBuffer();
    });
    coming.catch(() => undefined);
    this.then(async () => this.append(change(await coming)));
  }

  /** There are no more pieces. */
  end(): void {
    this.then(async () => {
      if (this.source.readyState === "open") this.source.endOfStream();
    });
  }

  /** Stops; the media element may be given something else. */
  close(): void {
    this.aborted.abort();
    URL.revokeObjectURL(this.address);
  }

  private then(next: () => Promise<void>): void {
    this.work = this.work.then(() => (this.aborted.signal.aborted ? undefined : next()));
    this.work.catch(this.failed);
  }

  private async append(piece: ArrayBuffer | Uint8Array): Promise<void> {
    if (!piece.byteLength) return;
    for (;;)
      try {
        this.buffer.appendBuffer(piece as BufferSource);
        return await once(this.buffer, "updateend");
      } catch (error) {
        if ((error as DOMException).name !== "QuotaExceededError") throw error;
        await this.makeRoom();
      }
  }

  /** Lets go of what was played; when that is nothing, waits until something was. */
  private async makeRoom(): Promise<void> {
    const end = this.media.currentTime - KEPT;
    const { buffered } = this.buffer;
    if (buffered.length && buffered.start(0) < end) {
      this.buffer.remove(buffered.start(0), end);
      return once(this.buffer, "updateend");
    }
    await once(this.media, "timeupdate", this.aborted.signal);
  }
}

function once(target: EventTarget, name: string, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    target.addEventListener(name, () => done(), { once: true });
    signal?.addEventListener("abort", () => done(), { once: true });
  });
}
