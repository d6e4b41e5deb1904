/**
 * An element of another component inside one: `import { embedded } from "blocks/embedded"`, then
 * `${embedded({ element, props, value })}` in a template. It stands outside of the page's tree: no listener hears it, and
 * nobody edits it. Its module and style sheets are loaded when the first of its kind is drawn.
 */
import { define, html, link, page, type Props, type TemplateResult, t } from "blocks";

/** What is drawn. */
export interface Embedding {
  /** The custom element, and where its module and style sheets are: `block_assets` of the class, in Python. */
  element: { tag: string; module: string | null; css?: string[] };
  props: Props;
  value: unknown;
}

interface Drawn extends HTMLElement {
  props: Props;
  value: unknown;
  interactive: boolean;
  blockId: number;
}

/** Numbers that no block of the page has, as ids derive from them. */
let spare = -2;

function addressOf(file: string): string {
  return new URL(/^(\/|https?:)/.test(file) ? file : page.base + file, document.baseURI).href;
}

class GrEmbedded extends HTMLElement {
  #wanted?: Embedding;
  #drawn?: Drawn;

  connectedCallback(): void {
    this.addEventListener("gr-event", (event) => event.stopPropagation());
  }

  set embedding(wanted: Embedding) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    void this.#draw(wanted);
  }

  async #draw(wanted: Embedding): Promise<void> {
    const { tag, module, css } = wanted.element;
    try {
      if (module && !customElements.get(tag))
        await Promise.all([
          import(/* @vite-ignore */ addressOf(module)),
          ...(css ?? []).map((sheet) => link(addressOf(sheet))),
        ]);
    } catch (error) {
      this.textContent = t("This part could not be loaded.");
      console.error("Not loaded:", module, error);
      return;
    }
    if (wanted !== this.#wanted) return;
    const old = this.#drawn?.localName === tag ? this.#drawn : undefined;
    const drawn = old ?? (document.createElement(tag) as Drawn);
    if (!old) drawn.blockId = spare--;
    drawn.props = wanted.props;
    drawn.value = wanted.value;
    drawn.interactive = false;
    drawn.id = wanted.props.elem_id || `component-${drawn.blockId}`;
    drawn.classList.add("block", ...[wanted.props.elem_classes ?? []].flat());
    drawn.classList.toggle("bare", wanted.props.container === false);
    this.#drawn = drawn;
    if (!old) this.replaceChildren(drawn);
  }
}

define("gr-embedded", GrEmbedded);

/** The element of a component with these options and this value; it is kept while its place in the template is. */
export function embedded(wanted: Embedding): TemplateResult {
  return html`<gr-embedded .embedding=${wanted}></gr-embedded>`;
}
