/**
 * Markdown -> tokens, with bounded work. A parser of Markdown looks ahead for the end of all that seems to begin, so that
 * some texts cost it the square of their length, and others as many levels as they have letters. Every step counts here;
 * what remains when they are used up is a text as it is.
 */
import { Lexer, Tokenizer, type MarkedOptions, type Token, type Tokens, type TokensList } from "marked";

/** Characters that all steps together may look at; levels of lists, quotes and emphasis; blocks and their inline parts. */
const SIGHT = 1.5e8;
const LEVELS = 40;
const BLOCKS = 3000;
const PARTS = 30_000;
/** Characters of one word, and of one address that becomes a link by itself. */
const WORD = 2000;
/** Cells of one table. */
const CELLS = 10_000;

/** Tokens of a text, and whether a part of it had to stay as it is. */
export interface Parsed {
  tokens: TokensList;
  cut: boolean;
}

export function parse(text: string, options: MarkedOptions): Parsed {
  const tokenizer = new BoundedTokenizer(options);
  const { extensions } = options;
  if (extensions) {
    const counted = (rules: Rule[] | undefined, cost: number) =>
      rules?.map((rule) => tokenizer.counted(rule, cost));
    const { block, inline } = extensions as { block?: Rule[]; inline?: Rule[] };
    options = {
      ...options,
      extensions: { ...extensions, block: counted(block, 2), inline: counted(inline, 0.5) } as never,
    };
  }
  const tokens = new BoundedLexer(options, tokenizer).lex(text) as TokensList;
  return { tokens, cut: tokenizer.cut };
}

type Rule = (this: unknown, text: string, tokens: Token[]) => Tokens.Generic | undefined;

class BoundedTokenizer extends Tokenizer {
  cut = false;
  private sight = SIGHT;
  private parts = PARTS;
  private blocks = BLOCKS;

  /** Takes one step, which looks at a text; false when there is none left. */
  step(text: string): boolean {
    this.parts -= 1;
    this.sight -= text.length;
    return this.parts > 0 && this.sight > 0;
  }

  /** A rule of an extension, which is asked before those here. */
  counted(rule: Rule, cost: number): Rule {
    const left = (): boolean => this.step("") && this.blocks > 0;
    const pay = (): number => (this.blocks -= cost);
    return function (text, tokens) {
      const token = left() ? rule.call(this, text, tokens) : undefined;
      if (token) pay();
      return token;
    };
  }

  /** A text as it is. */
  plain(raw: string): Tokens.Text {
    this.cut = true;
    return { type: "text", raw, text: raw, escaped: false };
  }

  block(raw: string): Tokens.Paragraph {
    return { type: "paragraph", raw, text: raw, tokens: [this.plain(raw)] };
  }

  /** What is asked first for each block. One looks at its own lines; far less than the rest of the text, but for lists. */
  override space(text: string): Tokens.Space | undefined {
    this.blocks -= 1;
    if (this.step(text.slice(0, WORD)) && this.blocks > 0) return super.space(text);
    return this.block(text) as unknown as Tokens.Space;
  }

  /** What is asked first for each inline part. */
  override escape(text: string): Tokens.Escape | undefined {
    if (this.step(text)) return super.escape(text);
    return this.plain(text) as unknown as Tokens.Escape;
  }

  /** A list with more items than there are blocks left stays as it is, all of it. */
  override list(text: string): Tokens.List | undefined {
    const token = super.list(text);
    return token && this.blocks <= 0 ? (this.block(token.raw) as unknown as Tokens.List) : token;
  }

  /** Code has a button and colours, which cost more than a paragraph. */
  override fences(text: string): Tokens.Code | undefined {
    const token = super.fences(text);
    if (token) this.blocks -= 2;
    return token;
  }

  override inlineText(text: string): Tokens.Text | undefined {
    return super.inlineText(text.length > WORD ? text.slice(0, WORD) : text);
  }

  override url(text: string): Tokens.Link | undefined {
    if (text.length > WORD && !/\s/.test(text.slice(0, WORD))) return undefined;
    return super.url(text.length > WORD ? text.slice(0, WORD) : text);
  }

  /** A table is one when its second line says so, and its cells can be counted. */
  override table(text: string): Tokens.Table | undefined {
    const first = text.indexOf("\n");
    if (first < 0) return undefined;
    const next = text.indexOf("\n", first + 1);
    const rule = text.slice(first + 1, next < 0 ? undefined : next);
    if (!/^[ \t|:-]+$/.test(rule) || !/[|:]/.test(rule)) return undefined;
    const end = text.indexOf("\n\n", first);
    const rows = text.slice(first, end < 0 ? undefined : end).split("\n").length;
    if (rule.split("|").length * rows <= CELLS) return super.table(text);
    return this.block(end < 0 ? text : text.slice(0, end)) as unknown as Tokens.Table;
  }
}

class BoundedLexer extends Lexer {
  private level = 0;
  constructor(
    options: MarkedOptions,
    private readonly bounded: BoundedTokenizer,
  ) {
    super({ ...options, tokenizer: bounded });
  }

  override blockTokens(text: string, tokens?: Token[], clipped?: boolean): Token[];
  override blockTokens(text: string, tokens?: TokensList, clipped?: boolean): TokensList;
  override blockTokens(text: string, tokens: Token[] = [], clipped?: boolean): Token[] {
    return this.within(
      () => super.blockTokens(text, tokens, clipped),
      () => (tokens.push(this.bounded.block(text)), tokens),
    );
  }

  override inlineTokens(text: string, tokens: Token[] = []): Token[] {
    return this.within(
      () => super.inlineTokens(text, tokens),
      () => (tokens.push(this.bounded.plain(text)), tokens),
    );
  }

  private within<T>(work: () => T, instead: () => T): T {
    if (this.level >= LEVELS) return instead();
    this.level += 1;
    try {
      return work();
    } finally {
      this.level -= 1;
    }
  }
}
