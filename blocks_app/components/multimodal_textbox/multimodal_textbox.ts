/** MultimodalTextbox: text with files. See multimodal_textbox.py. */
import {
  GrElement,
  define,
  dropArea,
  fileUrl,
  html,
  icon,
  live,
  nothing,
  repeat,
  state,
  upload,
  type FileData,
  t,
} from "blocks";
import { iconButton } from "blocks/corner";
import type { Recording } from "./recording";
import { merged, type Message } from "./message";
import "./multimodal_textbox.css";

/** The only attributes that Python may add: anything else could carry a script. */
const allowed = /^(autocapitalize|autocorrect|spellcheck|autocomplete|tabindex|enterkeyhint|lang)$/;

/** Files on their way to the server. */
interface Sending {
  name: string;
  share: number;
  abort: AbortController;
}

const EMPTY: Message = { text: "", files: [] };

export class GrMultimodalTextbox extends GrElement<Message> {
  static override typed = true;
  static merge = merged;
  override defaultLabel = "Multimodal Textbox";
  @state() private sending: Sending[] = [];
  @state() private recording: Recording | null = null;
  @state() private over = false;
  /** What the drop area knows of files; null until it has been loaded. */
  @state() private area: Awaited<ReturnType<typeof dropArea>> | null = null;
  private follow = false;
  /** True while the field is disabled that the reader was in. */
  private left = false;

  private get control(): HTMLTextAreaElement {
    return this.querySelector("textarea")!;
  }

  private get uploads(): boolean {
    return (this.props.sources ?? ["upload"]).includes("upload");
  }

  override connectedCallback(): void {
    this.value ??= EMPTY;
    super.connectedCallback();
    for (const name of ["dragenter", "dragover", "dragleave", "drop"] as const)
      this.addEventListener(name, this.onDrag);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.recording?.cancel();
    for (const each of this.sending) each.abort.abort();
  }

  override receive(value: Message | null): void {
    const { scrollHeight, scrollTop, clientHeight } = this.control ?? this;
    this.follow = this.props.autoscroll !== false && scrollHeight - scrollTop - clientHeight < 100;
    super.receive(value ?? EMPTY);
  }

  protected override willUpdate(): void {
    if (!this.interactive && this.hasUpdated && document.activeElement === this.control) this.left = true;
    if (this.interactive && !this.area) void dropArea().then((area) => (this.area = area));
  }

  protected override firstUpdated(): void {
    if (this.props.autofocus) this.control.focus();
  }

  protected override updated(): void {
    const { control } = this;
    if (this.interactive && this.left) {
      this.left = false;
      if (document.activeElement === document.body) control.focus();
    }
    for (const [name, value] of Object.entries(this.props.html_attributes ?? {}))
      if (allowed.test(name)) control.setAttribute(name, String(value));
    if (this.follow) control.scrollTop = control.scrollHeight;
    this.follow = false;
  }

  private put(change: Partial<Message>): void {
    this.userInput({ ...this.value, ...change });
  }

  /** Sends files to the server and adds them; what is being sent meanwhile stays visible and can be stopped. */
  private async take(files: File[]): Promise<void> {
    const area = await dropArea();
    const types: string[] | null = this.props.file_types ?? null;
    const wrong = files.filter((file) => !area.isWanted(file, types));
    if (wrong.length) {
      const names = wrong.map((file) => file.name).join(", ");
      void area.reportError(new Error(t("{0}: only {1} can be taken.", names, types!.join(", "))));
    }
    const good = files.filter((file) => !wrong.includes(file));
    if (!good.length) return;
    const name = good.length === 1 ? good[0].name : `${good.length} files`;
    const sending: Sending = { name, share: 0, abort: new AbortController() };
    this.sending = [...this.sending, sending];
    try {
      const sent = await upload(
        good,
        (done, all) => {
          sending.share = all ? done / all : 0;
          this.requestUpdate();
        },
        sending.abort.signal,
      );
      this.put({ files: [...this.value.files, ...sent] });
    } catch (error) {
      void area.reportError(error);
    } finally {
      this.sending = this.sending.filter((each) => each !== sending);
    }
  }

  private submit = (): void => {
    if (!this.sending.length && !this.recording) this.emit("submit");
  };

  private onKeydown = (event: KeyboardEvent): void => {
    if (event.key != "Enter" || event.isComposing) return;
    if (this.props.lines > 1 ? !event.shiftKey : event.shiftKey) return;
    event.preventDefault();
    this.submit();
  };

  private onSelect = (): void => {
    const { value, selectionStart, selectionEnd } = this.control;
    if (selectionStart === selectionEnd) return;
    const index = [selectionStart, selectionEnd];
    this.emit("select", { value: value.slice(selectionStart, selectionEnd), index });
  };

