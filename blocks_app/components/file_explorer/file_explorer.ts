/**
 * FileExplorer: a folder of the server as nested lists of boxes to tick. A folder's entries are asked for when it is
 * opened, some hundred at a time. See file_explorer.py.
 */
import { GrElement, define, html, icon, nothing, repeat, styleMap, t } from "blocks";
import { serverFunction } from "blocks/serving";
import "./file_explorer.css";

type Path = string[];
interface Entry {
  name: string;
  type: "file" | "folder";
  valid: boolean;
}
interface Folder {
  entries: Entry[];
  total: number;
  error?: string;
  busy?: boolean;
}

const key = (path: Path): string => path.join("/");
const length = (size: number | string | null | undefined) =>
  typeof size === "number" ? `${size}px` : (size ?? undefined);

export class GrFileExplorer extends GrElement<Path[] | null> {
  override defaultLabel = "FileExplorer";
  #folders = new Map<string, Folder>();
  #open = new Set<string>();
  /** What the server listed when the folders were asked for. */
  #listed?: string;

  protected override willUpdate(): void {
    const { _listed, _server } = this.props;
    if (this.#listed === _listed || !_server) return;
    this.#listed = _listed;
    this.#folders.clear();
    this.#open.clear();
    void this.#load([]);
    for (const path of this.#chosen)
      for (let depth = 1; depth < path.length; depth++) this.#unfold(path.slice(0, depth));
  }

  get #chosen(): Path[] {
    return this.value ?? [];
  }

  #unfold(path: Path): void {
    if (this.#open.has(key(path))) return;
    this.#open.add(key(path));
    if (!this.#folders.has(key(path))) void this.#load(path);
  }

  /** The first entries of a folder, or those after what is there. */
  async #load(path: Path): Promise<void> {
    const listed = this.#listed;
    const before = this.#folders.get(key(path));
    const entries = before?.entries ?? [];
    this.#folders.set(key(path), { entries, total: before?.total ?? 0, busy: true });
    this.requestUpdate();
    let folder: Folder;
    try {
      const found = await serverFunction("ls", this.props._server.ls)(path, entries.length);
      folder = { entries: [...entries, ...found.entries], total: found.total };
    } catch (error) {
      folder = {
        entries,
        total: entries.length,
        error: error instanceof Error ? error.message : String(error),
      };
    }
    if (listed !== this.#listed) return;
    this.#folders.set(key(path), folder);
    this.requestUpdate();
  }

  #toggle(path: Path): void {
    if (this.#open.has(key(path))) this.#open.delete(key(path));
    else this.#unfold(path);
    this.requestUpdate();
  }

  #tick(path: Path, ticked: boolean): void {
    const others = this.#chosen.filter((each) => key(each) !== key(path));
    const kept = this.props.file_count === "single" ? [] : others;
    const data = { index: path, value: key(path), selected: ticked };
    this.act(ticked ? [...kept, path] : kept, ["select", data], "change", "input");
    this.requestUpdate();
  }

  /** Up and down go from row to row; right opens a folder, left closes it or goes to the one around it. */
  #onKey = (event: KeyboardEvent): void => {
    const rows = [...this.querySelectorAll<HTMLElement>(".entry")];
    const row = (event.target as Element).closest<HTMLElement>(".entry");
    if (!row) return;
    const fold = row.querySelector<HTMLElement>(".fold");
    const isOpen = fold?.getAttribute("aria-expanded") === "true";
    const steps: Record<string, () => unknown> = {
      ArrowDown: () => focusRow(rows[rows.indexOf(row) + 1]),
      ArrowUp: () => focusRow(rows[rows.indexOf(row) - 1]),
      ArrowRight: () => (fold && !isOpen ? fold.click() : focusRow(rows[rows.indexOf(row) + 1])),
      ArrowLeft: () =>
        isOpen ? fold!.click() : focusRow(row.parentElement!.closest("ul")?.previousElementSibling),
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    step();
  };

  #renderEntry(entry: Entry, above: Path) {
    const path = [...above, entry.name];
    const folder = entry.type === "folder";
    const open = folder && this.#open.has(key(path));
    const ticked = this.#chosen.some((each) => key(each) === key(path));
    const mark = folder ? icon("folder") : icon("file");
    return html`<li>
      <div class="entry">
        ${
          folder
            ? html`<button
                type="button"
                class="fold"
                aria-expanded=${open ? "true" : "false"}
                aria-label=${entry.name}
                title=${entry.name}
                @click=${() => this.#toggle(path)}
              >
                ${icon("chevron-right")}
              </button>`
            : html`<span class="fold"></span>`
        }
        <label>
          ${
            entry.valid
              ? html`<input
                  type="checkbox"
                  .checked=${ticked}
                  ?disabled=${!this.interactive}
                  @change=${(event: Event) => this.#tick(path, (event.target as HTMLInputElement).checked)}
                />`
              : nothing
          }
          <span class="mark">${mark}</span><bdi class="name">${entry.name}</bdi>
        </label>
      </div>
      ${open ? this.#renderFolder(path) : nothing}
    </li>`;
  }

  #renderFolder(path: Path): unknown {
    const folder = this.#folders.get(key(path));
    if (!folder) return nothing;
    const { entries, total, error, busy } = folder;
    const rest = total - entries.length;
    return html`<ul aria-label=${path.at(-1) ?? this.label} aria-busy=${busy ? "true" : nothing}>
      ${repeat(
        entries,
        ({ name }) => name,
        (entry) => this.#renderEntry(entry, path),
      )}
      ${error ? html`<li role="alert" class="note">${error}</li>` : nothing}
      ${!entries.length && !error && !busy ? html`<li class="note">${t("Nothing here")}</li>` : nothing}
      ${
        rest > 0
          ? html`<li class="note">
              <button type="button" class="secondary sm" ?disabled=${busy} @click=${() => this.#load(path)}>
                ${t("Show more ({0})", rest)}
              </button>
            </li>`
          : nothing
      }
    </ul>`;
  }

  override render() {
    const { height, max_height, min_height } = this.props;
    const size = { height: length(height), maxHeight: length(max_height), minHeight: length(min_height) };
    return html`${this.renderBlockLabel(icon("file"))}${this.renderButtons()}
      <div
        class="file-explorer"
        role="group"
        tabindex="0"
        aria-labelledby=${this.labelId}
        style=${styleMap(size)}
        @keydown=${this.#onKey}
      >
        ${this.#renderFolder([])}
      </div>`;
  }
}

function focusRow(row: Element | null | undefined): void {
  row?.querySelector<HTMLElement>("input:not([disabled]), button")?.focus();
}

define("gr-fileexplorer", GrFileExplorer);
