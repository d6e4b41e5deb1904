/** Colours in code blocks of a named language. highlight.js comes with the first of them. */
import { unhurried } from "./unhurried";

type Highlight = typeof import("./languages");
let library: Highlight | undefined;

/** Colours the code among these nodes, now or as soon as the library is here. */
export function highlightCode(fragment: DocumentFragment): void {
  const blocks = [...fragment.querySelectorAll<HTMLElement>('pre > code[class*="language-"]')];
  if (!blocks.length) return;
  if (library) unhurried(blocks, library.colour);
  else
    void import("./languages").then((module) => {
      library = module;
      unhurried(blocks, module.colour);
    });
}
