/** UploadButton: chooses files and uploads them. See upload_button.py. */
import { define, dropArea, html, nothing, upload, type FileData, t } from "blocks";
import { GrPressable } from "blocks/pressing";
import "./upload_button.css";

type Choosing = Awaited<ReturnType<typeof dropArea>>;

export class GrUploadButton extends GrPressable<FileData | FileData[] | null> {
  static override properties = { choosing: { state: true }, sent: { state: true } };
  /** What knows of types of files; loaded with the first button. */
  declare choosing?: Choosing;
  /** Per cent of the upload that is under way. */
  declare sent: number | null;
  #abort?: AbortController;

  constructor() {
    super();
    this.sent = null;
    void dropArea().then((choosing) => (this.choosing = choosing));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  get #several(): boolean {
    return this.props.file_count === "multiple" || this.props.file_count === "directory";
  }

  #press = (): void => {
    if (this.sent != null) return this.#abort?.abort();
    this.emit("click");
    this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")!.click();
  };

  #pick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void this.#take([...(input.files ?? [])]);
    input.value = ""; // the same file again is a new choice
  };

  async #take(files: File[]): Promise<void> {
    const { isWanted, reportError } = await dropArea();
    const wrong = files.filter((file) => !isWanted(file, this.props.file_types));
    if (wrong.length) {
      const names = wrong.map((file) => file.name).join(", ");
      void reportError(new Error(t("{0}: only {1} can be taken.", names, this.props.file_types.join(", "))));
    }
    const good = files.filter((file) => !wrong.includes(file));
    if (!good.length) return;
    this.#abort = new AbortController();
    this.sent = 0;
    try {
      const progress = (done: number, all: number) => (this.sent = all ? Math.round((100 * done) / all) : 0);
      const given = await upload(good, progress, this.#abort.signal);
      this.act(this.#several ? given : given[0], "change", ["upload", this.#several ? given : given[0]]);
    } catch (error) {
      void reportError(error);
    } finally {
      this.sent = null;
    }
  }

  override render() {
    const directory = this.props.file_count === "directory";
    return html`<input
        type="file"
        data-testid="${this.label}-upload-button"
        hidden
        tabindex="-1"
        aria-label=${this.label}
        accept=${this.choosing?.accepts(this.props.file_types) ?? nothing}
        ?multiple=${this.#several}
        ?webkitdirectory=${directory}
        @change=${this.#pick}
      />
      <button
        id=${this.domId}
        type="button"
        class="upload-button ${this.classes}"
        style=${this.flexStyle}
        aria-description=${this.sent == null ? nothing : t("Cancels the upload")}
        ?disabled=${this.off}
        @click=${this.#press}
      >
        ${this.renderFace(
          this.sent == null
            ? this.label
            : html`<span role="status">${t("Uploading… {0} %", this.sent)}</span>`,
        )}
      </button>`;
  }
}

define("gr-uploadbutton", GrUploadButton);
