/** The styles that a cell may have. */

const ALLOWED =
  /^(color|background(-color)?|font-(weight|style|family|size)|text-(align|decoration|transform)|opacity|border(-[a-z]+)*)$/;
const KEPT = 1000;
const known = new Map<string, Record<string, string>>();

/** The properties of a style text, without what would reach beyond the cell or fetch something. */
export function styles(text: string): Record<string, string> {
  let found = known.get(text);
  if (!found) {
    if (known.size > KEPT) known.clear();
    known.set(text, (found = read(text)));
  }
  return found;
}

function read(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of text.split(";")) {
    const at = part.indexOf(":");
    const name = part.slice(0, at).trim().toLowerCase();
    const value = part.slice(at + 1).trim();
    if (at < 0 || !ALLOWED.test(name) || /url\s*\(|image-set|expression|\\/i.test(value)) continue;
    found[name] = value;
  }
  const ground = found["background-color"] ?? found.background;
  if (ground && !found.color) found.color = `lab(from ${ground} calc((50 - l) * infinity) 0 0)`; // black or white
  return found;
}
