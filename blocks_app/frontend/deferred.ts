/**
 * Elements that nobody sees yet, in closed tabs and accordions: the config names them, and the page is usable without
 * their modules. A stand-in keeps the place of each, and its options and values, until it is shown, until somebody
 * points at the button that shows it, or until an event names it; then the element itself takes the place, before the
 * next frame is painted if its module is here. Modules come one by one while the browser has nothing else to do.
 *
 * Loaded by pages that have such elements, and so made of types, "blocks" and its arguments alone: a module shared with
 * the core would split the core.
 */
import { define, same, t } from "blocks";
import type { ComponentConfig, Config } from "./config";
import type { Controller } from "./controller";
import type { BlockElement, Tree } from "./tree";

/** What happens just before somebody opens what a button controls. */
const POINTING = ["pointerover", "pointerdown", "focusin"];

/** A page that is never idle gets its modules all the same, one after so many milliseconds. */
const IDLE = { timeout: 2000 };

class StandIn extends HTMLElement {
  static framed = false;
  /** Values that came before the element. */
  held: unknown[] = [];
  /** Set while its module is on its way. */
  coming?: Promise<void>;
}

export class Deferred {
  readonly #waiting = new Map<number, BlockElement & StandIn>();
  /** Of listeners whose events wait for elements, what a cancelling takes away. */
  readonly #starting = new Map<number, object>();
  readonly #sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries)
      if (contentRect.width || contentRect.height) void this.#bring(target as BlockElement & StandIn);
  });

  constructor(
    private readonly tree: Tree,
    private readonly ids: Set<number>,
  ) {
    define("gr-deferred", StandIn);
  }

  /** Whether the element of a block comes later. */
  has(id: number): boolean {
    return this.ids.has(id);
  }

  /** What keeps the place of a block; nothing for one whose element is made at once. */
  standIn({ id }: ComponentConfig): BlockElement | undefined {
    if (!this.has(id)) return undefined;
    const node = document.createElement("gr-deferred") as BlockElement & StandIn;
    // a box of any size tells that it is shown
    node.style.cssText = "display:block;min-width:1px;min-height:1px";
    node.tools = new Map();
    node.receive = (value) => {
      node.held.push(value);
      void this.#bring(node);
    };
    this.#waiting.set(id, node);
    this.#sizes.observe(node);
    return node;
  }

  /**
   * From now on an event waits for what it reads and changes. Where the app has scripts, which look for elements wherever
   * they stand, and where events from before a reload are `resuming`, nothing is left to wait for when this resolves.
   */
  async attend(
    { dispatcher, functions }: Controller,
    root: Element,
    config: Pick<Config, "functions" | "head">,
    resuming: boolean,
  ): Promise<void> {
    const trigger = dispatcher.trigger.bind(dispatcher);
    dispatcher.trigger = async (dependency, event) => {
      const { id, inputs, outputs, show_progress_on, cancels } = dependency;
      for (const other of cancels) this.#starting.delete(other);
      const named = [...inputs, ...outputs, ...(show_progress_on ?? [])];
      const due = functions[id] ? [...this.#waiting.values()] : named.map((each) => this.#holder(each));
      const coming = due.flatMap((each) => (each ? [this.#bring(each)] : []));
      if (coming.length) {
        event.clicked ??= performance.now();
        const cancellable = this.#starting.get(id) ?? {};
        this.#starting.set(id, cancellable);
        await Promise.all(coming);
        if (this.#starting.get(id) !== cancellable) return; // it was cancelled meanwhile
      }
      return trigger(dependency, event);
    };
    const point = (event: Event): void => this.#pointed(event.target as Element);
    for (const name of POINTING) root.addEventListener(name, point, { passive: true });
    if (config.functions || config.head || resuming)
      await Promise.all([...this.#waiting.values()].map((each) => this.#bring(each)));
    else void this.#fetch();
  }

  /** The stand-in of a block, also of a button in the corner of one. */
  #holder(id: number): (BlockElement & StandIn) | undefined {
    const own = this.#waiting.get(id);
    if (own || this.tree.elements.get(id)?.isConnected !== false) return own;
    return [...this.#waiting.values()].find(({ tools }) => tools!.has(id));
  }

  /** Somebody points at a button: what it would show is made ready. */
  #pointed(target: Element): void {
    const id = target.closest?.("[aria-controls]")?.getAttribute("aria-controls");
    const region = id && document.getElementById(id);
    if (!region) return;
    for (const node of this.#waiting.values())
      if (node.parentElement?.closest(".hide, [hidden]") === region) void this.#bring(node);
  }

  /** The element takes the place of its stand-in; at once if its module is here. */
  #bring(node: BlockElement & StandIn): Promise<void> {
    if (node.coming) return node.coming;
    const component = this.tree.components.get(node.blockId)!;
    if (customElements.get(component.tag!)) {
      this.#replace(node, component);
      return (node.coming = Promise.resolve());
    }
    node.setAttribute("aria-busy", "true");
    return (node.coming = this.tree.load([component]).then(() => {
      node.removeAttribute("aria-busy");
      if (customElements.get(component.tag!)) return this.#replace(node, component);
      node.coming = undefined; // to be tried again when it is shown again, or named by an event
      node.textContent = t("{0} could not be loaded.", component.type);
      for (const value of node.held.splice(0)) keep(node, value);
    }));
  }

  #replace(node: BlockElement & StandIn, component: ComponentConfig): void {
    const id = node.blockId;
    this.#waiting.delete(id);
    this.ids.delete(id);
    this.#sizes.unobserve(node);
    const element = this.tree.create({ ...component, props: node.props });
    element.value = node.value;
    for (const [number, tool] of node.tools!) {
      element.tools?.set(number, tool);
      this.tree.elements.set(number, tool as BlockElement);
    }
    node.replaceWith(element);
    try {
      for (const value of node.held.splice(0)) element.receive!(value);
    } catch (error) {
      console.error(`Block ${id} (${element.localName}) could not take its value.`, error);
    }
    this.tree.parents.get(id)?.requestUpdate?.();
  }

  /** Fetches the modules, one by one. Not for those who save data; one that does not come is told when it is needed. */
  async #fetch(): Promise<void> {
    const { connection } = navigator as { connection?: { saveData?: boolean } };
    if (connection?.saveData) return;
    const modules = new Set([...this.#waiting.keys()].map((id) => this.tree.components.get(id)!.module!));
    for (const module of modules) {
      await new Promise<unknown>((done) =>
        "requestIdleCallback" in window ? requestIdleCallback(done, IDLE) : setTimeout(done),
      );
      await import(/* @vite-ignore */ module).catch(() => undefined);
    }
  }
}

/** From now on the tree makes stand-ins for these blocks. */
export function defer(tree: Tree, ids: number[]): void {
  tree.deferred = new Deferred(tree, new Set(ids));
}

/** A value for an element that has not come: it is what events read, and they are told. */
function keep(node: BlockElement, value: unknown): void {
  const changed = !same(node.value, value);
  node.value = value;
  if (changed) node.dispatchEvent(new CustomEvent("gr-event", { bubbles: true, detail: { name: "change" } }));
}
