/** Where pictures come from besides files, the same for all that take some: `import { PictureSources } from "blocks/sources"`. */
import { camera, dropArea, html, icon, upload, type FileData, type GrElement, t } from "blocks";
import { sourceChoice, type Face } from "./source_choice";
import "./sources.css";

export type Source = "upload" | "webcam" | "clipboard";

const SOURCES: Record<Source, Face> = {
  upload: [t("Upload file"), icon("upload")],
  webcam: [t("Capture from camera"), icon("camera")],
  clipboard: [t("Paste from clipboard"), icon("clipboard-paste")],
};

/** The sources of an element: `sources = new PictureSources(this, (files) => …)`; what it uploads is given to `put`. */
export class PictureSources {
  #chosen: Source | null = null;

  constructor(
    private readonly host: GrElement,
    private readonly put: (files: FileData[]) => void,
    private readonly standard: Source[],
  ) {
    host.addController(this);
  }

  get all(): Source[] {
    return this.host.props.sources ?? this.standard;
  }

  get chosen(): Source {
    return this.#chosen ?? this.all[0] ?? "upload";
  }

  hostConnected(): void {
    document.addEventListener("paste", this.#onPaste);
  }

  hostDisconnected(): void {
    document.removeEventListener("paste", this.#onPaste);
  }

  hostUpdate(): void {
    if (!this.host.interactive) return;
    void dropArea();
    if (this.chosen === "webcam") void camera();
  }

  /** Uploads pictures, whatever they came from; tells on the page what went wrong. */
  send = async (pictures: File[]): Promise<void> => {
    try {
      this.put(await upload(pictures));
    } catch (error) {
      void (await dropArea()).reportError(error);
    }
  };

  /** Ctrl+V belongs to the block that holds the focus or the pointer, unless somebody is writing. */
  #onPaste = (event: ClipboardEvent): void => {
    const { host } = this;
    const writing = (event.target as Element | null)?.closest?.(
      "input:not([type=file]), textarea, [contenteditable]",
    );
    const mine = host.contains(document.activeElement) || host.matches(":hover");
    if (!host.interactive || writing || !mine || !this.all.includes("clipboard")) return;
    const picture = [...(event.clipboardData?.files ?? [])].find((file) => file.type.startsWith("image/"));
    if (!picture) return;
    event.preventDefault();
    void this.send([picture]);
  };

  /** The button: browsers ask before a page may read the clipboard. */
  paste = async (): Promise<void> => {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((kind) => kind.startsWith("image/"));
        if (type)
          return await this.send([
            new File([await item.getType(type)], `clipboard.${type.slice(6)}`, { type }),
          ]);
      }
      throw new Error(t("There is no picture in the clipboard."));
    } catch (error) {
      const words = error instanceof DOMException || error instanceof TypeError;
      const text = t("The clipboard cannot be read by a button here. Press Ctrl+V over the picture instead.");
      void (await dropArea()).reportError(words ? new Error(text) : error);
    }
  };

  choose(source: Source): void {
    if (source === "clipboard") return void this.paste();
    this.#chosen = source;
    this.host.requestUpdate();
  }

  /** One button for each source; pasting is done at once. */
  renderChoice() {
    const lasting = (source: Source): boolean => source !== "clipboard";
    return sourceChoice(this.all, SOURCES, this.chosen, (source) => this.choose(source), lasting);
  }

  /** The camera, or a large button; nothing for files, which have their own place. */
  renderInput(take: (picture: File) => Promise<void> = (picture) => this.send([picture])) {
    const { mirror_webcam = true, webcam_options, format, streaming } = this.host.props;
    const { stream_every, time_limit } = this.host.props;
    if (this.chosen === "webcam")
      return html`<gr-camera
        .mirror=${mirror_webcam}
        .constraints=${webcam_options?.constraints ?? null}
        .format=${format ?? "png"}
        .streaming=${!!streaming}
        .every=${stream_every ?? 0.5}
        .limit=${time_limit ?? null}
        .whenFree=${() => this.host.free("stream")}
        .take=${take}
      ></gr-camera>`;
    if (this.chosen === "clipboard")
      return html`<button type="button" class="paste-area" @click=${this.paste}>
        ${icon("clipboard-paste")} <span>${t("Paste from Clipboard")}</span>
      </button>`;
    return null;
  }
}
