/** Texts that count: each language has its own forms for one, a few and many. */
import { t } from "blocks";

/** The kinds of number that a language tells apart, in the order of its forms, by how many there are. */
const KINDS: Record<number, string[]> = {
  1: ["other"],
  2: ["one", "other"],
  6: ["zero", "one", "two", "few", "many", "other"],
};

/** A text for `count`, which is `{0}` in it; `values` follow. The first is for one, the second for more. */
export function tn(one: string, more: string, count: number, ...values: unknown[]): string {
  const forms = window.blocks_words?.[one];
  const known = Array.isArray(forms) ? forms : [one, more];
  const kind = new Intl.PluralRules(language()).select(count);
  const at = KINDS[known.length]?.indexOf(kind) ?? -1;
  return t(known.at(at)!, number(count), ...values);
}

/** A number as the visitor's language writes it. */
export function number(value: number): string {
  return value.toLocaleString(language());
}

function language(): string {
  return (window.blocks_words && document.documentElement.lang) || "en";
}
