/**
 * What the modules of an embedded app see instead of the browser's own names. The build of embedded pages (vite.config.ts)
 * puts an import of this module before each of ours that names `document`, `window` and the like: the same sources draw a
 * page of their own and an app among others in a page of a site, in a shadow tree. Every app has its own copy of all
 * modules, of this one too, and it knows by its address which one it is.
 */
import { shared } from "./apps";
import { Elements, HTMLElement } from "./elements";

const app = shared.apps.get(import.meta.url.replace(/[^/]+\/[^/]+$/, ""))!;
const { root, body, base, number } = app;
const page = globalThis.document;
const browser = globalThis.window;
const elements = (app.elements = new Elements());
shared.roots.set(root, elements);

const head = body.querySelector<HTMLElement>(".head")!;

/** Events that are for the app alone while it has the focus or the pointer; others belong to the whole page. */
const INSIDE = /^(focus|composition|key|pointer|mouse|touch|drag|drop|input|beforeinput|change|click|gr-)/;

/** What listens to the page goes with the app. */
function listening(target: EventTarget): Pick<EventTarget, "addEventListener" | "removeEventListener"> {
  const place = (name: string): EventTarget => (INSIDE.test(name) ? root : target);
  return {
    addEventListener(name, listener, options) {
      const given = typeof options === "object" ? options : { capture: options };
      const signal = given.signal ? AbortSignal.any([given.signal, app.end.signal]) : app.end.signal;
      place(name).addEventListener(name, listener, { ...given, signal });
    },
    removeEventListener: (name, listener, options) =>
      place(name).removeEventListener(name, listener, options),
  };
}

/** Selectors of users' scripts name what is theirs in a page of their own. */
const inside = (selector: string): string =>
  selector.replace(/(?<![\w.#-])(?:html|body|:root)(?![\w-])/g, ".blocks-page");

/** An object of the browser with some of its names replaced; what was set before is set there as well. */
function seen<T extends object>(
  target: T,
  own: object,
  set?: (key: PropertyKey, value: unknown) => boolean,
): T {
  return new Proxy(target, {
    get(_, key) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key) as unknown;
      const value = Reflect.get(target, key, target) as unknown;
      // methods need their object; constructors have names with a capital and are used as they are
      return typeof value === "function" && /^[a-z]/.test(String(key))
        ? (value.bind(target) as unknown)
        : value;
    },
    set(_, key, value) {
      if (set?.(key, value)) return true;
      if (Object.hasOwn(own, key)) return Reflect.set(own, key, value);
      return Reflect.set(target, key, value, target);
    },
  });
}

const docEvents = listening(page);

export const document = seen(page, {
  ...docEvents,
  body,
  documentElement: body,
  head,
  scripts: [{ text: `window.gradio_config = ${app.config};` }],
  get activeElement() {
    return root.activeElement ?? (page.activeElement === page.body ? body : page.activeElement);
  },
  get fullscreenElement() {
    return root.fullscreenElement;
  },
  get styleSheets() {
    return root.styleSheets;
  },
  get adoptedStyleSheets() {
    return root.adoptedStyleSheets;
  },
  set adoptedStyleSheets(sheets: CSSStyleSheet[]) {
    root.adoptedStyleSheets = sheets;
  },
  getElementById: (id: string) => root.getElementById(id),
  querySelector: (selector: string) =>
    root.querySelector(inside(selector)) ?? (selector === ":focus" ? page.querySelector(selector) : null),
  querySelectorAll: (selector: string) => root.querySelectorAll(inside(selector)),
  getElementsByClassName: (names: string) => body.getElementsByClassName(names),
  getElementsByTagName: (name: string) => body.getElementsByTagName(name),
  elementFromPoint: (x: number, y: number) => root.elementFromPoint(x, y),
  getSelection: () => (root as unknown as Partial<Document>).getSelection?.() ?? page.getSelection(),
  createElement: (name: string, options?: ElementCreationOptions) =>
    elements.making(() => page.createElement(name, options)),
  importNode: (node: Node, deep?: boolean) => elements.making(() => page.importNode(node, deep)),
});

export const location = {
  ...Object.fromEntries(
    (["protocol", "host", "hostname", "port", "origin"] as const).map((name) => [
      name,
      browser.location[name],
    ]),
  ),
  href: new URL(base + app.search, page.baseURI).href,
  pathname: base,
  search: app.search,
  hash: "",
  reload: () => browser.location.reload(),
  assign: (address: string) => browser.location.assign(new URL(address, new URL(base, page.baseURI))),
  toString: () => location.href,
} as unknown as Location;

/** Each app of a page has its own things in the tab's storage, also where one app is there twice. */
const kept = (key: string): string => `${browser.location.pathname}#${number}:${key}`;
export const sessionStorage = {
  getItem: (key: string) => browser.sessionStorage.getItem(kept(key)),
  setItem: (key: string, value: string) => browser.sessionStorage.setItem(kept(key), value),
  removeItem: (key: string) => browser.sessionStorage.removeItem(kept(key)),
} as Storage;

const gradioApp = (): Element | null => root.querySelector("gradio-app");
const winEvents = listening(browser);
export const { addEventListener, removeEventListener } = winEvents;

export const window = seen(browser, {
  ...winEvents,
  [Symbol.for("blocks.js")]: {},
  gradio_config: JSON.parse(app.config) as unknown,
  blocks_early: null,
  blocks_words: app.words,
  gradioApp,
});
export { window as globalThis, HTMLElement };
export const customElements = elements as unknown as CustomElementRegistry;

/** A socket that ends with its app. The session that it had is told to go nowhere. */
export const WebSocket = class extends browser.WebSocket {
  constructor(address: string | URL) {
    super(address);
    const end = (): void => {
      this.onmessage?.(new MessageEvent("message", { data: '{"type":"replaced"}' }));
      this.close();
    };
    if (app.end.signal.aborted) queueMicrotask(end);
    app.end.signal.addEventListener("abort", end);
    this.addEventListener("close", () => app.end.signal.removeEventListener("abort", end));
  }
};

/** Where this app has its own copy of a module or script of the app. */
export function ownAddress(address: string): string {
  const { href } = new URL(address, page.baseURI);
  const from = new URL(base, page.baseURI).href;
  const [, folder, name] =
    /^(assets|static|app)\/(.*)$/.exec(
      href.startsWith(from) && !href.startsWith(app.code) ? href.slice(from.length) : "",
    ) ?? [];
  return folder ? `${app.code}${folder}/${(folder === "assets" && app.files[name]) || name}` : address;
}

/** Scripts that are put into the page are this app's copies; they and style sheets carry the nonce of the page. */
head.append = (...nodes) => {
  for (const node of nodes) {
    if (node instanceof HTMLScriptElement && node.src) node.src = ownAddress(node.src);
    if (node instanceof HTMLElement && app.nonce) node.nonce ||= app.nonce;
  }
  Element.prototype.append.call(head, ...nodes);
};
head.appendChild = (node) => (head.append(node), node);

app.names = { document, window, globalThis: window, location, customElements, HTMLElement, gradioApp };
