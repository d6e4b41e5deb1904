/** What is drawn in a cell, by its datatype. */
import type { Props } from "blocks";
import { isNumber, type Cell } from "./table";

const HIGH = new Set(["markdown", "html", "image"]);

/** Whether cells of this kind may be higher than one line. */
export function isHigh(kind: string): boolean {
  return HIGH.has(kind);
}

/** Numbers stand at the end of their cell, as in books. */
export function isAtEnd(cell: Cell, kind: string): boolean {
  return kind === "number" || (kind !== "date" && isNumber(cell));
}

/** A text as it is shown: long ones are cut for the eye. */
export function shownText(text: string, { max_chars }: Props): string {
  return max_chars && text.length > max_chars ? `${text.slice(0, max_chars)}…` : text;
}

/** A picture of this site; an address elsewhere stays a text, as the page asks nobody else for anything. */
export function picture(text: string): HTMLElement | string {
  const address = text.startsWith("data:image/") || text.startsWith("blob:") ? text : ours(text);
  if (!address) return text;
  const made = document.createElement("img");
  made.className = "cell-picture";
  made.alt = "";
  made.decoding = "async";
  made.src = address;
  return made;
}

function ours(text: string): string | null {
  if (!text || !/^([./]|https?:)/.test(text)) return null;
  return URL.parse(text, document.baseURI)?.origin === location.origin ? text : null;
}
