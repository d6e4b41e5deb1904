/** The page's own texts in the visitor's language: English is the key, and what is shown where there is no other. */

declare global {
  interface Window {
    /** Texts by the English ones; a page in English has none. With counts, one for each kind of number. */
    blocks_words?: Record<string, string | string[]>;
  }
}

/** A text in the visitor's language; `{0}`, `{1}`… stand for the values. Literals alone: they are collected. */
export const t = (text: string, ...values: unknown[]): string =>
  ((window.blocks_words?.[text] ?? text) as string).replace(
    /{(\d)}/g,
    (_, at: number) => values[at] as string,
  );
