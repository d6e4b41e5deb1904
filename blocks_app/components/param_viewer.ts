/** ParamViewer: parameters in rows that unfold. See param_viewer.py. */
import { GrElement, define, html, icon, nothing, repeat, styleMap, t } from "blocks";
import { highlight } from "blocks/highlighted";
import "./param_viewer.css";

interface Parameter {
  type?: string | null;
  description?: string | null;
  default?: string | null;
}

const length = (size: number | string | null | undefined) =>
  typeof size === "number" ? `${size}px` : (size ?? "");

/** What the address of a parameter ends with. */
export function anchor(name: string, given: boolean | string): string {
  const prefix = typeof given === "string" && given ? `param-${given}-` : "param-";
  return prefix + name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Makes links of these names, where they stand as whole words among the text of `root`. */
export function link(root: Element, names: string[]): void {
  if (!names.length) return;
  const longest = names.toSorted((one, other) => other.length - one.length).map(escaped);
  const word = new RegExp(`(?<![\\w$])(${longest.join("|")})(?![\\w$])`);
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    const pieces = (text.data ?? "").split(word);
    if (pieces.length < 2 || text.parentElement?.closest("a")) continue;
    const nodes = pieces.map((piece, place) => {
      if (place % 2 === 0) return piece;
      return Object.assign(document.createElement("a"), {
        href: `#h-${piece.toLowerCase()}`,
        textContent: piece,
      });
    });
    text.replaceWith(...nodes);
  }
}

/** A sentence whose `[words](https://…)` are links. */
function sentence(text: string) {
  const pieces = text.split(/\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/);
  return pieces.map((piece, place) => {
    if (place % 3 === 0) return piece;
    if (place % 3 === 2) return nothing;
    return html`<a href=${pieces[place + 1]} target="_blank" rel="noopener noreferrer">${piece}</a>`;
  });
}

export class GrParamViewer extends GrElement<Record<string, Parameter>> {
  /** Names of the rows that are open. */
  private open = new Set<string>();

  override connectedCallback(): void {
    this.value ??= {};
    super.connectedCallback();
    addEventListener("hashchange", this.openTarget);
  }

  override disconnectedCallback(): void {
    removeEventListener("hashchange", this.openTarget);
    super.disconnectedCallback();
  }

  override receive(value: Record<string, Parameter> | null): void {
    super.receive(value ?? {});
  }

  protected override firstUpdated(): void {
    this.openTarget();
  }

  /** Lit draws which code there is; what is in it is written here, as colours and links change it. */
  protected override updated(): void {
    const [language, names] = [`language-${this.language}`, this.linked];
    const fresh = [...this.querySelectorAll<HTMLElement>("code[data-source]")].filter((code) => {
      const mark = [language, code.dataset.source, ...names].join(" ");
      if (code.dataset.written === mark) return false;
      code.dataset.written = mark;
      code.className = language;
      code.textContent = code.dataset.source!;
      return true;
    });
    if (fresh.length) this.coloured = this.colour(fresh);
  }

  /** Resolves when the present code has its colours and links. */
  coloured: Promise<void> = Promise.resolve();

  private async colour(codes: HTMLElement[]): Promise<void> {
    await highlight(codes);
    for (const code of codes) if (code.closest(".type")) link(code, this.linked);
  }

  private get language(): string {
    return this.props.language ?? "python";
  }

  private get linked(): string[] {
    return this.props.linkify ?? [];
  }

  /** Opens the row that the address names. */
  private openTarget = (): void => {
    const { anchor_links: given } = this.props;
    const wanted = decodeURIComponent(location.hash.slice(1));
    const name = Object.keys(this.value).find((each) => given && anchor(each, given) === wanted);
    if (!name) return;
    this.open.add(name);
    this.requestUpdate();
    void this.updateComplete.then(() => document.getElementById(wanted)?.scrollIntoView());
  };

  private get names(): string[] {
    return Object.keys(this.value);
  }

  private get allOpen(): boolean {
    return this.names.every((name) => this.open.has(name));
  }

  private toggleAll = (): void => {
    this.open = new Set(this.allOpen ? [] : this.names);
    this.requestUpdate();
  };

  private toggle(name: string): void {
    if (!this.open.delete(name)) this.open.add(name);
    this.requestUpdate();
  }

  /** A button and what it opens, not a `<details>`: a summary may not have links in it, and types do. */
  private renderRow(name: string, row: Parameter, place: number) {
    const given = this.props.anchor_links;
    const [id, body] = [given ? anchor(name, given) : "", `${this.domId}-${place}`];
    const open = this.open.has(name);
    return html`<div class="param" id=${id || nothing}>
      <div
        class="type"
        @click=${(event: Event) => (event.target as Element).closest("a") || this.toggle(name)}
      >
        <button
          type="button"
          class="icon-button"
          aria-label=${name}
          title=${name}
          aria-expanded=${open ? "true" : "false"}
          aria-controls=${body}
        >
          ${icon("chevron-right")}
        </button>
        <pre><code data-source=${row.type ? `${name}: ${row.type}` : name}></code></pre>
        ${id ? html`<a class="param-link" href="#${id}" aria-label=${t("Link to {0}", name)} title=${t("Link to {0}", name)}>${icon("link")}</a>` : nothing}
      </div>
      <div id=${body} ?hidden=${!open}>
        ${
          row.default == null
            ? nothing
            : html`<div class="default">
                <span>${t("default")}</span> <code data-source=${`= ${row.default}`}></code>
              </div>`
        }
        ${row.description ? html`<div class="description"><p>${sentence(row.description)}</p></div>` : nothing}
      </div>
    </div>`;
  }

  override render() {
    const { header = null, max_height, min_height } = this.props;
    const size = { maxHeight: length(max_height), minHeight: length(min_height) };
    const all = this.allOpen ? t("Close all") : t("Open all");
    return html`<div class="params" style=${styleMap(size)} tabindex=${size.maxHeight ? "0" : nothing}>
      ${
        header == null
          ? nothing
          : html`<div class="params-header">
              <span class="title">${header}</span>
              <button
                type="button"
                class="icon-button toggle-all"
                aria-label=${all}
                title=${all}
                @click=${this.toggleAll}
              >
                ${this.allOpen ? icon("chevrons-down-up") : icon("chevrons-up-down")}
              </button>
            </div>`
      }
      ${repeat(
        Object.entries(this.value),
        ([name]) => name,
        ([name, row], place) => this.renderRow(name, row, place),
      )}
    </div>`;
  }
}

define("gr-paramviewer", GrParamViewer);
