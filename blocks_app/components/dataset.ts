/** Dataset: samples to choose from, as cards or rows, some at a time. See dataset.py. */
import { GrElement, define, fileUrl, html, icon, nothing, stringify, type FileData, t } from "blocks";
import "./dataset.css";

/** So much of a text is shown; the rest adds nothing to a choice. */
const MOST = 100;
const PICTURE = /\.(avif|gif|ico|jpe?g|png|svg|webp)$/i;

const isFile = (value: unknown): value is FileData =>
  typeof value === "object" && value !== null && "path" in value;

function text(value: unknown): string {
  if (value == null) return "";
  if (isFile(value)) return value.orig_name || value.path.split("/").at(-1)!;
  if (Array.isArray(value)) return value.map(text).join(", ");
  const whole = typeof value === "object" ? stringify(value) : String(value);
  return whole.length > MOST ? `${whole.slice(0, MOST)}…` : whole;
}

function sample(value: unknown) {
  if (!isFile(value)) return text(value);
  const address = fileUrl(value);
  if (!address || !PICTURE.test(value.path)) return text(value);
  return html`<img src=${address} alt=${text(value)} loading="lazy" />`;
}

export class GrDataset extends GrElement<number | null> {
  static override properties = { shownPage: { state: true } };
  override defaultLabel = "Examples";
  declare shownPage: number;

  constructor() {
    super();
    this.shownPage = 0;
  }

  get #rows(): unknown[][] {
    return this.props.samples ?? [];
  }

  get #perPage(): number {
    return this.props.samples_per_page ?? 10;
  }

  get #pages(): number {
    return Math.ceil(this.#rows.length / this.#perPage);
  }

  protected override willUpdate(): void {
    this.shownPage = Math.max(0, Math.min(this.shownPage, this.#pages - 1));
  }

  #choose(index: number): void {
    this.act(index, ["click", index], ["select", { index, value: this.#rows[index] }], "change");
  }

  get #numbers(): number[] {
    const first = this.shownPage * this.#perPage;
    return this.#rows.slice(first, first + this.#perPage).map((_, index) => first + index);
  }

  #renderCard(index: number, face: unknown) {
    return html`<button
      type="button"
      class="sample"
      data-index=${index}
      aria-pressed=${this.value === index ? "true" : "false"}
      @click=${() => this.#choose(index)}
    >
      ${face || html`<span class="sr-only">${t("Sample {0}", index + 1)}</span>`}
    </button>`;
  }

  #renderGallery() {
    const labels: string[] | undefined = this.props.sample_labels;
    return html`<div class="gallery" role="group" aria-labelledby=${this.labelId}>
      ${this.#numbers.map((index) =>
        this.#renderCard(index, labels ? labels[index] : sample(this.#rows[index][0])),
      )}
    </div>`;
  }

  #renderTable() {
    const headers: string[] = this.props.headers ?? [];
    const named = headers.some(Boolean);
    return html`<div class="table-wrap" tabindex="0" role="group" aria-labelledby=${this.labelId}>
      <table aria-labelledby=${this.labelId}>
        ${
          named
            ? html`<thead>
                <tr>
                  ${headers.map((header) => (header ? html`<th scope="col">${header}</th>` : html`<td></td>`))}
                </tr>
              </thead>`
            : nothing
        }
        <tbody>
          ${this.#numbers.map(
            (index) =>
              html`<tr class=${this.value === index ? "chosen" : ""} @click=${() => this.#choose(index)}>
                ${this.#rows[index].map((value, column) =>
                  column
                    ? html`<td>${sample(value)}</td>`
                    : html`<td>
                        <button
                          type="button"
                          data-index=${index}
                          aria-pressed=${this.value === index ? "true" : "false"}
                        >
                          ${text(value) ? sample(value) : html`<span class="sr-only">${t("Sample {0}", index + 1)}</span>`}
                        </button>
                      </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #renderPages() {
    if (this.#pages < 2) return nothing;
    const last = this.#pages - 1;
    const around = [-2, -1, 0, 1, 2].map((step) => this.shownPage + step);
    const near = [...new Set([0, ...around.filter((page) => page >= 0 && page <= last), last])];
    return html`<nav class="pages" aria-label=${t("Pages of {0}", this.label)}>
      ${near.map(
        (page, index) =>
          html`${index && page - near[index - 1] > 1 ? html`<span>…</span>` : nothing}<button
              type="button"
              aria-label=${t("Page {0}", page + 1)}
              aria-current=${page === this.shownPage ? "page" : nothing}
              @click=${() => (this.shownPage = page)}
            >
              ${page + 1}
            </button>`,
      )}
    </nav>`;
  }

  override render() {
    const several = (this.props.components ?? []).length > 1;
    const cards =
      this.props.sample_labels || (this.props.layout ?? (several ? "table" : "gallery")) === "gallery";
    return html`<span
        class="dataset-label ${this.props.show_label === false ? "sr-only" : ""}"
        id=${this.labelId}
        >${icon("list")} ${this.label}</span
      >
      ${cards ? this.#renderGallery() : this.#renderTable()}${this.#renderPages()}`;
  }
}

define("gr-dataset", GrDataset);
