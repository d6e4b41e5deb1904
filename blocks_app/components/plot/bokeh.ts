/** Draws figures of Bokeh, by the JavaScript that the Python package on the server brings along. */
import { cleaner, loadScript } from "blocks/foreign";
import { addressOf, type Drawing } from "./drawing";

/* eslint-disable @typescript-eslint/no-explicit-any */
interface BokehLibrary {
  embed: { embed_item(item: any, into: HTMLElement): Promise<{ clear?(): void; roots?: any[] }> };
  Models: { get(name: string): unknown; registered_names?(): Iterable<string> };
}

/** Files beside the main one, in the order in which they are tried for a model that it does not know. */
const MORE = ["bokeh-widgets", "bokeh-tables", "bokeh-mathjax"];

/** Names of all models of a document. */
export function modelsOf(item: unknown): Set<string> {
  const found = new Set<string>();
  const look = (value: any): void => {
    if (typeof value !== "object" || value === null) return;
    if (value.type === "object" && typeof value.name === "string") found.add(value.name);
    for (const each of Array.isArray(value) ? value : Object.values(value)) look(each);
  };
  look(item);
  return found;
}

/** Texts with markup in them, cleaned of what would run: Bokeh writes some into the page as they are. */
export async function cleaned(item: unknown): Promise<any> {
  if (!/<[/!a-z]/i.test(JSON.stringify(item))) return item;
  const safe = await cleaner();
  const clean = (value: any): any => {
    if (typeof value === "string") return /<[/!a-z]/i.test(value) ? safe(value) : value;
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, clean(each)]));
  };
  return clean(item);
}

const known = (bokeh: BokehLibrary, name: string): boolean => {
  try {
    return !!bokeh.Models.get(name);
  } catch {
    return false;
  }
};

export const draw: Drawing = async (into, plot, props) => {
  const item = JSON.parse(plot);
  const models = modelsOf(item);
  const script = [...models].find((name) => name.startsWith("CustomJS"));
  if (script) throw new Error(`This figure brings a script along (${script}), which pages do not run.`);
  await loadScript(addressOf(props, "bokeh", "Bokeh"));
  const bokeh = (globalThis as any).Bokeh as BokehLibrary;
  for (const name of MORE)
    if ([...models].some((model) => !known(bokeh, model))) await loadScript(addressOf(props, name, "Bokeh"));
  into.replaceChildren();
  const views = await bokeh.embed.embed_item({ ...(await cleaned(item)), target_id: null }, into);
  return {
    erase: () => {
      views?.clear?.();
      into.replaceChildren();
    },
  };
};
