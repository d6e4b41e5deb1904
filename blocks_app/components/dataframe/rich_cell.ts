/** A cell with Markdown or HTML in it. Drawn when the libraries have come, and again when another row takes its place. */
import { define, markdownView, type MarkdownOptions, type MarkdownView } from "blocks";

export class GrRichCell extends HTMLElement {
  private view?: MarkdownView;
  private wanted = "";
  options: MarkdownOptions = {};
  kind = "markdown";

  set text(text: string) {
    const key = `${this.kind}:${text}`;
    if (this.wanted === key) return;
    this.wanted = key;
    void this.draw(text, key);
  }

  private async draw(text: string, key: string): Promise<void> {
    if (this.kind === "html") {
      const { sanitize } = await import("blocks/sanitize");
      this.view = undefined;
      if (this.wanted === key) this.replaceChildren(sanitize(text));
    } else {
      this.view ??= await markdownView(this.holder());
      if (this.wanted === key) this.view.render(text, this.options);
    }
  }

  private holder(): HTMLElement {
    const holder = document.createElement("span");
    holder.className = "md prose markdown";
    this.replaceChildren(holder);
    return holder;
  }
}

define("gr-rich-cell", GrRichCell);
