/**
 * Libraries that are no modules of ours: `import { … } from "blocks/foreign"`. The one place that decides what they need
 * beyond the page's policy, which is: style sheets that they make get the page's nonce. Scripts get nothing: what they
 * would make of a text stays forbidden. See docs/decisions/plots.md.
 */
import { page, t } from "blocks";

const loading = new Map<string, Promise<void>>();

/** Runs a script of this server once; `address` is one below the mount, as Python told it. */
export function loadScript(address: string): Promise<void> {
  const known = loading.get(address);
  if (known) return known;
  signStyles();
  const loaded = new Promise<void>((done, fail) => {
    const script = document.createElement("script");
    script.src = page.base + address;
    script.onload = () => done();
    script.onerror = () => {
      loading.delete(address);
      script.remove();
      fail(new Error(t("What draws this figure could not be loaded. Load the page again.")));
    };
    document.head.append(script);
  });
  loading.set(address, loaded);
  return loaded;
}

let signed = false;

/** From now on style elements carry the page's nonce, which any script that runs here could read as well. */
export function signStyles(): void {
  const nonce = document.querySelector<HTMLElement>("script[nonce]")?.nonce;
  if (signed || !nonce) return;
  signed = true;
  const create = document.createElement;
  document.createElement = function (this: Document, name: string, options?: ElementCreationOptions) {
    const made = create.call(this, name, options) as HTMLElement;
    if (made.localName === "style") made.setAttribute("nonce", nonce);
    return made;
  } as typeof create;
}

/** Colours of the theme as they are now. */
export interface Look {
  text: string;
  quiet: string;
  line: string;
  background: string;
  accent: string;
  font: string;
  dark: boolean;
}

/** What a drawing should look like where `node` is. */
export function lookOf(node: Element): Look {
  const style = getComputedStyle(node);
  const token = (name: string, fallback: string): string =>
    solid(style.getPropertyValue(name), node) || fallback;
  return {
    text: token("--body-text-color", "#1f2937"),
    quiet: token("--body-text-color-subdued", "#4b5563"),
    line: token("--border-color-primary", "#e5e7eb"),
    background: token("--block-background-fill", "#ffffff"),
    accent: token("--color-accent", "#f97316"),
    font: style.fontFamily || "sans-serif",
    dark: document.body.classList.contains("dark"),
  };
}

/** A colour of css in the form that every library reads; variables in it are followed. */
function solid(value: string, node: Element): string {
  if (!value.trim()) return "";
  const probe = document.createElement("span");
  probe.style.color = value.trim();
  probe.hidden = true;
  node.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}

/** Calls back whenever the page turns dark or light; gives what ends it. */
export function onTheme(changed: () => void): () => void {
  const watch = new MutationObserver(changed);
  for (const node of [document.documentElement, document.body])
    watch.observe(node, { attributes: true, attributeFilter: ["class"] });
  return () => watch.disconnect();
}

/** Whether the visitor asked for less motion. */
export const calm = (): boolean =>
  document.documentElement.matches("[data-calm]") || matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Loads what takes everything out of markup that would run or reach beyond its place. */
export async function cleaner(): Promise<(markup: string) => string> {
  const { sanitize } = await import("../sanitizing");
  return (markup) => {
    const box = document.createElement("div");
    box.append(sanitize(markup));
    return box.innerHTML;
  };
}
