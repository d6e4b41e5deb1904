/** What is selected in a text that stands in parts: elements with `data-index`, each with its text in `.text`. */

/** From where to where, in characters of the text; null when nothing is selected in it. */
export function selectedIn(field: HTMLElement): [number, number] | null {
  const chosen = document.getSelection();
  if (!chosen?.rangeCount) return null;
  const { startContainer, startOffset, endContainer, endOffset } = chosen.getRangeAt(0);
  const start = offsetIn(field, startContainer, startOffset);
  const end = offsetIn(field, endContainer, endOffset);
  return start === null || end === null ? null : [start, end];
}

/** The characters before a place in the field; null for a place outside of it. */
function offsetIn(field: HTMLElement, node: Node, at: number): number | null {
  if (!field.contains(node)) return null;
  const place = document.createRange();
  place.setStart(node, at);
  let before = 0;
  for (const text of field.querySelectorAll(".text")) {
    const whole = document.createRange();
    whole.selectNodeContents(text);
    if (place.compareBoundaryPoints(Range.END_TO_START, whole) >= 0) {
      before += text.textContent!.length; // it ends before the place
      continue;
    }
    if (place.compareBoundaryPoints(Range.START_TO_START, whole) > 0) {
      whole.setEnd(node, at);
      before += whole.toString().length;
    }
    break;
  }
  return before;
}

/** Shows which part is meant, also while the focus is elsewhere and the browser shows no selection. */
export function highlight(field: HTMLElement | null, start = 0, end = 0): void {
  if (!("highlights" in CSS)) return;
  if (!field) return void CSS.highlights.delete("gr-picked");
  const range = document.createRange();
  let at = 0;
  for (const text of field.querySelectorAll(".text")) {
    const node = [...text.childNodes].find((child) => child.nodeType === Node.TEXT_NODE);
    const length = node?.textContent!.length ?? 0;
    if (node && start >= at && start <= at + length) range.setStart(node, start - at);
    if (node && end >= at && end <= at + length) range.setEnd(node, end - at);
    at += length;
    if (at >= end) break;
  }
  CSS.highlights.set("gr-picked", new Highlight(range));
}
