/** Draws figures of Bokeh, by the JavaScript that the Python package on the server brings along. */
import { t } from "blocks";
import { cleaner, loadScript, lookOf, type Look } from "blocks/foreign";
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

const PLOT = /^(Figure|Plot|GMap)$/;

/** What is drawn in which colour of the page unless the figure says so itself; by the ends of the models' names. */
const colours = (look: Look): [RegExp, Record<string, string | number | null>][] => [
  [PLOT, { background_fill_color: null, border_fill_color: null, outline_line_color: look.line }],
  [
    /Axis$/,
    {
      axis_line_color: look.quiet,
      major_tick_line_color: look.quiet,
      minor_tick_line_color: look.quiet,
      major_label_text_color: look.text,
      axis_label_text_color: look.text,
      group_text_color: look.text,
    },
  ],
  [/Grid$/, { grid_line_color: look.line }],
  [
    /^Legend$/,
    {
      background_fill_color: look.background,
      border_line_color: look.line,
      label_text_color: look.text,
      title_text_color: look.text,
    },
  ],
  [
    /ColorBar$/,
    { background_fill_color: null, major_label_text_color: look.text, title_text_color: look.text },
  ],
  [/^(Title|Label)$/, { text_color: look.text }],
];

/** A document that says nothing of its colours takes those of the page. */
export function dressed(item: unknown, look: Look): any {
  const usual = colours(look);
  const dress = (value: any, chosen: string[]): any => {
    if (Array.isArray(value)) return value.map((each) => dress(each, chosen));
    if (typeof value !== "object" || value === null) return value;
    const isModel = value.type === "object" && typeof value.name === "string";
    const own = isModel && PLOT.test(value.name) ? Object.keys(value.attributes ?? {}) : chosen;
    const made = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, dress(each, own)]));
    const found = isModel && usual.find(([name]) => name.test(made.name));
    // what lies on a ground that the figure has chosen is meant for that
    const ground = /Grid$/.test(value.name) ? "background_fill_color" : "border_fill_color";
    if (!found || (!PLOT.test(value.name) && own.includes(ground))) return made;
    const parts = Object.entries(found[1]).filter(([key]) => KNOWS[key]?.test(made.name) ?? true);
    return { ...made, attributes: { ...Object.fromEntries(parts), ...made.attributes } };
  };
  return dress(item, []);
}

/** Colours that only some of the models have. */
const KNOWS: Record<string, RegExp> = { group_text_color: /^CategoricalAxis$/ };

const known = (bokeh: BokehLibrary, name: string): boolean => {
  try {
    return !!bokeh.Models.get(name);
  } catch {
    return false;
  }
};

/** A figure that has no width of its own is as wide as its place. */
export function fitted(item: any): any {
  const roots = item?.doc?.roots;
  if (!Array.isArray(roots)) return item;
  const fit = (root: any): any => {
    const own = root?.attributes ?? {};
    const sized = ["width", "frame_width", "sizing_mode", "width_policy", "aspect_ratio", "match_aspect"];
    if (root?.name !== "Figure" || sized.some((name) => name in own)) return root;
    return { ...root, attributes: { ...own, sizing_mode: "stretch_width" } };
  };
  return { ...item, doc: { ...item.doc, roots: roots.map(fit) } };
}

export const draw: Drawing = async (into, plot, props) => {
  const item = JSON.parse(plot);
  const models = modelsOf(item);
  const script = [...models].find((name) => name.startsWith("CustomJS"));
  if (script) throw new Error(t("This figure brings a script along ({0}), which pages do not run.", script));
  await loadScript(addressOf(props, "bokeh", "Bokeh"));
  const bokeh = (globalThis as any).Bokeh as BokehLibrary;
  for (const name of MORE)
    if ([...models].some((model) => !known(bokeh, model))) await loadScript(addressOf(props, name, "Bokeh"));
  into.replaceChildren();
  const views = await bokeh.embed.embed_item(
    { ...dressed(fitted(await cleaned(item)), lookOf(into)), target_id: null },
    into,
  );
  return {
    erase: () => {
      views?.clear?.();
      into.replaceChildren();
    },
  };
};
