/**
 * `<blocks-app src="/chat/">`: an app in a page of the site. A small script of its own, which any page may use:
 * `<script type="module" src="/chat/blocks-app.js"></script>`. What it shows stands in a shadow tree, so that the styles of
 * the app and those of the page do not meet.
 *
 * Attributes: `src`, `route` (one page of the app), `theme_mode` ("dark", "light", "system"; else as the page around it),
 * `lang`, `height` (css; the app scrolls in it), `eager` ("true": not only when it comes near the window).
 */
import { shared, type EmbeddedApp } from "./apps";

/** What the server tells of an app for a place in a page. */
interface Description {
  base: string;
  title: string;
  lang: string;
  direction: string;
  shape: string;
  /** Address of the app's style sheet, and names of files in it. */
  sheet: string;
  holds: string;
  /** Names of built files: those of a page of its own, and those for this place. */
  files: Record<string, string>;
  /** The file that starts the app, and those that it begins with. */
  entry: string;
  /** Address of the page's own texts in its language. */
  words: string;
  modules: string[];
}

const nonce = [...document.scripts].find(({ src }) => src === import.meta.url)?.nonce ?? "";

function node<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const LOST = "This app could not be loaded. Load the page again.";

/** So long scripts may still be on their way to an app that is not there any more. */
const LATE_MS = 60_000;

class BlocksApp extends HTMLElement {
  static observedAttributes = ["theme_mode", "height", "src", "route", "lang"];

  #app?: EmbeddedApp;
  #started = false;
  /** Counts what was asked for: an answer that comes too late is for nobody. */
  #turn = 0;
  #sight?: IntersectionObserver;
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");

  connectedCallback(): void {
    this.style.display ||= "block";
    this.style.height = this.getAttribute("height") ?? this.style.height;
    if (this.#started) return;
    if (this.getAttribute("eager") === "true" || !("IntersectionObserver" in window)) return this.#start();
    this.#sight ??= new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.#start(),
      { rootMargin: "50%" },
    );
    this.#sight.observe(this);
  }

  disconnectedCallback(): void {
    this.#sight?.disconnect();
    // one that is only moved comes back at once
    queueMicrotask(() => !this.isConnected && this.#end());
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === "height") this.style.height = after ?? "";
    this.#paint();
    if (!this.#started || name === "theme_mode" || name === "height") return;
    this.#end(); // another app, or another page of it
    this.connectedCallback();
  }

  #start(): void {
    const turn = ++this.#turn;
    this.#started = true;
    this.#sight?.disconnect();
    this.setAttribute("aria-busy", "true");
    this.#load(() => turn === this.#turn && this.isConnected)
      .catch((error) => turn === this.#turn && this.isConnected && this.#say(LOST, error))
      .finally(() => turn === this.#turn && this.removeAttribute("aria-busy"));
  }

  async #load(wanted: () => boolean): Promise<void> {
    const src = new URL(this.getAttribute("src") ?? "", document.baseURI);
    if (src.origin !== location.origin)
      return this.#say(`An app of ${src.origin} can stand in its own pages only.`);
    if (!src.pathname.endsWith("/")) src.pathname += "/";
    const asked = new URL("embed", src);
    const { route, lang } = { route: this.getAttribute("route"), lang: this.getAttribute("lang") };
    if (route) asked.searchParams.set("page", route);
    if (lang) asked.searchParams.set("lang", lang);
    const answer = await fetch(asked, { credentials: "same-origin" });
    const text = await answer.text();
    if (!wanted()) return;
    if (answer.status === 401 || answer.status === 403) return this.#refuse(text, src);
    if (!answer.ok) return this.#say(LOST, text);
    // two lines: what describes the app, and its config as it is
    const end = text.indexOf("\n");
    await this.#show(JSON.parse(text.slice(0, end)) as Description, text.slice(end + 1), wanted);
  }

  /** A sentence in the place of the app. */
  #say(sentence: string, reason?: unknown): void {
    if (reason !== undefined) console.error(sentence, reason);
    this.shadowRoot?.replaceChildren(document.createElement("slot")); // which shows what stands in the element
    this.replaceChildren(
      Object.assign(node("p", "blocks-app-note", { role: "status" }), { textContent: sentence }),
    );
  }

