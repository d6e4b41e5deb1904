/** Config -> elements: loads the modules, creates and places the elements, changes their options. */
import { same, type Props } from "blocks";
import type { Basis } from "./typing";
import type { ComponentConfig, Config, Dependency, LayoutNode } from "./config";
import { t } from "blocks";

/** What the page expects of an element; see the contract in blocks.ts. */
export interface BlockElement extends HTMLElement {
  props: Props;
  value: unknown;
  interactive: boolean;
  blockId: number;
  /** Where a container's children live. */
  body?: HTMLElement;
  /** The app's own buttons in the corner of a component, by the number of their block. */
  tools?: Map<number, HTMLElement>;
  receive?(value: unknown): void;
  requestUpdate?(): void;
  /** The value where it is still on its way, such as a drawing that has to be uploaded; null when it is there. */
  pendingValue?(): Promise<unknown> | null;
  /** What only the page knows of its options, such as where a film is being played. */
  optionsNow?(): Props;
  readonly updateComplete?: Promise<unknown>;
}

/** Empty values do not count as a default; see `Tree.interactive`. */
const empty = (value: unknown): boolean => !value || (Array.isArray(value) && !value.length);

export class Tree {
  readonly elements = new Map<number, BlockElement>();
  readonly parents = new Map<number, BlockElement>();
  readonly components: Map<number, ComponentConfig>;
  /** How answers and what is being typed get along; here since somebody first went into a field. */
  typing?: typeof import("./typing");
  /** What keeps the places of elements that come later; here where there are some. */
  deferred?: import("./deferred").Deferred;
  #inputs = new Set<number>();
  #outputs = new Set<number>();

  constructor(private readonly config: Config) {
    this.components = new Map(config.components.map((component) => [component.id, component]));
    this.listen(config.dependencies);
  }

  /**
   * Takes in what listens now: inputs of an event may be edited, outputs need not. A listener made at run time may open
   * a block of the page for editing but does not close one: somebody may be typing there.
   */
  listen(dependencies: Dependency[]): void {
    const inParts = ({ rendered_in, outputs }: Dependency): number[] =>
      rendered_in == null ? outputs : outputs.filter((id) => this.components.get(id)?.rendered_in != null);
    this.#inputs = new Set(dependencies.flatMap(({ inputs }) => inputs));
    this.#outputs = new Set(dependencies.flatMap(inParts));
    for (const [id, element] of this.elements)
      if (element.props.interactive == null) element.interactive = this.#interactive(id);
  }

