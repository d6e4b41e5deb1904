/**
 * Markdown -> nodes, for Markdown and Chatbot; loaded when the first of them is on the page.
 *
 * A growing text is drawn piece by piece: what did not change keeps its nodes, and only the end is parsed again, so
 * that a long answer streams at a flat cost and the reader's selection stays.
 */
import { t } from "blocks";
import { Marked, type MarkedOptions, type Token, type TokensList } from "marked";
import { copyButtons } from "./code_blocks";
import { highlightCode } from "./highlighting";
import { mathExtension, opensMath, renderMath, type Delimiter } from "./formulas";
import { parse } from "./parsing";
import { balance, levels } from "./markup";
import { free, sanitize, trust } from "./sanitizing";

/** The options of a Markdown component that decide how its text is drawn. */
export interface MarkdownOptions {
  latex_delimiters?: Delimiter[] | null;
  sanitize_html?: boolean;
  line_breaks?: boolean;
  header_links?: boolean;
}

/** Marks that one letter bears; browsers need quadratic time for more: 50,000 of them hold a tab for a minute. */
const MARKS = /(\p{M}{64})\p{M}+/gu;
/** Characters of one text that are formatted. */
const LIMIT = 1_000_000;
/** Pieces that are drawn one by one, and the length of those after them: each costs some work of its own. */
const SINGLE = 300;
const LENGTH = 4000;
/** Elements within each other, beyond which markup is shown as it is. */
const DEEP = 200;
const CUT = t("This text is too long or too involved: a part of it is shown without format.");

/** A run of tokens that is drawn as one: a block, or several that an HTML element spans. */
interface Piece {
  raw: string;
  tokens: Token[];
  nodes: Node[];
  /** Whether many came before it. */
  late: boolean;
}

export class MarkdownView {
  private pieces: Piece[] = [];
  private tokens: Token[] = [];
  private links = "{}";
  private text = "";
  private key = "";
  private marked = new Marked();
  private delimiters: Delimiter[] = [];
  private cut = false;
  /** What stands below the pieces: the text beyond the limit, and the words that say so. */
  private rest: HTMLElement[] = [];

  constructor(private readonly root: HTMLElement) {}

  /** Draws the text. The nodes stand at once; code and formulas are set when their libraries have come. */
  render(text: string, options: MarkdownOptions = {}): void {
    this.configure(options);
    const clean = text.replace(/\r\n?/g, "\n").replace(MARKS, "$1");
    const taken = clean.length > LIMIT ? clean.slice(0, clean.lastIndexOf("\n", LIMIT) + 1 || LIMIT) : clean;
    this.cut = taken !== clean;
    for (const element of this.rest) element.remove();
    this.tokens = this.lex(taken);
    this.text = taken;
    this.draw(pieces(this.tokens), options);
    this.rest = this.cut ? [plain(clean.slice(taken.length)), note(CUT)] : [];
    this.root.append(...this.rest);
  }

  private configure(options: MarkdownOptions): void {
    const key = JSON.stringify([
      options.latex_delimiters,
      options.sanitize_html,
      options.line_breaks,
      options.header_links,
    ]);
    if (key === this.key) return;
    this.key = key;
    this.delimiters = options.latex_delimiters ?? [];
    this.marked = new Marked({ gfm: true, breaks: !!options.line_breaks });
    if (this.delimiters.length) this.marked.use(mathExtension(this.delimiters));
    this.tokens = [];
    this.links = "{}";
    this.text = "";
    this.root.classList.toggle("contained", options.sanitize_html !== false);
    this.clear();
  }

  private clear(): void {
    this.pieces = [];
    this.root.replaceChildren();
  }

