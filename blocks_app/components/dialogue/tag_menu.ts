/** What a colon offers while one types: the field stays focused, arrows choose, Enter and Tab take, Escape closes. */
import { html, nothing, type TemplateResult, t } from "blocks";
import { tagBefore } from "./lines";

type Field = HTMLTextAreaElement;

export class TagMenu {
  field: Field | null = null;
  private found: string[] = [];
  private chosen = 0;

  constructor(
    private readonly host: { requestUpdate(): void },
    private readonly id: () => string,
  ) {}

  isOpen(field: Element | null): boolean {
    return !!this.field && this.field === field && this.found.length > 0;
  }

  get active(): string {
    return `${this.id()}-${this.chosen}`;
  }

  /** After each letter: looks for a colon before the caret. */
  follow(field: Field, tags: string[]): void {
    const tag = tagBefore(field.value, field.selectionStart);
    this.field = tag && field;
    this.found = tag ? tags.filter((each) => each.toLowerCase().includes(tag.word)) : [];
    this.chosen = 0;
    this.host.requestUpdate();
  }

  close = (): void => {
    this.field = null;
    this.host.requestUpdate();
  };

  /** Whether the key was meant for the menu. */
  takes(event: KeyboardEvent, put: (text: string, caret: number) => void): boolean {
    const { key, isComposing } = event;
    if (isComposing || !this.isOpen(event.target as Element)) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) this.chosen = (this.chosen + step + this.found.length) % this.found.length;
    else if (key === "Enter" || key === "Tab") this.take(this.found[this.chosen], put);
    else if (key !== "Escape") return false;
    if (key === "Escape") this.field = null;
    event.preventDefault();
    this.host.requestUpdate();
    return true;
  }

  take(tag: string, put: (text: string, caret: number) => void): void {
    const { field } = this;
    const found = field && tagBefore(field.value, field.selectionStart);
    if (!found) return;
    const before = `${field.value.slice(0, found.at)}${tag} `;
    put(before + field.value.slice(field.selectionStart), before.length);
    this.close();
  }

  render(put: (text: string, caret: number) => void): TemplateResult | typeof nothing {
    return html`<ul class="tags" id=${this.id()} role="listbox" aria-label=${t("Tags")}>
      ${this.found.map(
        (tag, i) =>
          html`<li
            role="option"
            id=${`${this.id()}-${i}`}
            aria-selected=${i === this.chosen}
            @mousedown=${(event: Event) => event.preventDefault()}
            @click=${() => this.take(tag, put)}
          >
            ${tag}
          </li>`,
      )}
    </ul>`;
  }
}
