/** Markdown: formatted text, drawn by the page's Markdown view. See markdown.py. */
import {
  CopyButton,
  GrElement,
  type MarkdownOptions,
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

/** Words between two pairs of stars, where nothing else could be meant by them. */
const STRONG = /(?<=^|[\s(])\*\*([\p{L}\p{N}](?:[^*\n]*[\p{L}\p{N}])?)\*\*(?=[\s.,;:?!)]|$)/gmu;
/** Letters, digits and marks that mean themselves in Markdown wherever they stand, and hyphens inside a line. */
const HARMLESS = /^(?:[\p{L}\p{N}\p{M} \n.,;:?!'"()/%–—…’‘“”-])*$/u;
/** Indented lines, trailing spaces, lists and rules, and addresses that become links. */
const MEANING = /^[ -]| $|^\d+[.)]|:\/\/|www\./imu;

/** The paragraphs of a text that is certainly the same in Markdown, but for strong words; null for any other text. */
export function plainParagraphs(text: string, options: MarkdownOptions): Node[] | null {
  if (text.length > 20_000) return null; // the view knows what to do with texts that are long
  const words = text.replace(STRONG, "$1");
  if (!HARMLESS.test(words) || MEANING.test(text) || MEANING.test(words)) return null;
  if (options.line_breaks && text.trim().includes("\n")) return null;
  if (options.latex_delimiters?.some(({ left }) => text.includes(left))) return null;
  return text.split(/\n{2,}/).flatMap((part) => {
    const paragraph = document.createElement("p");
    for (const [i, piece] of part.trim().split(STRONG).entries()) {
      const strong = document.createElement("strong");
      strong.textContent = piece;
      paragraph.append(i % 2 ? strong : piece);
    }
    return part.trim() ? [paragraph] : [];
  });
}

export class GrMarkdown extends GrElement<string | null> {
  /** Resolves when the present value has been drawn; the libraries come with the first one that needs them. */
  drawn: Promise<void> = Promise.resolve();
  private view?: MarkdownView;
  private loading = false;
  private copy = new CopyButton(
    this,
    () => this.value ?? "",
    (value) => this.emit("copy", { value }),
  );

  protected override updated(): void {
    this.classList.toggle("padded", !!this.props.padding);
    this.draw();
  }

  private draw(): void {
    const text = this.value ?? "";
    if (this.view) return this.view.render(text, this.props);
    const root = this.querySelector<HTMLElement>(".md")!;
    const plain = plainParagraphs(text, this.props);
    if (plain) root.replaceChildren(...plain);
    else this.load(root);
  }

  private load(root: HTMLElement): void {
    if (this.loading) return;
    this.loading = true;
    this.drawn = markdownView(root).then((view) => {
      this.view = view;
      this.draw();
    });
  }

  override render() {
    const { container, rtl, height, max_height, min_height } = this.props;
    const size = { height: length(height), maxHeight: length(max_height), minHeight: length(min_height) };
    const scrolls = !!(size.height || size.maxHeight);
    return html`${this.renderButtons({ copy: () => this.copy.render() })}${container ? this.renderLabel() : nothing}
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
