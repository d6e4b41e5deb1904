/** A dialogue as lines, and as one text: what lines.py does unless the app writes them in its own way. */

export interface Line {
  speaker: string;
  text: string;
}

export function joined(lines: Line[], separator: string): string {
  if (lines.length === 1 && !lines[0].text) return "";
  return lines.map(({ speaker, text }) => `[${speaker}] ${text}`).join(separator);
}

export function split(text: string, separator: string, speaker: string): Line[] {
  const parts = text.split(separator).map((part) => part.trim());
  return parts.filter(Boolean).map((part) => {
    const [, name, words] = /^\[([^\]]*)\]([^]*)$/.exec(part) ?? [];
    return name === undefined ? { speaker, text: part } : { speaker: name, text: words.trim() };
  });
}

/** The word after a colon that stands directly before the caret, and where it begins; null without one. */
export function tagBefore(text: string, caret: number): { at: number; word: string } | null {
  const found = /:([^\s:]*)$/.exec(text.slice(0, caret));
  return found ? { at: found.index, word: found[1].toLowerCase() } : null;
}
