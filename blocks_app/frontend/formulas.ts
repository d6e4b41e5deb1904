/** LaTeX in Markdown: what stands between the delimiters is set as MathML. KaTeX comes with the first formula. */
import { unhurried } from "./unhurried";
import type { MarkedExtension, Token, TokenizerAndRendererExtension, Tokens } from "marked";

/** Where a formula starts and ends, and whether it gets a line of its own. */
export interface Delimiter {
  left: string;
  right: string;
  display: boolean;
}

/** A formula that is longer stays a text: setting it would hold the page. */
const LONGEST = 4000;

type Renderer = { renderToString(tex: string, options: object): string };
let katex: Renderer | undefined;

/** Teaches marked the delimiters; a formula becomes a span that `renderMath` fills. */
export function mathExtension(delimiters: Delimiter[]): MarkedExtension {
  const ordered = [...delimiters].sort((a, b) => b.left.length - a.left.length);
  const blocks = ordered.filter(({ display }) => display);
  return {
    extensions: [
      {
        name: "mathBlock",
        level: "block",
        start: (source) => firstOf(paragraphOf(source), blocks, "\n"),
        tokenizer(source) {
          const indent = /^ {0,3}/.exec(source)![0];
          const token = match(source.slice(indent.length), blocks);
          if (!token) return undefined;
          const after = /^[ \t]*(?:\n+|$)/.exec(source.slice(indent.length + token.raw.length));
          return after ? { ...token, type: "mathBlock", raw: indent + token.raw + after[0] } : undefined;
        },
        renderer: placeholder,
      },
      {
        name: "math",
        level: "inline",
        start: (source) => firstOf(source, ordered, ""),
        tokenizer(source) {
          const token = match(source, ordered);
          return token && { ...token, type: "math" };
        },
        renderer: placeholder,
      },
    ] as TokenizerAndRendererExtension[],
  };
}

function firstOf(source: string, delimiters: Delimiter[], before: string): number | undefined {
  const places = delimiters.map(({ left }) => source.indexOf(before + left)).filter((place) => place >= 0);
  return places.length ? Math.min(...places) : undefined;
}

/** Up to the next empty line: a formula that begins after it is another block's. */
function paragraphOf(source: string): string {
  const end = source.indexOf("\n\n");
  return end < 0 ? source : source.slice(0, end + 1);
}

/** The formula at the start of `source`. Its end is outside of braces and not escaped. */
function match(source: string, delimiters: Delimiter[]) {
  for (const { left, right, display } of delimiters) {
    if (!source.startsWith(left)) continue;
    let depth = 0;
    const end = Math.min(source.length, left.length + LONGEST);
    for (let i = left.length; i < end; i += 1) {
      if (depth <= 0 && source.startsWith(right, i)) {
        const text = source.slice(left.length, i);
        if (!text.trim()) break;
        return { raw: source.slice(0, i + right.length), text, display };
      }
      if (source[i] === "\\") i += 1;
      else if (source[i] === "{") depth += 1;
      else if (source[i] === "}") depth -= 1;
    }
  }
  return undefined;
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function placeholder({ text, display }: Tokens.Generic): string {
  const safe = (text as string).replace(/[&<>"]/g, (sign) => escapes[sign]);
  return `<span class="math ${display ? "math-display" : "math-inline"}">${safe}</span>`;
}

/** Whether a formula starts in this paragraph that has not ended, so that later text may still become part of it. */
export function opensMath(token: Token, delimiters: Delimiter[]): boolean {
  if (token.type !== "paragraph") return false;
  return delimiters.some(({ left, display }) => display && plainText(token).includes(left));
}

function plainText(token: Token): string {
  const inner = (token as Tokens.Generic).tokens;
  if (inner) return inner.map(plainText).join("");
  return token.type === "text" || token.type === "escape" ? token.raw : "";
}

/** Sets the formulas among these nodes, now or as soon as KaTeX is here. */
export function renderMath(fragment: DocumentFragment): void {
  const spans = [...fragment.querySelectorAll<HTMLElement>("span.math")];
  if (!spans.length) return;
  if (katex) unhurried(spans, set);
  else
    void import("katex").then((module) => {
      katex = module.default;
      unhurried(spans, set);
    });
}

function set(span: HTMLElement): void {
  const { renderToString } = katex!;
  span.innerHTML = renderToString(span.textContent ?? "", {
    output: "mathml",
    displayMode: span.classList.contains("math-display"),
    throwOnError: false,
    strict: "ignore",
    trust: false,
    maxSize: 50,
    maxExpand: 500,
  });
}
