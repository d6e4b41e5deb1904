/** Source code in colours: `import { highlight } from "blocks/highlighted"`. highlight.js comes with the first of it. */

/** Colours code elements by their class `language-…`, as soon as the library is here; those drawn anew since are left out. */
export async function highlight(blocks: Iterable<HTMLElement>): Promise<void> {
  const waiting = [...blocks];
  const { colour } = await import("../languages");
  for (const block of waiting) if (block.isConnected && !block.firstElementChild) colour(block);
}
