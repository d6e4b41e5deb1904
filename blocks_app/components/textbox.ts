/** Textbox: one line or many. See textbox.py. */
import { CopyButton, GrElement, define, html, icon, live, nothing, t } from "blocks";
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

  protected override updated(): void {
    const { control } = this;
    for (const [name, value] of Object.entries(this.props.html_attributes ?? {}))
      if (allowed.test(name)) control.setAttribute(name, value as string);
    if (control.localName == "textarea" && !("fieldSizing" in control.style))
      void import("blocks/text_height").then(
        (heights) => heights.fit(control),
        () => undefined,
      );
    if (this.#follow) control.scrollTop = control.scrollHeight;
    this.#follow = false;
  }

  #onInput = (): void => this.userInput(this.control.value);

  /** Listeners hear of it under the same name. */
  #pass = ({ type }: Event): void => this.emit(type);

  #onKeydown = (event: KeyboardEvent): void => {
    if (event.key != "Enter" || event.isComposing || !this.interactive) return;
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
    const title = option === true ? t(name == "submit" ? /* t */ "Submit" : /* t */ "Stop") : nothing;
    return html`<button
      type="button"
      class="${name}-button ${name == "submit" ? "primary" : "secondary"} sm"
      aria-label=${title}
      title=${title}
      ?disabled=${name == "submit" && !this.interactive}
      @click=${() => this.emit(name)}
    >
      ${option === true ? mark : option}
    </button>`;
  }

  #field() {
    const { lines = 1, max_lines = 20, type = "text", placeholder, text_align, rtl, max_length } = this.props;
    const style = `--lines:${lines};--max-lines:${max_lines};${text_align ? `text-align:${text_align}` : ""}`;
    if (type == "text" && Math.max(lines, max_lines) > 1)
      return html`<textarea
        id=${this.inputId}
        data-testid="textbox"
        rows=${lines}
        style=${style}
        dir=${rtl ? "rtl" : nothing}
        placeholder=${placeholder ?? nothing}
        maxlength=${max_length ?? nothing}
        aria-describedby=${this.describedBy}
        .value=${live(this.value ?? "")}
        ?readonly=${!this.interactive}
        @input=${this.#onInput}
        @keydown=${this.#onKeydown}
        @select=${this.#onSelect}
        @focus=${this.#pass}
        @blur=${this.#pass}
      ></textarea>`;
    return html`<input
      id=${this.inputId}
      data-testid=${type == "password" ? type : "textbox"}
      type=${type}
      style=${style}
      dir=${rtl ? "rtl" : nothing}
      placeholder=${placeholder ?? nothing}
      maxlength=${max_length ?? nothing}
      aria-describedby=${this.describedBy}
      .value=${live(this.value ?? "")}
      ?readonly=${!this.interactive}
      @input=${this.#onInput}
      @keydown=${this.#onKeydown}
      @select=${this.#onSelect}
      @focus=${this.#pass}
      @blur=${this.#pass}
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
