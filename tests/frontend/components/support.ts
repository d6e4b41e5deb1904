/** Mounts one element as the page does, and writes down what it tells the page. */
import type { BlockEvent, GrElement, Props } from "blocks";

export interface Mounted<E extends GrElement> {
  element: E;
  /** Names of the events so far, in order. */
  names: () => string[];
  /** Data of the last event with this name. */
  data: (name: string) => unknown;
  find: <T extends Element = HTMLInputElement>(selector: string) => T;
}

export async function mount<E extends GrElement>(tag: string, props: Props = {}): Promise<Mounted<E>> {
  const element = document.createElement(tag) as E;
  const events: BlockEvent[] = [];
  Object.assign(element, { blockId: 7, props, value: props.value ?? null, interactive: true });
  element.addEventListener("gr-event", (event) => events.push((event as CustomEvent<BlockEvent>).detail));
  document.body.replaceChildren(element);
  await element.updateComplete;
  return {
    element,
    names: () => events.map((event) => event.name),
    data: (name) => events.filter((event) => event.name == name).at(-1)?.data,
    find: (selector) => element.querySelector(selector)!,
  };
}

/** The user types `text` into `field`, which then holds it. */
export async function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): Promise<void> {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await Promise.resolve();
}

export function press(field: Element, key: string, more: KeyboardEventInit = {}): void {
  const init = { key, bubbles: true, cancelable: true, ...more };
  field.dispatchEvent(new KeyboardEvent("keydown", init));
  field.dispatchEvent(new KeyboardEvent("keyup", init));
}
