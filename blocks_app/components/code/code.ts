/** Code: source code, shown or edited. The editor comes by itself; until then a plain field holds the text. See code.py. */
import { CopyButton, GrElement, define, html, icon, live, nothing, type PropertyValues, t } from "blocks";
import { iconButton } from "blocks/corner";
import { inSight } from "blocks/sight";
import type { Editor } from "./editor";
import "./code.css";

/** Suffixes of a file with the code; "txt" for others. */
const SUFFIXES: Record<string, string> = {
  python: "py",
  c: "c",
  cpp: "cpp",
  markdown: "md",
  latex: "tex",
  json: "json",
  html: "html",
  css: "css",
  javascript: "js",
  jinja2: "jinja",
  typescript: "ts",
  yaml: "yaml",
  dockerfile: "dockerfile",
  shell: "sh",
  r: "r",
};

/** What a file with code of this language is called. */
export function fileName(language: string | null | undefined): string {
  const name = language ?? "";
  return `file.${SUFFIXES[name] ?? (name.startsWith("sql") ? "sql" : "txt")}`;
}

export class GrCode extends GrElement<string> {
  static override typed = true;
  override defaultLabel = "Code";
  /** The editor, as soon as its module is here. */
  private editor?: Editor;
  private asked = false;
  /** An input method composes in the plain field; the caret is on its way from there into the editor. */
  private composing = false;
  private moving = false;
  private copy = new CopyButton(this, () => this.value);

  override connectedCallback(): void {
    this.value ??= "";
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate(); // the editor may have gone
  }

  /** An editor listens to the window: one that is taken out for good goes, one that is only moved stays. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    setTimeout(() => {
      if (this.isConnected || !this.editor) return;
      this.editor.remove();
      this.editor = undefined;
      this.asked = false;
    });
  }

  override receive(value: string | null): void {
    super.receive(value ?? "");
  }

  protected override updated(changed: PropertyValues): void {
    if (!this.asked && this.isConnected) void this.load();
    if (changed.has("props") || changed.has("interactive"))
      this.editor?.configure({ ...this.props, label: this.label, interactive: this.interactive });
    if (changed.has("value")) this.editor?.show(this.value);
  }

  /** Brings the editor, to who can see it; should it not come, the plain field stays and works. */
  private async load(): Promise<void> {
    this.asked = true;
    await inSight(this);
    const module = await import("./editor").catch(() => null);
    if (!module) return;
    await this.composed();
    if (!this.isConnected) {
      this.asked = false;
      return;
    }
    const field = this.querySelector<HTMLTextAreaElement>(".code-plain")!;
    const selection =
      document.activeElement === field ? [field.selectionStart ?? 0, field.selectionEnd ?? 0] : null;
    this.moving = !!selection;
    this.editor = module.createEditor(this.querySelector(".codemirror-wrapper")!, this.value, {
      input: (text) => this.userInput(text),
      focus: this.onFocus,
    });
    this.editor.configure({ ...this.props, label: this.label, interactive: this.interactive });
    if (selection) this.editor.focus(selection[0], selection[1]);
    this.requestUpdate();
  }

  /** Tells where the visitor goes; not that the caret moves from the plain field into the editor that takes its place. */
  private onFocus = (inside: boolean): void => {
    if (!this.moving) this.emit(inside ? "focus" : "blur");
    else if (inside) this.moving = false;
  };

  /** Resolves when no input method composes in the plain field, which would be broken off. */
  private composed(): Promise<void> | void {
    if (!this.composing) return;
    return new Promise((done) =>
      this.addEventListener("compositionend", () => setTimeout(done), { once: true }),
    );
  }

  private download = (): void => {
    const address = URL.createObjectURL(new Blob([this.value], { type: "text/plain" }));
    Object.assign(document.createElement("a"), {
      href: address,
      download: fileName(this.props.language),
    }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };

  private renderPlain() {
    if (this.editor) return nothing;
    if (!this.interactive)
      return html`<pre
        class="code-plain"
        role="textbox"
        tabindex="0"
        aria-readonly="true"
        aria-multiline="true"
        aria-label=${this.label}
        .textContent=${this.value}
      ></pre>`;
    return html`<textarea
      class="code-plain"
      aria-label=${this.label}
      spellcheck="false"
      autocapitalize="off"
      rows=${this.props.lines ?? 5}
      .value=${live(this.value)}
      @input=${(event: Event) => this.userInput((event.target as HTMLTextAreaElement).value)}
      @compositionstart=${() => (this.composing = true)}
      @compositionend=${() => (this.composing = false)}
      @focus=${() => this.onFocus(true)}
      @blur=${() => this.onFocus(false)}
    ></textarea>`;
  }

  override render() {
    const { lines = 5, max_lines, wrap_lines } = this.props;
    const corner = this.renderButtons({
      copy: () => this.copy.render(),
      download: () => iconButton(t("Download"), icon("download"), this.download),
    });
    return html`${this.renderBlockLabel(icon("code"))}${corner}
      <div
        class="code-box ${wrap_lines ? "wraps" : ""}"
        style="--lines:${lines};--max-lines:${max_lines ?? "infinity"}"
      >
        ${this.renderPlain()}
        <div class="codemirror-wrapper" dir="ltr"></div>
      </div>`;
  }
}

define("gr-code", GrCode);
