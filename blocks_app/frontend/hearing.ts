/**
 * What the elements tell -> the page. An element tells of an event while it is busy with what the visitor did, and may
 * set its value only after that; listeners are called when its code has come to its end. So they all get the value as
 * it is after the action, whoever wrote the element.
 */
import type { BlockEvent } from "blocks";
import type { BlockElement } from "./tree";

/** Calls `fire` for every event of the blocks in `root`, in their order, each at the end of the code that told it. */
export function hear(root: Element, fire: (block: number, name: string, data: unknown) => void): void {
  root.addEventListener("gr-event", (event) => {
    const { name, data } = (event as CustomEvent<BlockEvent>).detail;
    const { blockId } = event.target as BlockElement;
    queueMicrotask(() => fire(blockId, name, data));
  });
}
