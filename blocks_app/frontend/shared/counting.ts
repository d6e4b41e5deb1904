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
  const at = KINDS[known.length]?.indexOf(kindOf(count)) ?? -1;
  return t(known.at(at)!, number(count), ...values);
}

/** A number as the visitor's language writes it. */
export function number(value: number): string {
  if (language() == "en" && Number.isSafeInteger(value))
    return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
  return value.toLocaleString(language());
}

/** The kind of a number in the visitor's language. English is known here: to load the others takes a browser 30 ms. */
function kindOf(count: number): string {
  const tongue = language();
  if (tongue == "en") return count == 1 ? "one" : "other";
  if (!rules.has(tongue)) rules.set(tongue, new Intl.PluralRules(tongue));
  return rules.get(tongue)!.select(count);
}

const rules = new Map<string, Intl.PluralRules>();

function language(): string {
  return (window.blocks_words && document.documentElement.lang) || "en";
}
