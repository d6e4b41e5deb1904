/**
 * What the elements tell -> the page. An element tells of an event while it is busy with what the visitor did, and may
 * set its value only after that; listeners are called when its code has come to its end. So they all get the value as
 * it is after the action, whoever wrote the element.
 */
import type { BlockEvent } from "blocks";
import type { Asked } from "./element";
import type { Dispatcher } from "./dispatch";
import type { BlockElement, Tree } from "./tree";

/** Calls `fire` for every event of the blocks in `root`, in their order, each at the end of the code that told it. */
export function onBlockEvent(
  root: Element,
  fire: (block: number, name: string, data: unknown) => void,
): void {
  root.addEventListener("gr-event", (event) => {
    const { name, data } = (event as CustomEvent<BlockEvent>).detail;
    const { blockId } = event.target as BlockElement;
    queueMicrotask(() => fire(blockId, name, data));
  });
}

/** Answers elements that ask whether somebody still works on what they told. */
export function onQuestion(root: Element, dispatcher: Pick<Dispatcher, "free">): void {
  root.addEventListener("gr-free", (event) => {
    const asked = (event as CustomEvent<Asked>).detail;
    asked.free = dispatcher.free((event.target as BlockElement).blockId, asked.name);
  });
}

/** Looks after those who type: an answer must not disturb them, and keys of an input method are no keys of the page. */
export function attend(tree: Tree): void {
  const load = (): void => {
    if (!document.activeElement?.matches("input, textarea, [contenteditable]")) return;
    import("./typing").then(
      (typing) => (tree.typing = typing),
      () => undefined,
    ); // offline: the next time
  };
  addEventListener("focusin", load);
  load();
  // such as the Enter that ends a composition; Safari tells of it by the code alone
  const hush = (event: KeyboardEvent): void => {
    const own = event.isComposing || event.keyCode === 229;
    if (own && /^(Enter|Esc|Tab|Arrow)/.test(event.key)) event.stopImmediatePropagation();
  };
  addEventListener("keydown", hush, true);
}
