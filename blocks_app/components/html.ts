/**
 * HTML: a piece of hand-written page, or a small component drawn by a template. Scripts in it do not run. See html.py.
 *
 * Templates and `js_on_load` come as script files that the server made of them: nothing is evaluated here.
 */
import { GrElement, define, fileUrl, html, nothing, page, same, styleMap, upload, t } from "blocks";
import { serverFunction } from "blocks/serving";
import "./html.css";

type Scope = Record<string, unknown>;
type Template = (scope: Scope, helpers: object) => string;
type OnLoad = (
  element: HTMLElement,
  trigger: (name: string, data?: unknown) => void,
  props: Scope,
  server: object,
  upload: (file: File) => Promise<{ path: string; url: string | null }>,
  watch: (names: string | string[], callback: () => void) => void,
) => Promise<void>;

/** Pixels, or a length as css writes it. */
const length = (size: number | string | null | undefined) =>
  typeof size === "number" ? `${size}px` : (size ?? "");

/** What would change the whole page, not the place where it stands. */
const FOREIGN = "base, meta";

const ESCAPED: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};
const empty = (value: unknown): boolean => (Array.isArray(value) ? !value.length : !value && value !== 0);

/** What compiled templates call; see html_template.py. */
export const helpers = {
  get: (value: unknown, keys: string[]): unknown =>
    keys.reduce<unknown>(
      (at, key) => (at != null && Object.hasOwn(Object(at), key) ? (at as Scope)[key] : undefined),
      value,
    ),
  raw: (value: unknown): string => String(value ?? ""),
  escape: (value: unknown): string => String(value ?? "").replace(/[&<>"'`]/g, (sign) => ESCAPED[sign]),
  truthy: (value: unknown): boolean => !empty(value) && value !== 0,
  with: (value: unknown, draw: (value: unknown) => string, otherwise: () => string): string =>
    empty(value) ? otherwise() : draw(value),
  each(value: unknown, draw: (item: unknown, data: object) => string, otherwise: () => string): string {
    const entries = Object.entries(Object(value ?? {}));
    const list = Array.isArray(value);
    const last = entries.length - 1;
    const draws = entries.map(([key, item], index) =>
      draw(item, { index, key: list ? index : key, first: index === 0, last: index === last }),
    );
    return draws.length ? draws.join("") : otherwise();
  },
};

const MADE = Symbol.for("blocks.js");
const loading = new Map<string, Promise<unknown>>();

/** The function in a script file of this app. */
function script<T>(name: string): Promise<T> {
  const made = ((globalThis as Record<symbol, unknown>)[MADE] ??= {}) as Record<string, T>;
  if (name in made) return Promise.resolve(made[name]);
  const ready = new Promise<T>((resolve, reject) => {
    const node = document.createElement("script");
    node.src = `${page.base}app/fn-${name}.js`;
    node.onload = () =>
      name in made
        ? resolve(made[name])
        : reject(new SyntaxError(t("The script {0} has a mistake.", node.src)));
    node.onerror = () => reject(new Error(t("The script {0} could not be loaded.", node.src)));
    document.head.append(node);
  });
  if (!loading.has(name)) loading.set(name, ready);
  return loading.get(name) as Promise<T>;
}

/** Makes `place` look like `wanted` and keeps the nodes that need not go: what scripts attached to them stays. */
export function morph(place: Node, wanted: Node): void {
  const old = [...place.childNodes];
  [...wanted.childNodes].forEach((node, i) => {
    const there = old[i];
    if (!there) place.appendChild(node);
    else if (there.nodeName !== node.nodeName) place.replaceChild(node, there);
    else if (!(node instanceof Element)) {
      if (there.nodeValue !== node.nodeValue) there.nodeValue = node.nodeValue;
    } else dress(there as Element, node);
  });
  for (const extra of old.slice(wanted.childNodes.length)) extra.parentNode?.removeChild(extra);
}

function dress(there: Element, node: Element): void {
  for (const name of there.getAttributeNames()) if (!node.hasAttribute(name)) there.removeAttribute(name);
  for (const name of node.getAttributeNames()) {
    const value = node.getAttribute(name)!;
    if (there.getAttribute(name) === value) continue;
    there.setAttribute(name, value);
    if (name === "value" && "value" in there) there.value = value;
  }
  morph(there, node);
}

export class GrHtml extends GrElement<unknown> {
  private shown: unknown;
  private templates: { html?: Template; css?: Template } = {};
  private sheet?: CSSStyleSheet;
  private watchers: { names: string[]; callback: () => void }[] = [];
  /** The properties as they were drawn last; those that the script of this component set are not told to it. */
  private drawn: Scope = {};
  private ready?: Promise<void>;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.sheet) this.adopt(this.sheet);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.sheet);
  }

  /** What the templates see by name. */
  private get scope(): Scope {
    const names = (this.props._names ?? []) as string[];
    const missing = Object.fromEntries(["label", ...names].map((name) => [name, null]));
    return { ...missing, ...this.props, value: this.value };
  }

  private get place(): HTMLElement {
    return this.querySelector<HTMLElement>(".html-container")!;
  }

  protected override firstUpdated(): void {
    if (this.props._scripts) this.ready = this.load(this.props._scripts).catch((error) => this.report(error));
  }

  private async load({ html, css, js }: Record<string, string | undefined>): Promise<void> {
    const [markup, styles, onLoad] = await Promise.all([
      html && script<Template>(html),
      css && script<Template>(css),
      js && script<OnLoad>(js),
    ]);
    this.templates = { html: markup || undefined, css: styles || undefined };
    this.draw();
    this.drawn = this.scope;
    const send = async (file: File) => {
      const [sent] = await upload([file]);
      return { path: sent.path, url: fileUrl(sent) };
    };
    const trigger = (name: string, data: unknown = {}) => this.emit(name, data);
    const watch = (names: string | string[], callback: () => void) =>
      void this.watchers.push({ names: [names].flat(), callback });
    if (onLoad) await onLoad(this.place, trigger, this.access(), this.server(), send, watch);
  }

  private report(error: unknown): void {
    console.error(`The script or a template of ${this.domId} failed.`, error);
  }

  /** The properties for the component's own script: to read, and to set, which draws anew. */
  private access(): Scope {
    return new Proxy({} as Scope, {
      get: (_, name) => this.scope[name as string],
      has: (_, name) => name in this.scope,
      ownKeys: () => Object.keys(this.scope),
      getOwnPropertyDescriptor: (_, name) => ({
        value: this.scope[name as string],
        configurable: true,
        enumerable: true,
        writable: true,
      }),
      set: (_, name, value) => {
        this.drawn = { ...this.drawn, [name as string]: value };
        if (name === "value") this.setValue(value);
        else this.props = { ...this.props, [name as string]: value };
        return true;
      },
    });
  }

  /** `await server.name(...)` for each function that Python offers. */
  private server(): object {
    const offered = Object.entries((this.props._server ?? {}) as Record<string, number>);
    return Object.fromEntries(offered.map(([name, index]) => [name, serverFunction(name, index)]));
  }

  protected override updated(): void {
    this.classList.toggle("padded", !!this.props.padding);
    if (this.props._scripts && !this.ready) return; // the templates are on their way
    this.draw();
    const { drawn, scope } = this;
    this.drawn = scope;
    for (const { names, callback } of this.watchers)
      if (names.some((name) => !same(drawn[name], scope[name]))) callback();
  }

  private draw(): void {
    try {
      const { html, css } = this.templates;
      if (css) this.restyle(css(this.scope, helpers));
      if (!this.props._scripts?.html) this.show(this.value, false);
      else if (html) this.show(html(this.scope, helpers), true);
    } catch (error) {
      this.report(error);
    }
  }

  /** Styles for this element alone; nesting makes every rule one below it. */
  private restyle(text: string): void {
    this.sheet ??= new CSSStyleSheet();
    this.sheet.replaceSync(`#${CSS.escape(this.domId)} > .html-container {\n${text}\n}`);
    this.adopt(this.sheet);
  }

  private adopt(sheet: CSSStyleSheet): void {
    if (!document.adoptedStyleSheets.includes(sheet))
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  private show(value: unknown, keep: boolean): void {
    if (value === this.shown) return; // an update of another option leaves what scripts did in it
    this.shown = value;
    const { place } = this;
    const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 100;
    const template = document.createElement("template");
    template.innerHTML = String(value ?? "");
    for (const element of template.content.querySelectorAll(FOREIGN)) element.remove();
    if (keep) morph(place, template.content);
    else place.replaceChildren(template.content);
    if (this.props.autoscroll && atEnd) place.scrollTop = place.scrollHeight;
  }

  private press(name: string): void {
    if (this.props._clicks !== false) this.emit(name, {});
  }

  override render() {
    const { container, min_height, max_height, apply_default_css } = this.props;
    const size = { minHeight: length(min_height), maxHeight: length(max_height) };
    const prose = apply_default_css === false ? "" : "prose";
    return html`${this.renderButtons()}${container ? this.renderLabel() : nothing}
      <div
        class="${prose} html-container ${max_height ? "scrolls" : ""}"
        tabindex=${max_height ? "0" : nothing}
        style=${styleMap(size)}
        @click=${() => this.press("click")}
        @dblclick=${() => this.press("double_click")}
      ></div>`;
  }
}

define("gr-html", GrHtml);
