/**
 * The place where files are chosen or dropped, and where one sees them travel. A chunk of its own, loaded when the
 * first component needs it: `void dropArea()`, then `<gr-drop-area>` in a template.
 */
import { GrElement, define, html, icon, nothing, property, state, upload, type FileData, t } from "blocks";
import { tell } from "blocks/telling";
import "./droparea.css";

const KINDS: Record<string, string> = {
  image: "image/*",
  audio: "audio/*",
  video: "video/*",
  text: "text/*",
};

/** Value of an input's `accept`: Gradio's file types are suffixes or kinds; "file" is any. */
export function accepts(types: string[] | null | undefined): string | undefined {
  if (!types?.length || types.includes("file")) return undefined;
  return types.map((type) => KINDS[type] ?? type).join(",");
}

const DRAGS = ["dragenter", "dragover", "dragleave"] as const;

/** Whether a file is of one of the types; what the browser's own dialog does, for files that are dropped. */
export function isWanted(file: File, types: string[] | null | undefined): boolean {
  const wanted = accepts(types)?.split(",");
  return (
    !wanted ||
    wanted.some((type) =>
      type.startsWith(".")
        ? file.name.toLowerCase().endsWith(type.toLowerCase())
        : type === "*/*" ||
          (type.endsWith("/*") ? file.type.startsWith(type.slice(0, -1)) : file.type === type),
    )
  );
}

/** Shows why something did not work. */
export async function reportError(error: unknown): Promise<void> {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const { show } = await import("./toast");
  show({ level: "error", text: error instanceof Error ? error.message : String(error) });
}

/** Every file that was dropped, folders opened. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...transfer.files];
  return (await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])))).flat();
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (!some.length) break; // a reader gives a folder's entries in portions
    found.push(...some);
  }
  return (await Promise.all(found.map(filesIn))).flat();
}

/**
 * Properties: `types`, `multiple`, `directory`, `text` ("Drop File Here"), `hint` (replaces the texts), `name` (label of
 * the input), `compact` (only a button), `filled` (nothing to be seen until something is dragged over the block, which takes
 * it in place of what it has), `local` (nothing is uploaded: the event "chosen" tells of the File[]). The whole block around
 * it takes what is dropped, or a part of it with `data-drops`. Tells by the event "files", whose detail is FileData[].
 */
export class GrDropArea extends GrElement<null> {
  @property({ attribute: false }) types: string[] | null = null;
  @property({ attribute: false }) multiple = false;
  @property({ attribute: false }) directory = false;
  @property({ attribute: false }) text = t("Drop File Here");
  @property({ attribute: false }) hint: string | null = null;
  @property({ attribute: false }) name = "";
  @property({ attribute: false }) compact = false;
  @property({ attribute: false }) filled = false;
  @property({ attribute: false }) local = false;
  @state() private over = false;
  @state() private sent: { names: string; share: number } | null = null;
  private abort?: AbortController;
  private block: HTMLElement = this;

  override connectedCallback(): void {
    super.connectedCallback();
    this.block = this.closest<HTMLElement>("[data-drops], .block") ?? this;
    for (const name of DRAGS) this.block.addEventListener(name, this.onDrag);
    this.block.addEventListener("drop", this.onDrop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const name of DRAGS) this.block.removeEventListener(name, this.onDrag);
    this.block.removeEventListener("drop", this.onDrop);
    this.abort?.abort();
  }

  /** Uploads files from wherever they come; refuses the wrong types in words. */
  async take(files: File[]): Promise<void> {
    const chosen = this.multiple || this.directory ? files : files.slice(0, 1);
    const wrong = chosen.filter((file) => !isWanted(file, this.types));
    if (wrong.length)
      void reportError(
        new Error(
          t("{0}: only {1} can be taken.", wrong.map((file) => file.name).join(", "), this.types!.join(", ")),
        ),
      );
    const good = chosen.filter((file) => !wrong.includes(file));
    if (!good.length || this.sent) return;
    if (this.local) return void this.dispatchEvent(new CustomEvent("chosen", { detail: good }));
    const names = good.length === 1 ? good[0].name : `${good.length} files`;
    this.abort = new AbortController();
    this.sent = { names, share: 0 };
    try {
      const progress = (done: number, all: number) => (this.sent = { names, share: all ? done / all : 0 });
      const detail: FileData[] = await upload(good, progress, this.abort.signal);
      this.dispatchEvent(new CustomEvent("files", { detail }));
      tell(t("Upload done.")); // without the name, which stands where it belongs
    } catch (error) {
      void reportError(error);
    } finally {
      this.sent = null;
    }
  }

  private onPick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void this.take([...(input.files ?? [])]);
    input.value = ""; // the same file again is a new choice
  };

  private onDrag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files") || event.defaultPrevented) return;
    event.preventDefault();
    const inside = event.relatedTarget instanceof Node && this.block.contains(event.relatedTarget);
    this.over = event.type !== "dragleave" || inside;
  };

  private onDrop = async (event: DragEvent): Promise<void> => {
    this.over = false;
    if (!event.dataTransfer?.types.includes("Files") || event.defaultPrevented) return;
    event.preventDefault();
    await this.take(await droppedFiles(event.dataTransfer));
  };

  private onClick = (event: Event): void => {
    const input = this.querySelector("input")!;
    if (event.target !== input) input.click();
  };

  private renderTexts() {
    if (this.compact) return icon("upload");
    const [head, ...rest] = this.hint?.split("\n") ?? [];
    const more = rest.join("\n").trim();
    return html`<span class="mark">${icon("upload")}</span>
      <span class="texts">
        ${
          this.hint
            ? html`<span class="head">${head.replace(/^#+\s*/, "")}</span>
                ${more ? html`<span>${more}</span>` : nothing}`
            : html`<span>${this.text}</span> <span class="or">${t("- or -")}</span>
                <span>${t("Click to Upload")}</span>`
        }
      </span>`;
  }

  private renderProgress() {
    const percent = Math.round(this.sent!.share * 100);
    return html`<div class="uploading" role="status">
      <span>${t("Uploading {0}…", this.sent!.names)}</span>
      <progress max="100" .value=${percent} aria-label=${t("Upload progress")}></progress>
      <button type="button" class="secondary sm" @click=${() => this.abort?.abort()}>${t("Cancel")}</button>
    </div>`;
  }

  override render() {
    this.classList.toggle("filled", this.filled);
    this.block.classList.toggle("drop-here", this.over && this.compact);
    if (this.sent) return this.renderProgress();
    return html`${this.over && this.filled ? this.renderOver() : nothing}${this.filled ? nothing : this.renderButton()}`;
  }

  /** Over what the block shows already: the drop would add to it, or take its place. */
  private renderOver() {
    return html`<div class="drop-area dragging over">
      <span class="mark">${icon("upload")}</span><span>${this.text}</span>
    </div>`;
  }

  private renderButton() {
    return html`<button
      type="button"
      class=${this.compact ? "icon-button" : `drop-area${this.over ? " dragging" : ""}`}
      data-name=${!this.compact && this.name ? this.name : nothing}
      aria-label=${this.compact ? t("Upload file") : nothing}
      title=${this.compact ? t("Upload file") : nothing}
      @click=${this.onClick}
    >
      ${this.renderTexts()}
      <input
        type="file"
        data-testid="file-upload"
        hidden
        tabindex="-1"
        aria-label=${this.name}
        accept=${accepts(this.types) ?? nothing}
        ?multiple=${this.multiple || this.directory}
        ?webkitdirectory=${this.directory}
        @change=${this.onPick}
      />
    </button>`;
  }
}

define("gr-drop-area", GrDropArea);
