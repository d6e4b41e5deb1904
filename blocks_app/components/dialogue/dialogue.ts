/** Dialogue: what several people say, line by line. See dialogue.py. */
import {
  CopyButton,
  GrElement,
  define,
  dropArea,
  html,
  icon,
  live,
  nothing,
  state,
  styleMap,
  t,
} from "blocks";
import { colorsOf } from "blocks/colors";
import { iconButton } from "blocks/corner";
import { serverFunction } from "blocks/serving";
import { joined, split, type Line } from "./lines";
import { TagMenu } from "./tag_menu";
import "./dialogue.css";

type Value = Line[] | string | null;

export class GrDialogue extends GrElement<Value> {
  static override typed = true;
  override defaultLabel = "Dialogue";
  /** Whether the visitor chose to see one text. */
  @state() private asText = false;
  private readonly menu = new TagMenu(this, () => `${this.domId}-tags`);
  private readonly copy = new CopyButton(this, () => this.text);
  private follow = false;

  private get speakers(): string[] {
    return this.props.speakers ?? [];
  }

  private get separator(): string {
    return this.props.separator ?? "\n";
  }

  /** Whether one field of text is shown in place of lines. */
  private get plain(): boolean {
    const { ui_mode = "both" } = this.props;
    return ui_mode === "text" || !this.speakers.length || (ui_mode === "both" && this.asText);
  }

  private get lines(): Line[] {
    if (Array.isArray(this.value)) return this.value;
    return this.value ? split(this.value, this.separator, this.speakers[0] ?? "Unknown") : [];
  }

  private get text(): string {
    return Array.isArray(this.value) ? joined(this.value, this.separator) : (this.value ?? "");
  }

  /** The lines in which one writes; there is always one. */
  private get drafts(): Line[] {
    return this.lines.length ? this.lines : [{ speaker: this.speakers[0] ?? "", text: "" }];
  }

  override receive(value: Value): void {
    const { scrollHeight, scrollTop, clientHeight } = this.querySelector(".lines") ?? this;
    this.follow = this.props.autoscroll !== false && scrollHeight - scrollTop - clientHeight < 100;
    super.receive(value);
  }

  protected override firstUpdated(): void {
    if (this.props.autofocus) this.querySelector<HTMLElement>("textarea")?.focus();
  }

  protected override updated(): void {
    const list = this.querySelector(".lines");
    if (this.follow && list) list.scrollTop = list.scrollHeight;
    this.follow = false;
  }

  /** The other way to see it; where the app writes lines in its own way, the server says how. */
  private toggle = async (): Promise<void> => {
    const { as_text, as_lines } = (this.props._server ?? {}) as Record<string, number>;
    try {
      const next: Value = this.asText
        ? as_lines === undefined
          ? this.lines
          : await serverFunction("as_lines", as_lines)(this.value ?? "")
        : as_text === undefined
          ? this.text
          : await serverFunction("as_text", as_text)(this.drafts);
      this.asText = !this.asText;
      this.setValue(next);
    } catch (error) {
      void (await dropArea()).reportError(error);
    }
  };

  private change(at: number, change: Partial<Line>): void {
    this.userInput(this.drafts.map((line, i) => (i === at ? { ...line, ...change } : line)));
  }

  private async focusLine(at: number): Promise<void> {
    await this.updateComplete;
    this.querySelectorAll<HTMLElement>(".line textarea")[at]?.focus();
  }

  private get isFull(): boolean {
    return this.props.max_lines != null && this.drafts.length >= this.props.max_lines;
  }

  /** A line after another one, said by whoever comes next. */
  private add(after: number): void {
    if (this.isFull) return;
    const { drafts, speakers } = this;
    const next = (speakers.indexOf(drafts[after].speaker) + 1) % speakers.length;
    this.userInput(drafts.toSpliced(after + 1, 0, { speaker: speakers[next], text: "" }));
    void this.focusLine(after + 1);
  }

  private takeOut(at: number): void {
    this.userInput(this.drafts.toSpliced(at, 1));
    void this.focusLine(Math.max(0, at - 1));
  }

