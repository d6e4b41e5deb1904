/** How elements stand in each other in a piece of markup, read from its tags alone, in one pass. */
const VOID = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

/** Each tag: 1 for one that opens, -1 for one that closes. A tag that never ends is the last. */
function* tags(markup: string): Generator<number> {
  for (let at = markup.indexOf("<"); at >= 0; at = markup.indexOf("<", at)) {
    const [, slash, name] = /^<(\/?)([a-z][\w-]*)/i.exec(markup.slice(at, at + 100)) ?? [];
    at += 1;
    if (!name) continue;
    const end = endOf(markup, at);
    if (end < 0) return;
    if (!VOID.test(name) && markup[end - 1] !== "/") yield slash ? -1 : 1;
    at = end;
  }
}

/** Where a tag ends: a sign in quotes is none. */
function endOf(markup: string, from: number): number {
  let quote = "";
  for (let at = from; at < markup.length; at += 1) {
    const sign = markup[at]!;
    if (quote) quote = sign === quote ? "" : quote;
    else if (sign === ">") return at;
    else if (sign === '"' || sign === "'") quote = sign;
  }
  return -1;
}

/** How many elements a piece of HTML opens and leaves open; negative when it closes some. */
export function balance(markup: string): number {
  let open = 0;
  for (const change of tags(markup)) open += change;
  return open;
}

/** How many elements stand in each other at most; those that are never closed are in each other. */
export function levels(markup: string): number {
  let [open, most] = [0, 0];
  for (const change of tags(markup)) {
    open = Math.max(0, open + change);
    most = Math.max(most, open);
  }
  return most;
}
