/** HighlightedText: a text whose parts are marked; interactive, the visitor marks them. See highlighted_text.py. */
import {
  GrElement,
  define,
  html,
  icon,
  nothing,
  repeat,
  state,
  styleMap,
  type PropertyValues,
  t,
} from "blocks";
import { colorsOf } from "blocks/colors";
import { areScores, categories, colorOf, withMark, type Mark, type Token } from "./marks";
import { highlight, selectedIn } from "./selecting";
import "./highlighted_text.css";

/** Parts that are drawn at first, and each time the reader comes to the end of them. */
const STEP = 2000;
/** Categories that are offered as buttons while a part is marked; any other can be typed. */
const OFFERED = 24;

export class GrHighlightedText extends GrElement<Token[] | null> {
  override defaultLabel = "Highlighted Text";
  /** The category that the legend brings out. */
  @state() private shown: string | null = null;
  /** The part that is to be marked. */
  @state() private picked: [start: number, end: number] | null = null;
  @state() private most = STEP;
  /** The part that the Tab key comes to, where parts can be chosen. */
  @state() private stop = 0;
  /** Counts how often the text had to be drawn anew because something wrote into it. */
  @state() private drawn = 0;
  private colors = new Map<string, string>();
  private scores = false;
  /** Whether what is picked is brought out. */
  private lit = false;
  private readonly end = new IntersectionObserver(([seen]) => seen?.isIntersecting && this.more());

  override connectedCallback(): void {
    this.classList.add("cornered");
    super.connectedCallback();
    document.addEventListener("selectionchange", this.onSelection);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("selectionchange", this.onSelection);
    this.end.disconnect();
    if (this.lit) highlight(null);
  }

  private get tokens(): Token[] {
    return this.value ?? [];
  }