  private onKeydown(event: KeyboardEvent, at: number, put: (text: string) => void): void {
    const field = event.target as HTMLTextAreaElement;
    if (this.menu.takes(event, (text, caret) => this.put(field, text, caret, put))) return;
    if (event.isComposing) return;
    const meta = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && meta) this.emit("submit");
    else if (event.key === "Enter" && at >= 0 && !event.shiftKey) this.add(at);
    else if (event.key === "Backspace" && at >= 0 && !field.value && this.drafts.length > 1) this.takeOut(at);
    else return;
    event.preventDefault();
  }

  /** Writes a text with a tag in it, and sets the caret behind the tag. */
  private put(field: HTMLTextAreaElement, text: string, caret: number, put: (text: string) => void): void {
    put(text);
    void this.updateComplete.then(() => {
      field.focus();
      field.setSelectionRange(caret, caret);
    });
  }

  private renderField(text: string, name: string, at: number, put: (text: string) => void) {
    const tags: string[] = this.props.tags ?? [];
    const open = this.menu.isOpen(this.fieldAt(at));
    return html`<div class="writing">
      <textarea
        id=${at <= 0 ? this.inputId : nothing}
        data-testid="textbox"
        rows="1"
        dir="auto"
        aria-label=${at < 0 ? nothing : name}
        aria-describedby=${this.describedBy}
        aria-autocomplete=${tags.length ? "list" : nothing}
        aria-controls=${open ? `${this.domId}-tags` : nothing}
        aria-activedescendant=${open ? this.menu.active : nothing}
        placeholder=${this.props.placeholder ?? nothing}
        ?disabled=${!this.interactive}
        .value=${live(text)}
        @input=${(event: Event) => {
          const field = event.target as HTMLTextAreaElement;
          put(field.value);
          if (tags.length) this.menu.follow(field, tags);
        }}
        @keydown=${(event: KeyboardEvent) => this.onKeydown(event, at, put)}
        @blur=${this.menu.close}
      ></textarea>
      ${open ? this.menu.render((next, caret) => this.put(this.fieldAt(at)!, next, caret, put)) : nothing}
    </div>`;
  }

  private fieldAt(at: number): HTMLTextAreaElement | null {
    return this.querySelectorAll("textarea")[Math.max(0, at)] ?? null;
  }

  private renderLine(line: Line, at: number) {
    const known = this.speakers.includes(line.speaker) ? this.speakers : [line.speaker, ...this.speakers];
    return html`<li class="line">
      <select
        aria-label=${t("Speaker of line {0}", at + 1)}
        .value=${live(line.speaker)}
        @change=${(event: Event) => this.change(at, { speaker: (event.target as HTMLSelectElement).value })}
      >
        ${known.map((name) => html`<option .selected=${name === line.speaker}>${name}</option>`)}
      </select>
      ${this.renderField(line.text, t("Line {0}", at + 1), at, (text) => this.change(at, { text }))}
      <span class="line-buttons">
        ${iconButton(t("Add a line after line {0}", at + 1), icon("plus"), () => this.add(at))}
        ${
          this.drafts.length > 1
            ? iconButton(t("Remove line {0}", at + 1), icon("trash-2"), () => this.takeOut(at))
            : nothing
        }
      </span>
    </li>`;
  }

  private renderShown() {
    if (!this.lines.length)
      return html`<div class="empty" role="img" aria-label=${t("Empty value")}>
        ${icon("messages-square")}
      </div>`;
    const names = [...new Set([...this.speakers, ...this.lines.map((line) => line.speaker)])];
    const colors = colorsOf(names, this.props.color_map ?? {});
    return html`<ul class="lines" tabindex="0" aria-labelledby=${this.labelId}>
      ${this.lines.map(
        ({ speaker, text }) =>
          html`<li class="said">
            <span class="speaker" style=${styleMap({ "--speaker-color": colors.get(speaker)! })} dir="auto"
              >${speaker}</span
            >
            <span dir="auto">${text}</span>
          </li>`,
      )}
    </ul>`;
  }

  private renderBody() {
    if (this.plain) {
      const put = (text: string) => this.userInput(text);
      return this.renderField(this.text, this.label, -1, put);
    }
    if (!this.interactive) return this.renderShown();
    return html`<ol class="lines ${this.isFull ? "full" : ""}" aria-labelledby=${this.labelId}>
      ${this.drafts.map((line, at) => this.renderLine(line, at))}
    </ol>`;
  }

  private renderSubmit() {
    const { submit_btn } = this.props;
    if (!submit_btn || !this.interactive) return nothing;
    return html`<button type="button" class="submit-button primary sm" @click=${() => this.emit("submit")}>
      ${submit_btn === true ? html`${icon("send-horizontal")} Submit` : submit_btn}
    </button>`;
  }

  override render() {
    const own = this.plain ? this.inputId : undefined;
    return html`${this.renderButtons()}${this.renderLabel(own)}${this.renderInfo()}${this.renderBody()}${this.renderSubmit()}`;
  }

  override renderButtons() {
    const both = this.interactive && this.speakers.length && (this.props.ui_mode ?? "both") === "both";
    const words = this.asText ? t("Show as lines") : t("Show as text");
    return super.renderButtons(
      { copy: () => this.copy.render() },
      both ? iconButton(words, this.asText ? icon("list") : icon("text-cursor-input"), this.toggle) : nothing,
    );
  }
}

define("gr-dialogue", GrDialogue);
