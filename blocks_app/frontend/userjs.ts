/**
 * A user's function from the text of `js=`, where the page has no file of it: listeners made at run time. The text
 * becomes a script element with the nonce of the page's own scripts, so that a strict policy holds without eval.
 */
import { t } from "blocks";
import type { UserFunction } from "./dispatch";

const made = new Map<string, UserFunction>();
const KEY = Symbol.for("blocks.js");

/** The function of this text, made once. A mistake in it is told in the console, and its runs fail. */
export function userFunction(text: string): UserFunction {
  const known = made.get(text);
  if (known) return known;
  const shelf = ((globalThis as Record<symbol, unknown>)[KEY] ??= {}) as Record<string, UserFunction>;
  const name = `rendered-${made.size}`;
  const script = document.createElement("script");
  script.nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
  script.textContent = `globalThis[Symbol.for("blocks.js")]["${name}"] = (\n${text.trim().replace(/;+$/, "")}\n);`;
  document.head.append(script);
  script.remove();
  const own = async (...values: unknown[]): Promise<unknown> => {
    if (!(name in shelf)) throw new SyntaxError(t("This js text has a mistake: {0}", text));
    return shelf[name](...values);
  };
  made.set(text, own);
  return own;
}