  /** Pasted files are added; so is a text that is too long to be read in a field. */
  private onPaste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const most = this.props.max_plain_text_length ?? 1000;
    if (!this.uploads || !(files.length || text.length > most)) return;
    if (files.length && text) return; // a table or a text that brings its own picture along: the text is meant
    event.preventDefault();
    void this.take(files.length ? files : [new File([text], "pasted_text.txt", { type: "text/plain" })]);
  };

  private onDrag = async (event: DragEvent): Promise<void> => {
    if (!this.interactive || !this.uploads || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const inside = event.relatedTarget instanceof Node && this.contains(event.relatedTarget);
    this.over = event.type !== "drop" && (event.type !== "dragleave" || inside);
    if (event.type === "drop" && this.area) await this.take(await this.area.droppedFiles(event.dataTransfer));
  };

  private onPick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void this.take([...(input.files ?? [])]);
    input.value = ""; // the same file again is a new choice
  };

  private toggleRecording = async (): Promise<void> => {
    try {
      if (this.recording) {
        const { recording } = this;
        this.recording = null;
        return await this.take([await recording.stop()]);
      }
      const { record } = await import("./recording");
      this.recording = await record();
      if (!this.isConnected) this.recording.cancel();
    } catch (error) {
      void (await dropArea()).reportError(error);
    }
  };

  private takeOut(file: FileData): void {
    this.put({ files: this.value.files.filter((each) => each !== file) });
    this.control.focus();
  }

  private renderFile(file: FileData) {
    const name = file.orig_name ?? file.path.split("/").at(-1)!;
    const address = fileUrl(file);
    const picture = /^image\//.test(file.mime_type ?? "") || /\.(png|jpe?g|gif|webp|svg|avif)$/i.test(name);
    return html`<li class="chip" title=${name}>
      ${picture && address ? html`<img src=${address} alt="" loading="lazy" />` : icon("file")}
      <a href=${address ?? nothing} download=${name} dir="auto">${name}</a>
      ${
        this.interactive
          ? html`<button
              type="button"
              aria-label=${t("Remove this file: {0}", name)}
              title=${t("Remove this file: {0}", name)}
              @click=${() => this.takeOut(file)}
            >
              ${icon("x")}
            </button>`
          : nothing
      }
    </li>`;
  }

  private renderSending(each: Sending) {
    return html`<li class="chip sending">
      <span dir="auto">${each.name}</span>
      <progress
        max="100"
        .value=${Math.round(each.share * 100)}
        aria-label=${t("Uploading {0}", each.name)}
      ></progress>
      <button
        type="button"
        aria-label=${t("Cancel the upload of {0}", each.name)}
        title=${t("Cancel the upload of {0}", each.name)}
        @click=${() => each.abort.abort()}
      >
        ${icon("x")}
      </button>
    </li>`;
  }

  private renderChips() {
    const { files = [] } = this.value ?? EMPTY;
    if (!files.length && !this.sending.length) return nothing;
    return html`<ul class="chips" aria-label=${t("Files")}>
      ${repeat(
        files,
        (file) => file,
        (file) => this.renderFile(file),
      )}${this.sending.map((each) => this.renderSending(each))}
    </ul>`;
  }

  private renderSources() {
    if (!this.interactive) return nothing;
    const { file_types, file_count = "single", sources = ["upload"] } = this.props;
    const choose = () => this.querySelector<HTMLInputElement>("input[type=file]")!.click();
    return html`${
      this.uploads
        ? html`${iconButton(t("Upload file"), icon("paperclip"), choose)}<input
              type="file"
              data-testid="file-upload"
              hidden
              tabindex="-1"
              aria-label=${t("Upload file")}
              accept=${this.area?.accepts(file_types) ?? nothing}
              ?multiple=${file_count !== "single"}
              ?webkitdirectory=${file_count === "directory"}
              @change=${this.onPick}
            />`
        : nothing
    }
    ${
      sources.includes("microphone")
        ? html`<button
            type="button"
            class="icon-button ${this.recording ? "recording" : ""}"
            aria-label=${this.recording ? t("Stop recording") : t("Record audio")}
            title=${this.recording ? t("Stop recording") : t("Record audio")}
            aria-pressed=${!!this.recording}
            @click=${this.toggleRecording}
          >
            ${this.recording ? icon("circle-stop") : icon("mic")}
          </button>`
        : nothing
    }`;
  }

  private renderButton(name: "submit" | "stop", option: unknown, mark: unknown, press: () => void) {
    const plain = option === true || option == null;
    const words = name === "submit" ? t("Submit") : t("Stop");
    return html`<button
      type="button"
      class="${name}-button ${name === "submit" ? "primary" : "secondary"} sm"
      aria-label=${plain ? words : nothing}
      title=${plain ? words : nothing}
      ?disabled=${name === "submit" && (!this.interactive || !!this.sending.length || !!this.recording)}
      @click=${press}
    >
      ${plain ? mark : option}
    </button>`;
  }

  private renderField() {
    const { lines = 1, max_lines = 20, placeholder, text_align, rtl } = this.props;
    return html`<textarea
      id=${this.inputId}
      data-testid="textbox"
      rows=${lines}
      style=${`--lines:${lines};--max-lines:${max_lines};${text_align ? `text-align:${text_align}` : ""}`}
      dir=${rtl ? "rtl" : nothing}
      placeholder=${placeholder ?? nothing}
      aria-describedby=${this.describedBy}
      .value=${live(this.value?.text ?? "")}
      ?disabled=${!this.interactive}
      @input=${(event: Event) => this.put({ text: (event.target as HTMLTextAreaElement).value })}
      @keydown=${this.onKeydown}
      @select=${this.onSelect}
      @paste=${this.onPaste}
      @focus=${() => this.emit("focus")}
      @blur=${() => this.emit("blur")}
    ></textarea>`;
  }

  override render() {
    const { submit_btn, stop_btn } = this.props;
    return this.frame(
      html`<div class="message-box ${this.over ? "dragging" : ""}">
        ${this.renderChips()}
        <div class="input-container">
          ${this.renderSources()}${this.renderField()}${
            submit_btn === false
              ? nothing
              : this.renderButton("submit", submit_btn, icon("send-horizontal"), this.submit)
          }${stop_btn ? this.renderButton("stop", stop_btn, icon("square"), () => this.emit("stop")) : nothing}
        </div>
        <span class="sr-only" role="status"
          >${this.recording ? t("Recording") : this.sending.length ? t("Uploading") : ""}</span
        >
      </div>`,
    );
  }
}

define("gr-multimodaltextbox", GrMultimodalTextbox);
