/** Tags of an app's own in a text, such as `<plan>`, which would go when the text is cleaned: shown as they are written. */

/** Code between backticks, where every tag is shown anyway; or a tag. */
const PIECES = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)|<(\/?)([a-z][\w-]*)((?:\s[^<>]*)?\/?)>/gi;

/** Whether HTML, SVG or MathML know an element of this name. */
function isKnown(name: string): boolean {
  const element = document.createElement(name);
  if (!(element instanceof HTMLUnknownElement) && !name.includes("-")) return true;
  return /^(svg|g|path|circle|rect|line|text|tspan|polyline|polygon|ellipse|defs|use|math|m[a-z]+|semantics|annotation)$/.test(
    name,
  );
}

/** The text with the marks around such tags escaped: all that nobody knows, those of a list, or none. */
export function asWritten(text: string, tags: boolean | string[]): string {
  if (!tags || !text.includes("<")) return text;
  return text.replace(PIECES, (all, code: string, slash: string, name: string, rest: string) => {
    if (code || !name) return all;
    const shown = Array.isArray(tags) ? tags.includes(name) : !isKnown(name.toLowerCase());
    return shown ? `&lt;${slash}${name}${rest}&gt;` : all;
  });
}
