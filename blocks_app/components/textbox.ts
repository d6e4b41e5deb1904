/** Textbox: one line or many. See textbox.py. */
import { CopyButton, GrElement, define, html, icon, live, nothing, type PropertyValues } from "blocks";
import "./textbox.css";

type Control = HTMLInputElement | HTMLTextAreaElement;

/** The only attributes that Python may add: anything else could carry a script. */
const allowed = /^(autocapitalize|autocorrect|spellcheck|autocomplete|tabindex|enterkeyhint|lang)$/;

export class GrTextbox extends GrElement<string> {
  static override typed = true;
  override defaultLabel = "Textbox";
  #copy = new CopyButton(
    this,
    () => this.value,
    (value) => this.emit("copy", { value }),
  );
  /** True between a value from the server and its drawing, when the reader stood at the end of the text. */
  #follow = false;
  /** True while the field is disabled that the reader was in. */
  #left = false;

  get control(): Control {
    return this.querySelector("textarea, input")!;
  }

  override connectedCallback(): void {
    this.value ??= "";
    super.connectedCallback();
  }

  override receive(value: string | null): void {
    const { scrollHeight, scrollTop, clientHeight } = this.control ?? this;
    this.#follow = this.props.autoscroll !== false && scrollHeight - scrollTop - clientHeight < 100;
    super.receive(value ?? "");
  }

  protected override firstUpdated(): void {
    if (this.props.autofocus) this.control.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!this.interactive && this.hasUpdated && document.activeElement === this.control) this.#left = true;
  }

  protected override updated(): void {
    const { control } = this;
    if (this.interactive && this.#left) {
      this.#left = false;
      if (document.activeElement === document.body) control.focus();
    }
    for (const [name, value] of Object.entries(this.props.html_attributes ?? {}))
      if (allowed.test(name)) control.setAttribute(name, String(value));
    if (control.localName == "textarea" && !globalThis.CSS?.supports?.("field-sizing", "content")) {
      control.style.height = "auto";
      const { paddingTop, paddingBottom } = getComputedStyle(control);
      const text = control.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
      control.style.height = `${text}px`;
    }
    if (this.#follow) control.scrollTop = control.scrollHeight;
    this.#follow = false;
  }

  #onKeydown = (event: KeyboardEvent): void => {
    if (event.key != "Enter" || event.isComposing) return;
    if (this.props.lines > 1 ? !event.shiftKey : event.shiftKey) return;
    event.preventDefault();
    this.emit("submit");
  };

  #onSelect = (): void => {
    const { value, selectionStart, selectionEnd } = this.control;
    if (selectionStart == null || selectionStart == selectionEnd) return;
    this.emit("select", {
      value: value.slice(selectionStart, selectionEnd!),
      index: [selectionStart, selectionEnd],
    });
  };

  #button(name: string, option: unknown, mark: unknown) {
    if (!option) return nothing;
    return html`<button
      type="button"
      class="${name}-button ${name == "submit" ? "primary" : "secondary"} sm"
      aria-label=${option === true ? (name == "submit" ? "Submit" : "Stop") : nothing}
      ?disabled=${name == "submit" && !this.interactive}
      @click=${() => this.emit(name)}
    >
      ${option === true ? mark : option}
    </button>`;
  }

  #field() {
    const { lines = 1, max_lines = 20, type = "text", placeholder, text_align, rtl, max_length } = this.props;
    const common = {
      style: `--lines:${lines};--max-lines:${max_lines};${text_align ? `text-align:${text_align}` : ""}`,
      input: (event: Event) => this.userInput((event.target as Control).value),
      focus: () => this.emit("focus"),
      blur: () => this.emit("blur"),
    };
    if (type == "text" && Math.max(lines, max_lines) > 1)
      return html`<textarea
        id=${this.inputId}
        data-testid="textbox"
        rows=${lines}
        style=${common.style}
        dir=${rtl ? "rtl" : nothing}
        placeholder=${placeholder ?? nothing}
        maxlength=${max_length ?? nothing}
        aria-describedby=${this.describedBy}
        .value=${live(this.value ?? "")}
        ?disabled=${!this.interactive}
        @input=${common.input}
        @keydown=${this.#onKeydown}
        @select=${this.#onSelect}
        @focus=${common.focus}
        @blur=${common.blur}
      ></textarea>`;
    return html`<input
      id=${this.inputId}
      data-testid=${type == "password" ? type : "textbox"}
      type=${type}
      style=${common.style}
      dir=${rtl ? "rtl" : nothing}
      placeholder=${placeholder ?? nothing}
      maxlength=${max_length ?? nothing}
      aria-describedby=${this.describedBy}
      .value=${live(this.value ?? "")}
      ?disabled=${!this.interactive}
      @input=${common.input}
      @keydown=${this.#onKeydown}
      @select=${this.#onSelect}
      @focus=${common.focus}
      @blur=${common.blur}
    />`;
  }

  override render() {
    const { submit_btn, stop_btn } = this.props;
    return this.frame(
      html`<div class="input-container">
        ${this.#field()}${this.#button("submit", submit_btn, icon("send-horizontal"))}${this.#button(
          "stop",
          stop_btn,
          icon("square"),
        )}
      </div>`,
    );
  }

  override renderButtons() {
    return super.renderButtons({ copy: () => this.#copy.render() });
  }
}

define("gr-textbox", GrTextbox);
