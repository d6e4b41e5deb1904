/** JSON: data as a tree that folds. Native disclosure elements: keyboard and screen readers know them. See json.py. */
import {
  WholeNumber,
  stringify,
  CopyButton,
  GrElement,
  type TemplateResult,
  define,
  html,
  icon,
  nothing,
  styleMap,
  t,
} from "blocks";
import { tn } from "blocks/counting";
import "./json.css";

type Data = string | number | boolean | null | Data[] | { [key: string]: Data };

/** Levels that are unfolded at first, and items of one level that are drawn at once. */
const OPEN_LEVELS = 3;
const PAGE = 200;
/** Levels and items that unfold by themselves. */
const DEEPEST = 50;
const MOST = 500;

const length = (size: number | string | null | undefined) =>
  typeof size === "number" ? `${size}px` : (size ?? "");

export class GrJson extends GrElement<Data> {
  override defaultLabel = "JSON";
  /** What the visitor folded or unfolded, and how many items he asked for, by path. */
  private folds = new Map<string, boolean>();
  private shown = new Map<string, number>();
  /** Items drawn so far in this turn. */
  private drawn = 0;
  private opened = new Set<string>();
  private copy = new CopyButton(this, () => stringify(this.value, 2));

  override connectedCallback(): void {
    this.dataset.testid = "json";
    super.connectedCallback();
  }

  /** Tells every answer, also an equal one: a new object came. */
  override receive(value: Data): void {
    this.value = value;
    void this.updateComplete.then(() => this.emit("change"));
  }

  private onToggle(path: string, open: boolean): void {
    if (this.opened.has(path) === open) return;
    this.folds.set(path, open);
    this.requestUpdate();
  }

  /** By itself a level unfolds only as long as the tree is not too deep and too large to be drawn at once. */
  private isOpen(path: string): boolean {
    const level = path.split("/").length;
    const fits = level <= DEEPEST && this.drawn < MOST;
    return this.folds.get(path) ?? ((this.props.open ? fits : level <= OPEN_LEVELS) && fits);
  }

  private showMore(path: string): void {
    this.shown.set(path, (this.shown.get(path) ?? PAGE) + PAGE * 5);
    this.requestUpdate();
  }

  private leaf(value: Data): TemplateResult {
    const kind = value === null ? "null" : typeof value === "object" ? "number" : typeof value;
    return html`<span class="json-${kind}"
      >${typeof value === "string" ? JSON.stringify(value) : String(value)}</span
    >`;
  }

  private key(key: string | number | null, inList: boolean): TemplateResult | typeof nothing {
    if (key === null || (inList && !this.props.show_indices)) return nothing;
    return html`<span class="json-key">${inList ? key : JSON.stringify(key)}</span
      ><span class="json-mark">: </span>`;
  }

  private node(
    value: Data,
    key: string | number | null,
    inList: boolean,
    path: string,
    comma = "",
  ): TemplateResult {
    const end = comma ? html`<span class="json-mark">${comma}</span>` : nothing;
    if (typeof value !== "object" || value === null || (value as object) instanceof WholeNumber)
      return html`${this.key(key, inList)}${this.leaf(value)}${end}`;
    const list = Array.isArray(value);
    const [left, right] = list ? ["[", "]"] : ["{", "}"];
    const items = list ? value.length : Object.keys(value).length;
    if (!items) return html`${this.key(key, inList)}<span class="json-mark">${left}${right}</span>${end}`;
    const open = this.isOpen(path);
    if (open) this.opened.add(path);
    const count = `${items} ${items === 1 ? "item" : "items"}`;
    return html`<details
      class="json-node"
      ?open=${open}
      @toggle=${(event: Event) => this.onToggle(path, (event.target as HTMLDetailsElement).open)}
    >
      <summary>
        ${this.key(key, inList)}<span class="json-mark">${left}</span>${
          open
            ? nothing
            : html`<span class="json-count">${count}</span><span class="json-mark">${right}</span>`
        }
      </summary>
      ${open ? this.items(value, list, path) : nothing}
      ${open ? html`<span class="json-mark">${right}</span>${end}` : nothing}
    </details>`;
  }

  private items(value: Data[] | { [key: string]: Data }, list: boolean, path: string): TemplateResult {
    const keys = Object.keys(value);
    const limit = this.shown.get(path) ?? PAGE;
    this.drawn += Math.min(keys.length, limit);
    const rows = keys.slice(0, limit).map((key, i) => {
      const item = (value as Record<string, Data>)[key];
      const below = `${path}/${key.replace(/[~/]/g, (sign) => (sign === "~" ? "~0" : "~1"))}`;
      return html`<li>
        ${this.node(item, list ? Number(key) : key, list, below, i < keys.length - 1 ? "," : "")}
      </li>`;
    });
    const rest = keys.length - limit;
    return html`<ul>
      ${rows}
      ${
        rest > 0
          ? html`<li>
              <button type="button" class="json-more" @click=${() => this.showMore(path)}>
                ${tn("{0} more", "{0} more", rest)}
              </button>
            </li>`
          : nothing
      }
    </ul>`;
  }

  override render() {
    this.drawn = 0;
    this.opened.clear();
    const { height, max_height, min_height } = this.props;
    const size = { height: length(height), maxHeight: length(max_height), minHeight: length(min_height) };
    const empty = this.value === null || this.value === undefined || this.value === "";
    const copy = () => (empty ? nothing : this.copy.render());
    return html`${this.renderButtons({ copy })}${this.props.label ? this.renderBlockLabel(icon("braces")) : nothing}
    ${
      empty
        ? html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("braces")}</div>`
        : html`<div
            class="json-holder"
            role="group"
            aria-label=${this.label}
            tabindex="0"
            style=${styleMap(size)}
          >
            ${this.node(this.value, null, false, "")}
          </div>`
    }`;
  }
}

define("gr-json", GrJson);
