/** Markdown: formatted text, drawn by the page's Markdown view. See markdown.py. */
import {
  CopyButton,
  GrElement,
  type MarkdownView,
  define,
  html,
  markdownView,
  nothing,
  styleMap,
} from "blocks";
import "./markdown.css";

/** Pixels, or a length as css writes it. */
const length = (size: number | string | null | undefined) =>
  typeof size === "number" ? `${size}px` : (size ?? "");

export class GrMarkdown extends GrElement<string | null> {
  /** Resolves when the present value has been drawn; the libraries come with the first one. */
  drawn: Promise<void> = Promise.resolve();
  private view?: MarkdownView;
  private copy = new CopyButton(
    this,
    () => this.value ?? "",
    (value) => this.emit("copy", { value }),
  );

  protected override firstUpdated(): void {
    this.drawn = markdownView(this.querySelector<HTMLElement>(".md")!).then((view) => {
      this.view = view;
      this.draw();
    });
  }

  protected override updated(): void {
    this.classList.toggle("padded", !!this.props.padding);
    this.draw();
  }

  private draw(): void {
    this.view?.render(this.value ?? "", this.props);
  }

  override render() {
    const { container, rtl, height, max_height, min_height, buttons } = this.props;
    const size = { height: length(height), maxHeight: length(max_height), minHeight: length(min_height) };
    const scrolls = !!(size.height || size.maxHeight);
    return html`${container ? this.renderLabel() : nothing}${buttons?.includes("copy") ? this.copy.render() : nothing}
      <div
        class="prose markdown ${scrolls ? "scrolls" : ""}"
        data-testid="markdown"
        dir=${rtl ? "rtl" : nothing}
        tabindex=${scrolls ? "0" : nothing}
        style=${styleMap(size)}
      >
        <div class="md"></div>
      </div>`;
  }
}

define("gr-markdown", GrMarkdown);
