/**
 * What the visitor is typing, while answers come: an input method composes undisturbed, the caret stays where it is,
 * and what was typed since a function was asked is not lost by its answer. Loaded when somebody goes into a field, and
 * so made of "blocks" and its arguments alone: a module shared with the core would split the core.
 */
import { same } from "blocks";
import type { BlockElement } from "./tree";

/** A text as it was when a function was asked, and how many values the server had given the block by then. */
export interface Basis {
  value: unknown;
  given: number;
}

/** Where an input method is composing. */
let composing: Element | null = null;
let held: (() => void)[] = [];

// Each update, too: a composition may have begun before this module was there.
for (const name of ["compositionstart", "compositionupdate"])
  addEventListener(name, ({ target }) => (composing = target as Element), true);
addEventListener("compositionend", () => setTimeout(settle), true); // some browsers tell of the last input after it
addEventListener("focusout", () => composing && setTimeout(settle), true);

function settle(): void {
  composing = null;
  const all = held;
  held = [];
  for (const each of all) each();
}

/** Calls `change` now, or at the end of what is being composed in `element`. */
export function whenComposed(element: Element, change: () => void): void {
  if (composing && element.contains(composing)) held.push(change);
  else change();
}

/** Where two texts begin to differ, and how much of their ends is the same; never within a character. */
function difference(one: string, other: string): [start: number, end: number] {
  const most = Math.min(one.length, other.length);
  let [start, end] = [0, 0];
  while (start < most && one[start] === other[start]) start += 1;
  if (/[\ud800-\udbff]/.test(one[start - 1] ?? "")) start -= 1;
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  if (end && /[\udc00-\udfff]/.test(one.at(-end)!)) end -= 1;
  return [start, end];
}

/**
 * The answer to `basis` for a field that holds `typed` by now. What was put in since is put into the answer as well; where
 * there is no telling where it belongs, the visitor's text stays.
 */
export function merged(basis: unknown, answer: unknown, typed: unknown): unknown {
  if (basis === typed) return answer;
  if (basis === answer || typeof typed !== "string") return typed;
  const [before, after] = [String(basis ?? ""), String(answer ?? "")];
  const [start, end] = difference(before, typed);
  const put = typed.slice(start, typed.length - end);
  if (start === before.length) return after + put;
  if (end === before.length) return put + after;
  if (after.length !== before.length) return typed;
  return after.slice(0, start) + put + after.slice(after.length - end);
}

/** How many values the server has given each block. */
const given = new WeakMap<BlockElement, number>();

export function basisOf(element: BlockElement): Basis {
  return { value: element.value, given: given.get(element) ?? 0 };
}

/** Gives a value to an element in which somebody may be typing, by `deliver`. See Tree.receive. */
export function give(
  element: BlockElement,
  value: unknown,
  basis: Basis | undefined,
  again: boolean,
  deliver: (element: BlockElement, value: unknown) => void,
): void {
  const { given: count, value: present } = basisOf(element);
  const { typed, merge = merged } = element.constructor as { typed?: boolean; merge?: typeof merged };
  const since = typed && basis?.given === count && !same(basis.value, present);
  const next = since ? merge(basis.value, value, present) : value;
  given.set(element, count + 1);
  if (basis) Object.assign(basis, { value, given: count + 1 });
  if (since && again) return;
  const restore = keepCaret(element);
  deliver(element, next);
  void Promise.resolve(element.updateComplete).then(restore);
}

/** Notes the caret of a field in `element` that is being typed in; the answer puts it back after the text was rewritten. */
function keepCaret(element: BlockElement): () => void {
  const field = document.activeElement as HTMLInputElement | null;
  // a number field tells nobody where its caret is
  if (!field || !element.contains(field) || field.selectionStart == null) return () => undefined;
  const { value, selectionStart, selectionEnd, selectionDirection, scrollLeft } = field;
  return () => {
    const now = field.value;
    if (now === value || document.activeElement !== field) return;
    const [start, end] = difference(value, now);
    const moved = (at: number): number => {
      if (at >= value.length - end) return now.length - (value.length - at);
      return value.length === now.length ? at : Math.min(at, Math.max(start, now.length - end));
    };
    field.setSelectionRange(moved(selectionStart), moved(selectionEnd!), selectionDirection ?? undefined);
    field.scrollLeft = scrollLeft;
  };
}