  /** The tokens of the whole text; those before the last block are taken over when the text only grew. */
  private lex(text: string): Token[] {
    const kept = text.startsWith(this.text) ? settled(this.tokens, this.delimiters) : [];
    const start = kept.reduce((sum, token) => sum + token.raw.length, 0);
    const rest = this.parse(text.slice(start));
    const complete = start + rest.reduce((sum, token) => sum + token.raw.length, 0) === text.length;
    if (kept.length && complete && !Object.keys(rest.links).length) return [...kept, ...rest];
    const all = kept.length ? this.parse(text) : rest;
    const links = JSON.stringify(all.links);
    if (links !== this.links) this.clear(); // a link definition reaches back into the paragraphs before it
    this.links = links;
    return all;
  }

  private parse(text: string): TokensList {
    const { tokens, cut } = parse(text, this.marked.defaults as MarkedOptions);
    this.cut ||= cut;
    return tokens;
  }

  private draw(wanted: Piece[], options: MarkdownOptions): void {
    let same = 0;
    while (same < wanted.length && wanted[same].raw === this.pieces[same]?.raw) {
      wanted[same].nodes = this.pieces[same].nodes;
      same += 1;
    }
    for (const { nodes } of this.pieces.slice(same))
      for (const node of nodes) node.parentNode?.removeChild(node);
    for (const piece of wanted.slice(same)) {
      const fragment = this.fragment(piece, options);
      piece.nodes = piece.late ? [part(fragment)] : [...fragment.childNodes];
      this.root.append(...piece.nodes);
    }
    this.pieces = wanted;
    if (options.header_links) linkHeadings(this.root);
  }

  private fragment({ tokens }: Piece, options: MarkdownOptions): DocumentFragment {
    const markup = this.marked.parser(tokens as TokensList);
    if (levels(markup) > DEEP) {
      this.cut = true;
      const fragment = document.createDocumentFragment();
      fragment.append(plain(tokens.map(({ raw }) => raw).join("")));
      return fragment;
    }
    const fragment = options.sanitize_html === false ? trust(markup) : sanitize(markup);
    renderMath(fragment);
    highlightCode(fragment);
    copyButtons(fragment);
    return fragment;
  }
}

/** The tokens that more text cannot change: all before the last block; none while something before it is open. */
function settled(tokens: Token[], delimiters: Delimiter[]): Token[] {
  let last = tokens.length - 1;
  while (last >= 0 && tokens[last].type === "space") last -= 1;
  const kept = tokens.slice(0, Math.max(last, 0));
  const open = kept.some((token) => token.type === "def" || opensMath(token, delimiters));
  return open ? [] : kept;
}

/** A part of a long text, which the browser lays out when it comes into sight. */
function part(nodes: DocumentFragment): HTMLElement {
  const element = document.createElement("div");
  element.className = "text-part";
  element.append(nodes);
  return element;
}

/** A text as it is. */
function plain(text: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "plain-text";
  element.textContent = text;
  return element;
}

function note(words: string): HTMLElement {
  const element = document.createElement("p");
  element.className = "plain-note";
  element.textContent = words;
  return element;
}

function pieces(tokens: Token[]): Piece[] {
  const found: Piece[] = [];
  let open = 0;
  for (const token of tokens) {
    const last = found.at(-1);
    const full = !last || found.length <= SINGLE || last.raw.length > LENGTH;
    if (open <= 0 && full) found.push({ raw: "", tokens: [], nodes: [], late: found.length >= SINGLE });
    const piece = found.at(-1)!;
    piece.raw += token.raw;
    piece.tokens.push(token);
    if (token.type === "html") open = Math.max(0, open + balance(token.raw));
  }
  return found;
}

/** Gives each heading an id made of its words, and a link to itself. */
function linkHeadings(root: HTMLElement): void {
  const taken = new Map<string, number>();
  for (const heading of root.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const words = (heading.textContent ?? "").trim().toLowerCase();
    const name = words.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s+/g, "-") || "section";
    const count = taken.get(name) ?? 0;
    taken.set(name, count + 1);
    heading.id = free(count ? `${name}-${count}` : name, root);
    if (heading.querySelector(".md-header-anchor")) continue;
    const link = document.createElement("a");
    link.className = "md-header-anchor";
    link.setAttribute("aria-label", t("Link to this heading"));
    link.href = `#${heading.id}`;
    heading.append(link);
  }
}
