/** What is drawn in a cell, by its datatype. */
import { html, type Props, type TemplateResult } from "blocks";
import "./rich_cell";
import type { GridModel } from "./model";
import { isNumber, textOf, type Cell } from "./table";

const RICH = new Set(["markdown", "html"]);

/** Whether cells of this kind may be higher than one line. */
export function isHigh(kind: string): boolean {
  return RICH.has(kind) || kind === "image";
}

/** The content of a cell. `resized` is called when it has got another height. */
export function cellContent(
  model: GridModel,
  props: Props,
  seen: number,
  column: number,
  resized: () => void,
): TemplateResult | string {
  const kind = model.kind(column);
  const cell = model.cell({ row: seen, column });
  const shown = model.table.metadata?.display_value?.[model.rowOf(seen)]?.[column];
  if (shown !== undefined && shown !== null && !isHigh(kind)) return cut(shown, props);
  if (kind === "bool") return checkbox(model, cell, seen, column);
  const text = textOf(cell);
  if (kind === "image") return picture(text);
  if (!RICH.has(kind)) return cut(text, props);
  const { latex_delimiters, line_breaks } = props;
  return html`<gr-rich-cell
    .kind=${kind}
    .options=${{ latex_delimiters, line_breaks }}
    .resized=${resized}
    .text=${text}
  ></gr-rich-cell>`;
}

/** Numbers stand at the end of their cell, as in books. */
export function isAtEnd(cell: Cell, kind: string): boolean {
  return kind === "number" || (kind !== "date" && isNumber(cell));
}

function cut(text: string, { max_chars }: Props): string {
  return max_chars && text.length > max_chars ? `${text.slice(0, max_chars)}…` : text;
}

function checkbox(model: GridModel, cell: Cell, row: number, column: number): TemplateResult {
  const name = textOf(model.table.headers[column]);
  return html`<input
    type="checkbox"
    tabindex="-1"
    aria-label="${name}, row ${row + 1}"
    .checked=${cell === true || cell === "true"}
    ?disabled=${!model.mayEdit(column)}
    @change=${(event: Event) => model.set([[row, column, (event.target as HTMLInputElement).checked]])}
  />`;
}

/** A picture of this site; an address elsewhere stays a text, as the page asks nobody else for anything. */
function picture(text: string): TemplateResult | string {
  const address = text.startsWith("data:image/") || text.startsWith("blob:") ? text : ours(text);
  return address
    ? html`<img class="cell-picture" src=${address} alt="" loading="lazy" decoding="async" />`
    : text;
}

function ours(text: string): string | null {
  if (!text || !/^([./]|https?:)/.test(text)) return null;
  return URL.parse(text, document.baseURI)?.origin === location.origin ? text : null;
}
