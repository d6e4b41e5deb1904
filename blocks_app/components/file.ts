/** File: takes files, or offers them for download. See file.py. */
import { GrElement, define, dropArea, fileUrl, html, icon, nothing, type FileData, t } from "blocks";
import "./file.css";

type Value = FileData | FileData[] | null;

export class GrFile extends GrElement<Value> {
  override defaultLabel = "File";
  /** Row that is being dragged. */
  private held = -1;

  private get files(): FileData[] {
    return this.value == null ? [] : [this.value].flat();
  }

  private get many(): boolean {
    return this.props.file_count === "multiple" || this.props.file_count === "directory";
  }

  protected override willUpdate(): void {
    if (this.interactive) void dropArea();
  }

  private add = (event: CustomEvent<FileData[]>): void => {
    this.act(this.many ? [...this.files, ...event.detail] : event.detail[0], "upload", "change");
  };

  /** 4.36's order: several files tell which one went, the last one clears. */
  private takeOut(index: number): void {
    const left = this.files.toSpliced(index, 1);
    const gone: [string, unknown][] = this.many ? [["delete", this.files[index]]] : [];
    const value = left.length ? (this.many ? left : left[0]) : null;
    this.act(value, ...gone, "change", ...(left.length ? [] : ["clear"]));
  }

  private clear = (): void => {
    this.act(null, "change", "clear");
  };

  private move(from: number, to: number): void {
    if (to < 0 || to >= this.files.length || from === to) return;
    const left = this.files.toSpliced(from, 1);
    this.setValue(left.toSpliced(to, 0, this.files[from]));
  }

  private onMoveKey(event: KeyboardEvent, index: number): void {
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (!step) return;
    event.preventDefault();
    this.move(index, index + step);
    void this.updateComplete.then(() => this.querySelectorAll<HTMLElement>(".move")[index + step]?.focus());
  }

  private select(index: number): void {
    this.emit("select", { value: nameOf(this.files[index]), index });
  }

  private renderArea({ compact = false, filled = false } = {}) {
    const { file_types, file_count } = this.props;
    return html`<gr-drop-area
      .types=${file_types ?? null}
      .multiple=${file_count === "multiple"}
      .directory=${file_count === "directory"}
      .text=${file_count === "directory" ? t("Drop Folder Here") : t("Drop File Here")}
      .name=${this.label}
      .compact=${compact}
      .filled=${filled}
      @files=${this.add}
    ></gr-drop-area>`;
  }

  private renderName(file: FileData, index: number) {
    const name = nameOf(file);
    const cut = name.lastIndexOf(".");
    const [stem, suffix] = cut > 0 ? [name.slice(0, cut), name.slice(cut)] : [name, ""];
    const text = html`<span class="stem">${stem}</span><span class="ext">${suffix}</span>`;
    if (!this.props._selectable) return html`<td class="filename" title=${name}><span>${text}</span></td>`;
    return html`<td class="filename" title=${name}>
      <button type="button" aria-label=${name} @click=${() => this.select(index)}>${text}</button>
    </td>`;
  }

  private renderMove(file: FileData, index: number) {
    if (!this.interactive || !this.props.allow_reordering || this.files.length < 2) return nothing;
    return html`<td>
      <button
        type="button"
        class="icon-button move"
        aria-label=${t("Move {0}", nameOf(file))}
        title=${t("Move {0}", nameOf(file))}
        aria-description=${t("Arrow keys move it up and down")}
        @keydown=${(event: KeyboardEvent) => this.onMoveKey(event, index)}
      >
        ${icon("grip-vertical")}
      </button>
    </td>`;
  }

  private renderDownload(file: FileData) {
    const address = fileUrl(file);
    const size = file.size == null ? t("Download") : readableSize(file.size);
    return html`<td class="download" data-testid="download-div">
      ${
        address
          ? html`<a
              href=${address}
              download=${nameOf(file)}
              aria-label=${t("Download {0}{1}", nameOf(file), file.size == null ? "" : `, ${size}`)}
              @click=${() => this.emit("download", file)}
              ><span class="size">${size}</span> ${icon("download")}</a
            >`
          : size
      }
    </td>`;
  }

  private renderRow(file: FileData, index: number) {
    const movable = this.interactive && !!this.props.allow_reordering;
    return html`<tr
      class="file ${this.props._selectable ? "selectable" : ""}"
      draggable=${movable ? "true" : nothing}
      @dragstart=${() => (this.held = index)}
      @dragover=${(event: Event) => movable && this.held >= 0 && event.preventDefault()}
      @drop=${(event: Event) => {
        if (!movable || this.held < 0) return;
        event.preventDefault();
        this.move(this.held, index);
        this.held = -1;
      }}
    >
      ${this.renderMove(file, index)}${this.renderName(file, index)}${this.renderDownload(file)}
      ${
        this.interactive
          ? html`<td>
              <button
                type="button"
                class="icon-button"
                aria-label=${t("Remove this file")}
                title=${t("Remove this file")}
                @click=${() => this.takeOut(index)}
              >
                ${icon("x")}
              </button>
            </td>`
          : nothing
      }
    </tr>`;
  }

  private renderList() {
    const height = this.props.height;
    const style = height == null ? "" : `max-height:${typeof height === "number" ? `${height}px` : height}`;
    return html`<div class="file-preview-holder" style=${style} tabindex=${height == null ? nothing : "0"}>
      <table class="file-preview" aria-label=${this.label}>
        <tbody>
          ${this.files.map((file, index) => this.renderRow(file, index))}
        </tbody>
      </table>
    </div>`;
  }

  private renderBody() {
    if (this.files.length)
      return [
        this.renderList(),
        this.interactive && !this.many ? this.renderArea({ filled: true }) : nothing,
      ];
    if (!this.interactive)
      return html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("file")}</div>`;
    const height = this.props.height;
    const style = height == null ? "" : `min-height:${typeof height === "number" ? `${height}px` : height}`;
    return html`<div class="file-input" style=${style}>${this.renderArea()}</div>`;
  }

  private renderTools() {
    return html`${this.many ? this.renderArea({ compact: true }) : nothing}
      <button
        type="button"
        class="icon-button"
        aria-label=${t("Clear")}
        title=${t("Clear")}
        @click=${this.clear}
      >
        ${icon("x")}
      </button>`;
  }

  override render() {
    const tools = this.interactive && this.files.length ? this.renderTools() : nothing;
    return html`${this.renderBlockLabel(icon("file"))}${this.renderButtons({}, tools)}${this.renderBody()}`;
  }
}

function nameOf(file: FileData): string {
  return file.orig_name || file.path.split("/").at(-1)!;
}

/** `1.5 KB`: one digit after the point. */
export function readableSize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  return `${(bytes / 1024 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}

define("gr-file", GrFile);
