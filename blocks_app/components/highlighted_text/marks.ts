/** Texts in parts, each with a category, a score, or nothing. Offsets count as JavaScript counts characters. */

export type Mark = string | number | null;

export interface Token {
  token: string;
  class_or_confidence: Mark;
}

/** The same text with `mark` on what lies from `start` to `end`; null takes marks away there. */
export function withMark(tokens: Token[], start: number, end: number, mark: Mark): Token[] {
  const before: Token[] = [];
  const after: Token[] = [];
  let [middle, at] = ["", 0];
  for (const { token, class_or_confidence } of tokens) {
    const [from, to] = [start - at, end - at].map((place) => Math.min(Math.max(place, 0), token.length));
    at += token.length;
    if (from) before.push({ token: token.slice(0, from), class_or_confidence });
    middle += token.slice(from, to);
    if (to! < token.length) after.push({ token: token.slice(to), class_or_confidence });
  }
  if (!middle) return tokens;
  const plain = mark === null;
  // What is not marked any more joins its neighbours without a mark, so that it can be selected as one.
  if (plain && before.at(-1)?.class_or_confidence === null) middle = before.pop()!.token + middle;
  if (plain && after[0]?.class_or_confidence === null) middle += after.shift()!.token;
  return [...before, { token: middle, class_or_confidence: mark }, ...after];
}

/** Whether the marks are scores. */
export function areScores(tokens: Token[]): boolean {
  return tokens.some(({ class_or_confidence }) => typeof class_or_confidence === "number");
}

/** The categories in the order of their first appearance, those with a colour of their own first. */
export function categories(tokens: Token[], colors: Record<string, string>): string[] {
  const found = new Set(Object.keys(colors));
  for (const { class_or_confidence: name } of tokens) if (typeof name === "string") found.add(name);
  return [...found];
}

/** Colour of a score: red above zero, blue below, the stronger the further from it. */
export function colorOf(score: number): string {
  const strength = Math.min(Math.abs(score), 1) * 45;
  return `color-mix(in oklab, ${score < 0 ? "#2563eb" : "#dc2626"} ${strength.toFixed(1)}%, transparent)`;
}