  private get field(): HTMLElement | null {
    return this.querySelector(".textfield");
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!changed.has("value") && !changed.has("props")) return;
    this.scores = areScores(this.tokens);
    const own: Record<string, string> = this.props.color_map ?? {};
    this.colors = colorsOf(categories(this.tokens, own), own);
    if (changed.has("value")) this.picked = null;
    if (!this.tokens[this.stop]?.token.trim()) this.stop = this.tokens.findIndex(({ token }) => token.trim());
  }

  protected override updated(): void {
    const more = this.querySelector(".more-parts");
    this.end.disconnect();
    if (more) this.end.observe(more);
    if (this.picked) highlight(this.field, ...this.picked);
    else if (this.lit) highlight(null);
    this.lit = !!this.picked;
  }

  private more = (): void => {
    this.most += STEP;
  };

  // -- choosing a part ------------------------------------------------------------------------------------------------

  private choose(index: number): void {
    const { token, class_or_confidence } = this.tokens[index]!;
    this.stop = index;
    if (this.props._selectable) this.emit("select", { index, value: [token, class_or_confidence] });
  }

  private readonly onClick = (event: MouseEvent): void => {
    const part = (event.target as Element).closest<HTMLElement>("[data-index]");
    if (part) this.choose(+part.dataset.index!);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const parts = [...this.field!.querySelectorAll<HTMLElement>("[role=button]")];
    const place = parts.findIndex((part) => +part.dataset.index! === this.stop);
    const forth = getComputedStyle(this.field!).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const steps: Record<string, number> = {
      ArrowRight: -1,
      ArrowLeft: -1,
      ArrowUp: -1,
      ArrowDown: 1,
      [forth]: 1,
    };
    const goals: Record<string, number> = { Home: 0, End: parts.length - 1 };
    if (event.key === "Enter" || event.key === " ") this.choose(this.stop);
    else if (event.key in steps || event.key in goals) {
      const goal = goals[event.key] ?? Math.min(Math.max(place + steps[event.key]!, 0), parts.length - 1);
      this.stop = +parts[goal]!.dataset.index!;
      parts[goal]!.focus();
    } else return;
    event.preventDefault();
  };

  // -- marking --------------------------------------------------------------------------------------------------------

  /** What is selected, or the marked part with the caret in it. */
  private readonly onSelection = (): void => {
    const field = this.interactive ? this.field : null;
    if (!field || this.querySelector(".marking")?.contains(document.activeElement)) return;
    const found = selectedIn(field);
    if (!found) return;
    let [start, end] = found;
    if (start === end) [start, end] = this.partAround(start);
    this.picked = start < end ? [start, end] : null;
  };

  /** From where to where the marked part around a place goes; an empty range where there is none. */
  private partAround(place: number): [number, number] {
    let at = 0;
    for (const { token, class_or_confidence } of this.tokens) {
      const end = at + token.length;
      if (class_or_confidence !== null && at <= place && place <= end && token) return [at, end];
      at = end;
    }
    return [place, place];
  }

  /** The mark of what is picked, where it has one. */
  private get pickedMark(): Mark {
    if (!this.picked) return null;
    let at = 0;
    for (const { token, class_or_confidence } of this.tokens) {
      if (this.picked[0] < at + token.length) return class_or_confidence;
      at += token.length;
    }
    return null;
  }

  private put(mark: Mark): void {
    if (!this.picked) return;
    const [start, end] = this.picked;
    this.close();
    this.setValue(withMark(this.tokens, start, end, mark));
  }

  private close(): void {
    this.picked = null;
    if (this.querySelector(".marking")?.contains(document.activeElement)) this.field?.focus();
  }

  private readonly onMark = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = this.querySelector<HTMLInputElement>(".marking input")!.value.trim();
    if (text) this.put(this.scores ? Number(text) : text);
  };

  /** Keys in the text: nothing writes into it. */
  private readonly onFieldKey = (event: KeyboardEvent): void => {
    this.onSelection(); // browsers tell of it a moment later
    if (!this.picked) return;
    const ask = () => this.querySelector<HTMLElement>(".marking input")?.focus();
    if (event.key === "Enter") void this.updateComplete.then(ask);
    else if (event.key === "Delete" || event.key === "Backspace") this.put(null);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  };

  private readonly onMarkingKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.close();
  };

  /** Input methods write where they cannot be told not to; the text is drawn again as it is. */
  private readonly onWritten = (): void => {
    this.drawn++;
  };

  // -- drawing --------------------------------------------------------------------------------------------------------

  private styleOf(mark: Mark) {
    if (mark === null) return nothing;
    if (typeof mark === "number") return styleMap({ backgroundColor: colorOf(mark) });
    return styleMap({ "--mark-color": this.colors.get(mark)! });
  }

  private renderMark(mark: Mark) {
    if (mark === null) return nothing;
    const inline = this.props.show_inline_category !== false && typeof mark === "string";
    return html`<span
      class=${inline ? "label" : "sr-only"}
      contenteditable=${this.interactive ? "false" : nothing}
      >${mark}</span
    >`;
  }

  private renderToken({ token, class_or_confidence: mark }: Token, index: number) {
    const faded = this.shown !== null && mark !== this.shown;
    const button = !this.interactive && this.props._selectable && token.trim();
    return html`<span
      class="textspan ${mark === null ? "no-cat" : "marked"} ${faded ? "faded" : ""}"
      data-index=${index}
      role=${button ? "button" : nothing}
      tabindex=${button ? (index === this.stop ? 0 : -1) : nothing}
      title=${typeof mark === "number" ? mark : nothing}
      style=${this.styleOf(mark)}
      ><span class="text">${token}</span>${this.renderMark(mark)}</span
    >`;
  }

  private renderField() {
    const parts = this.tokens.slice(0, this.most).map((token, index) => this.renderToken(token, index));
    const dir = this.props.rtl ? "rtl" : nothing;
    const choosing = !!this.props._selectable;
    if (!this.interactive)
      return html`<div
        class="textfield ${choosing ? "selectable" : ""}"
        data-testid="highlighted-text:textfield"
        dir=${dir}
        role=${choosing ? "group" : nothing}
        aria-label=${choosing ? this.label : nothing}
        @click=${choosing ? this.onClick : nothing}
        @keydown=${choosing ? this.onKey : nothing}
      >
        ${parts}
      </div>`;
    return html`<div
      class="textfield editing"
      data-testid="highlighted-text:textfield"
      dir=${dir}
      role="textbox"
      aria-multiline="true"
      aria-readonly="true"
      aria-label=${this.label}
      aria-describedby="${this.domId}-hint"
      contenteditable="true"
      inputmode="none"
      spellcheck="false"
      @beforeinput=${(event: Event) => event.preventDefault()}
      @input=${this.onWritten}
      @drop=${(event: Event) => event.preventDefault()}
      @click=${this.onClick}
      @keydown=${this.onFieldKey}
    >
      ${parts}
    </div>`;
  }

  private renderMore() {
    const rest = this.tokens.length - this.most;
    if (rest <= 0) return nothing;
    return html`<button type="button" class="more-parts" @click=${this.more}>
      ${t("Show {0} of {1} more parts", Math.min(rest, STEP), rest)}
    </button>`;
  }

  private renderLegend() {
    if (!this.props.show_legend) return nothing;
    if (this.scores)
      return html`<div class="color-legend" data-testid="highlighted-text:color-legend">
        <span>-1</span><span>0</span><span>+1</span>
      </div>`;
    const toggle = (name: string) => (this.shown = this.shown === name ? null : name);
    return html`<div
      class="category-legend"
      data-testid="highlighted-text:category-legend"
      role="group"
      aria-label=${t("Categories")}
      dir=${this.props.rtl ? "rtl" : nothing}
    >
      ${[...this.colors].map(
        ([name]) =>
          html`<button
            type="button"
            class="category-label"
            aria-pressed=${this.shown === name}
            style=${this.styleOf(name)}
            @click=${() => toggle(name)}
          >
            ${name}
          </button>`,
      )}
    </div>`;
  }

  private renderMarking() {
    const hint = html`<p class="hint" id="${this.domId}-hint">
      ${this.picked ? t("Say how to mark the selected part.") : t("Select a part of the text to mark it.")}
    </p>`;
    if (!this.picked) return html`<div class="marking">${hint}</div>`;
    const offered = this.scores ? [] : [...this.colors.keys()].slice(0, OFFERED);
    const mark = this.pickedMark;
    // Buttons do not take the focus from the text, so that what is selected stays selected.
    return html`<form
      class="marking"
      @submit=${this.onMark}
      @keydown=${this.onMarkingKey}
      @mousedown=${(event: Event) => (event.target as Element).closest("button") && event.preventDefault()}
    >
      ${hint}
      ${offered.map(
        (name) =>
          html`<button
            type="button"
            class="category-label"
            aria-pressed=${mark === name}
            style=${this.styleOf(name)}
            @click=${() => this.put(name)}
          >
            ${name}
          </button>`,
      )}
      <input
        type=${this.scores ? "number" : "text"}
        min=${this.scores ? -1 : nothing}
        max=${this.scores ? 1 : nothing}
        step=${this.scores ? "any" : nothing}
        aria-label=${this.scores ? t("Score") : t("Category")}
        placeholder=${this.scores ? t("Score") : t("Category")}
        .value=${`${mark ?? ""}`}
      />
      <button type="submit" class="secondary sm">${t("Mark")}</button>
      ${
        mark === null
          ? nothing
          : html`<button type="button" class="secondary sm" @click=${() => this.put(null)}>
              ${t("Take away")}
            </button>`
      }
    </form>`;
  }

  override render() {
    const head = html`${this.renderBlockLabel(icon("highlighter"))}${this.renderButtons()}`;
    if (!this.tokens.length)
      return html`${head}
        <div class="empty" role="img" aria-label=${t("Empty value")}>${icon("highlighter")}</div>`;
    return html`${head}
      <div class="highlighted-text ${this.scores ? "scores" : ""}" data-testid="highlighted-text">
        ${this.renderLegend()}${repeat([this.drawn], String, () => this.renderField())}${this.renderMore()}
        ${this.interactive ? this.renderMarking() : nothing}
      </div>`;
  }
}

define("gr-highlightedtext", GrHighlightedText);