  /**
   * Loads every module that is needed now, then draws the whole layout into `root` at once. Elements that are there
   * already are not asked for, so that a page of them alone is drawn before anything else is painted.
   */
  async mount(root: Element, load: (address: string) => Promise<unknown> = importModule): Promise<void> {
    const atOnce = this.config.components.filter(({ id }) => !this.deferred?.has(id));
    await this.load(atOnce, load);
    root.replaceChildren(...this.#build(this.config.layout.children ?? []));
  }

  /** Loads the modules of elements that are not there yet; one that fails is told. */
  async load(components: ComponentConfig[], load = importModule): Promise<void> {
    const missing = components.filter(({ tag, module }) => module && !customElements.get(tag!));
    const addresses = new Set(missing.map(({ module }) => module));
    const failures = new Map<string, unknown>();
    await Promise.all(
      [...addresses].map((address) => inTime(load(address!)).catch((error) => failures.set(address!, error))),
    );
    for (const [address, error] of failures) console.error(`Could not load ${address}.`, error);
  }

  /** The wire value of a block; null for one without an element. */
  value(id: number): unknown {
    return this.elements.get(id)?.value ?? null;
  }

  /** What is in a block, for `receive`. */
  basis(id: number): Basis | undefined {
    const element = this.elements.get(id);
    return element && this.typing?.basisOf(element);
  }

  /**
   * A result for a block: a wire value, or an update of its options. One that fails is told; the others count. `basis`
   * is what was in the block when the function was asked; `again` that it will be asked anew with what is there now.
   */
  receive(id: number, result: unknown, basis?: Basis, again = false): void {
    const element = this.elements.get(id);
    if (!element || result === undefined) return;
    const give = (value: unknown): void => {
      if (this.typing) this.typing.give(element, value, basis, again, receive);
      else receive(element, value);
    };
    const take = (): void => {
      try {
        if (!isUpdate(result)) return give(result);
        const { __type__: _, value, ...changes } = result;
        if (Object.keys(changes).length) this.update(id, changes);
        if ("value" in result) give(value);
      } catch (error) {
        console.error(`Block ${id} (${element.localName}) could not take its value.`, result, error);
      }
    };
    if (this.typing) this.typing.whenComposed(element, take);
    else take();
  }

  /** Changes options of a block. */
  update(id: number, changes: Props): void {
    const element = this.elements.get(id)!;
    element.props = { ...element.props, ...changes };
    this.applyHostOptions(element);
    this.parents.get(id)?.requestUpdate?.();
  }

  #build(nodes: LayoutNode[], parent?: BlockElement): Element[] {
    return nodes.flatMap((node) => {
      const component = this.components.get(node.id);
      if (!component?.tag) return [];
      const element = this.create(component);
      if (parent) this.parents.set(node.id, parent);
      if (node.children?.length) (element.body ?? element).append(...this.#build(node.children, element));
      return [element];
    });
  }

  /** A new element for a block. */
  create(component: ComponentConfig): BlockElement {
    const later = this.deferred?.standIn(component);
    const element = later ?? (document.createElement(component.tag!) as BlockElement);
    this.elements.set(component.id, element);
    if (!later && !customElements.get(component.tag!)) this.sayThatItIsMissing(element, component);
    try {
      element.blockId = component.id;
      element.props = component.props;
      element.value = component.props.value ?? null;
      this.applyHostOptions(element);
      this.placeCornerButtons(element, component);
    } catch (error) {
      console.error("Not set up:", element, error);
    }
    return element;
  }

  /** Words in the place of an element whose module is not there, until it comes. */
  private sayThatItIsMissing(element: BlockElement, component: ComponentConfig): void {
    const { id, tag, type } = component;
    const words = document.createTextNode(t("{0} could not be loaded.", type));
    element.append(words);
    if (!tag!.includes("-")) return;
    void customElements.whenDefined(tag!).then(async () => {
      words.remove();
      element.blockId = id; // its constructor has set it back
      await element.updateComplete; // only then its options are again those that were set before
      this.applyHostOptions(element);
      this.placeCornerButtons(element, component);
    });
  }

  /** Puts the app's own buttons into the corner of a component; those that are there stay. */
  placeCornerButtons(element: BlockElement, component: ComponentConfig): void {
    const ids = ((component.props.buttons ?? []) as { id?: number }[]).map(({ id }) => id);
    for (const id of element.tools?.keys() ?? []) if (!ids.includes(id)) element.tools!.delete(id);
    for (const id of ids) {
      const tool = id == null ? undefined : this.components.get(id);
      if (tool?.tag && !element.tools?.has(tool.id)) element.tools?.set(tool.id, this.create(tool));
    }
  }

  /** What the page does for every host: id, classes, visibility, place in a row, and whether it may be edited. */
  applyHostOptions(element: BlockElement): void {
    const { props, blockId, classList, style } = element;
    element.interactive = props.interactive ?? this.#interactive(blockId);
    classList.toggle("hide", props.visible === false || props.visible === "hidden");
    const kind = element.constructor as { hostless?: boolean; framed?: boolean };
    if (kind.hostless) return classList.add("hostless");
    element.id = props.elem_id || `component-${blockId}`;
    classList.toggle("block", kind.framed !== false);
    classList.toggle("bare", props.container === false);
    const own = [props.elem_classes ?? []].flat() as string[];
    const before = element.dataset.classes?.split(" ") ?? [];
    classList.remove(...before.filter(Boolean));
    classList.add(...own.flatMap((name) => name.split(/\s+/)).filter(Boolean));
    if (own.length || before.length) element.dataset.classes = own.join(" ");
    style.flexGrow = props.scale ?? "";
    style.minWidth = props.min_width == null ? "" : `min(${props.min_width}px, 100%)`;
  }

  /** Without the option: an input of any event may be edited; else what is no output and has no default value. */
  #interactive(id: number): boolean {
    if (this.#inputs.has(id)) return true;
    return !this.#outputs.has(id) && empty(this.components.get(id)?.props.value);
  }
}

/** Settles when the elements have drawn themselves. One that fails is told, and the others are there. */
export async function drawn(elements: Iterable<BlockElement>): Promise<void> {
  const all = [...elements];
  const done = await Promise.allSettled(all.map((element) => element.updateComplete));
  done.forEach((end, i) => end.status === "rejected" && console.error("Not drawn:", all[i], end.reason));
}

function isUpdate(result: unknown): result is Props & { __type__: "update" } {
  return (
    typeof result === "object" &&
    result !== null &&
    Object.hasOwn(result, "__type__") &&
    (result as Props).__type__ === "update"
  );
}

/** Gives a value to any element; a plain one without `receive` raises its change event here. */
function receive(element: BlockElement, value: unknown): void {
  if (element.receive) return element.receive(value);
  const changed = !same(element.value, value);
  element.value = value;
  if (changed)
    queueMicrotask(() =>
      element.dispatchEvent(new CustomEvent("gr-event", { bubbles: true, detail: { name: "change" } })),
    );
}

/** Milliseconds that a page waits for the module of an element; one that comes later is used then. */
const PATIENCE = 10_000;

/** What a promise gives, or a failure when it takes too long: a module may hang while it loads. */
function inTime<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("It took too long.")), PATIENCE);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const importModule = (address: string): Promise<unknown> => import(/* @vite-ignore */ address);