  /** What those read who may not use the app; what the page itself says in this place stays. */
  #refuse(text: string, src: URL): void {
    if (this.querySelector("[data-denied]")) return;
    let detail = "";
    try {
      detail = String((JSON.parse(text) as { detail?: unknown }).detail ?? "");
    } catch {
      // a proxy's page
    }
    if (detail && detail !== "Not authenticated") return this.#say(detail);
    this.#say("Log in to use this app.");
    const link = node("a", "", { href: src.pathname });
    link.textContent = "Log in";
    this.firstElementChild!.replaceChildren(link, " to use this app.");
  }

  async #show(description: Description, config: string, wanted: () => boolean): Promise<void> {
    const { base, title, lang, direction, shape, sheet, holds, files, entry, modules } = description;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const number = ++shared.count;
    const code = new URL(`${base}embed/${number}/`, location.href).href;
    const body = node("div", "blocks-page", { lang, dir: direction || "ltr" });
    const head = node("div", "head", { hidden: "" });
    const styles = node("link", "", { rel: "stylesheet", href: sheet, "data-holds": holds });
    const mark = node("script", "", { type: "text/plain" });
    for (const each of [styles, mark]) if (nonce) each.nonce = nonce;
    if (nonce) mark.setAttribute("nonce", nonce);
    head.append(styles, mark);
    body.append(head, layout(title, shape));
    const drawn = new Promise((done) => (styles.onload = styles.onerror = done));
    for (const name of modules) preload(`${code}assets/${name}`);
    const words = await wordsOf(description.words);
    if (!wanted()) return;
    root.replaceChildren(body);
    this.#app = {
      ...{ code, number, base, root, body, config, files, nonce, words, end: new AbortController() },
      search: this.#search(),
    };
    shared.apps.set(code, this.#app);
    this.#paint();
    this.#follow(this.#app.end.signal);
    await drawn;
    if (!wanted()) return;
    fonts(styles.sheet);
    await import(/* @vite-ignore */ `${code}assets/${entry}`);
    stack(root, this.#app.end.signal);
  }

  /** The query of the page, with the look that was chosen here. */
  #search(): string {
    const query = new URLSearchParams(location.search);
    query.delete("__watch");
    query.set("__theme", this.#isDark() ? "dark" : "light");
    return `?${query}`;
  }

  /** As the attribute says; else as the page around it, which is light unless its `color-scheme` says something else. */
  #isDark(): boolean {
    const mode = this.getAttribute("theme_mode");
    if (mode === "dark" || mode === "light") return mode === "dark";
    const scheme = mode === "system" ? "light dark" : getComputedStyle(this).colorScheme;
    return /dark/.test(scheme) && (!/light/.test(scheme) || this.#dark.matches);
  }

  /** Turns dark and light with the page, whose switch changes something of its root or body, and with the system. */
  #follow(signal: AbortSignal): void {
    const paint = (): void => this.#paint();
    const watch = new MutationObserver(paint);
    for (const each of [document.documentElement, document.body]) watch.observe(each, { attributes: true });
    this.#dark.addEventListener("change", paint, { signal });
    signal.addEventListener("abort", () => watch.disconnect());
  }

  #paint(): void {
    if (!this.#app) return;
    this.#app.body.classList.toggle("dark", this.#isDark());
    this.#app.body.classList.toggle("scrolls", this.hasAttribute("height"));
  }

  /** Its connection ends, and with it what only this place needed. */
  #end(): void {
    this.#turn += 1;
    this.#started = false;
    this.shadowRoot?.replaceChildren();
    if (!this.#app) return;
    const { code, end } = this.#app;
    end.abort();
    setTimeout(() => shared.apps.delete(code), LATE_MS);
    this.#app = undefined;
  }
}

/** The app's own texts in its language, of which a page may have several: one script after the other says its own. */
function wordsOf(address: string): Promise<Window["blocks_words"]> {
  if (!address) return Promise.resolve(undefined);
  const known = shared.words.get(address);
  if (known) return known;
  const before = [...shared.words.values()].at(-1);
  const told = (async () => {
    await before;
    await import(/* @vite-ignore */ address);
    const found = window.blocks_words;
    delete window.blocks_words;
    return found;
  })().catch(() => undefined); // then it speaks English
  shared.words.set(address, told);
  return told;
}

/** The same nodes as in page.html. */
function layout(title: string, shape: string): HTMLElement {
  const app = node("gradio-app" as "div", "", { embed: "true" });
  const container = node("div", `gradio-container ${shape}`);
  const main = node("div", "main app", { role: "group", "aria-label": title });
  const wrap = node("div", "wrap");
  wrap.append(node("div", "contain", { id: "blocks-root", "aria-busy": "true" }));
  main.append(wrap);
  container.append(main);
  app.append(container, node("div", "sr-only", { id: "blocks-live", role: "status", "aria-live": "polite" }));
  return app;
}

function preload(href: string): void {
  const link = node("link", "", { rel: "modulepreload", href });
  if (nonce) link.nonce = nonce;
  document.head.append(link);
}

/** Fonts of a style sheet in a shadow tree are for nobody: they are known to a whole page or not at all. */
function fonts(sheet: CSSStyleSheet | null): void {
  const rules = [...(sheet?.cssRules ?? [])].filter((rule) => rule instanceof CSSFontFaceRule);
  if (!rules.length) return;
  const own = new CSSStyleSheet({ baseURL: sheet!.href ?? undefined });
  for (const rule of rules) own.insertRule(rule.cssText);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, own];
}

/** Toasts of several apps stand below each other, in the corner that they share. */
const stacks = new Set<HTMLElement>();

function stack(root: ShadowRoot, signal: AbortSignal): void {
  const container = root.querySelector(".gradio-container")!;
  const sizes = new ResizeObserver(arrange);
  const coming = new MutationObserver(() => {
    const wrap = container.querySelector<HTMLElement>(":scope > .toast-wrap");
    if (!wrap || stacks.has(wrap)) return;
    stacks.add(wrap);
    sizes.observe(wrap);
  });
  coming.observe(container, { childList: true });
  signal.addEventListener("abort", () => {
    coming.disconnect();
    sizes.disconnect();
    for (const wrap of stacks) if (!wrap.isConnected) stacks.delete(wrap);
    arrange();
  });
}

function arrange(): void {
  let above = 0;
  for (const wrap of stacks) {
    wrap.style.marginTop = above ? `${above}px` : "";
    if (wrap.offsetHeight) above += wrap.offsetHeight + 8;
  }
}

if (!customElements.get("blocks-app")) customElements.define("blocks-app", BlocksApp);
