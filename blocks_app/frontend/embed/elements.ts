/**
 * Custom elements of one app. Tags belong to the whole page, and each app has classes of its own, as each has modules of
 * its own; so the browser is told of a stand-in for each tag, and an element gets the class of the app that it is in:
 * the app that makes it, or the one whose shadow tree it comes into.
 */
import { shared } from "./apps";

const Native = globalThis.HTMLElement;

interface Alive {
  connectedCallback?(): void;
  disconnectedCallback?(): void;
  attributeChangedCallback?(name: string, before: string | null, after: string | null): void;
}

/** The element that the constructor that runs now is to work on, instead of a new one. */
let upgrading: HTMLElement | null = null;

/** What elements of the app extend: as the browser's, but for classes that the browser does not know. */
export const HTMLElement = function (this: HTMLElement): HTMLElement {
  const made = new.target as unknown as CustomElementConstructor;
  const standIn = shared.tags.get(tagOf.get(made) ?? "");
  if (!upgrading && !standIn) throw new TypeError("Illegal constructor");
  const element = upgrading ?? (Reflect.construct(Native, [], standIn!) as HTMLElement);
  upgrading = null;
  return Object.setPrototypeOf(element, made.prototype) as HTMLElement;
} as unknown as typeof Native;
HTMLElement.prototype = Native.prototype;
Object.setPrototypeOf(HTMLElement, Native);

const tagOf = new Map<CustomElementConstructor, string>();

export class Elements {
  readonly #classes = new Map<string, CustomElementConstructor>();
  readonly #waiting = new Map<string, [Promise<CustomElementConstructor>, (made: never) => void]>();
  /** Elements whose class has not come. */
  readonly #early = new Map<string, Set<HTMLElement>>();

  get(tag: string): CustomElementConstructor | undefined {
    return this.#classes.get(tag) ?? (shared.tags.has(tag) ? undefined : customElements.get(tag));
  }

  whenDefined(tag: string): Promise<CustomElementConstructor> {
    const known = this.get(tag);
    if (known) return Promise.resolve(known);
    if (!this.#waiting.has(tag)) {
      let resolve!: (made: never) => void;
      this.#waiting.set(tag, [new Promise((done) => (resolve = done as never)), resolve]);
    }
    return this.#waiting.get(tag)![0];
  }

  define(tag: string, made: CustomElementConstructor): void {
    if (this.#classes.has(tag)) throw new DOMException(`${tag} is defined.`, "NotSupportedError");
    this.#classes.set(tag, made);
    tagOf.set(made, tag);
    const { observedAttributes } = made as { observedAttributes?: string[] }; // asking makes lit's classes ready
    if (!shared.tags.has(tag)) {
      const standIn = standInFor(observedAttributes);
      shared.tags.set(tag, standIn);
      customElements.define(tag, standIn);
    }
    for (const element of this.#early.get(tag) ?? []) this.adopt(element, true);
    this.#early.delete(tag);
    this.#waiting.get(tag)?.[1](made as never);
  }

  /** Makes of a bare element one of this app. */
  adopt(element: HTMLElement, late = false): void {
    const tag = element.localName;
    const made = this.#classes.get(tag);
    if (!made) {
      if (!this.#early.has(tag)) this.#early.set(tag, new Set());
      return void this.#early.get(tag)!.add(element);
    }
    const held = heldBack(element, made.prototype as object);
    upgrading = element;
    try {
      new made();
    } finally {
      upgrading = null;
    }
    Object.assign(element, held);
    if (late && element.isConnected) (element as Alive).connectedCallback?.();
  }

  /** Calls what makes elements; they are of this app. */
  making<T>(make: () => T): T {
    const before = shared.making;
    shared.making = this;
    try {
      return make();
    } finally {
      shared.making = before;
    }
  }
}

/** What was set on an element before it had a class, and what hides the setters of that class. */
function heldBack(element: HTMLElement, prototype: object): object {
  const held: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(element))
    if (name in prototype) {
      held[name] = value;
      delete (element as unknown as Record<string, unknown>)[name];
    }
  return held;
}

/** What the browser is told of a tag, once for all apps of the page. */
function standInFor(observedAttributes: string[] = []): CustomElementConstructor {
  const standIn = class {
    static observedAttributes = observedAttributes;

    constructor() {
      const element = Reflect.construct(Native, [], standIn) as HTMLElement;
      (shared.roots.get(element.getRootNode()) ?? shared.making)?.adopt(element);
      return element as never;
    }

    connectedCallback(): void {
      const element = this as unknown as HTMLElement;
      if (bare(element)) shared.roots.get(element.getRootNode())?.adopt(element);
      if (!bare(element)) (element as Alive).connectedCallback?.();
    }

    disconnectedCallback(): void {
      if (!bare(this)) (this as Alive).disconnectedCallback?.();
    }

    attributeChangedCallback(name: string, before: string | null, after: string | null): void {
      if (!bare(this)) (this as Alive).attributeChangedCallback?.(name, before, after);
    }
  };
  const bare = (element: object): boolean => Object.getPrototypeOf(element) === standIn.prototype;
  Object.setPrototypeOf(standIn.prototype, Native.prototype);
  Object.setPrototypeOf(standIn, Native);
  return standIn as unknown as CustomElementConstructor;
}
