/** What a page shows and what was typed, kept in its tab for the page that a reload brings; reload.ts takes it up. */
import { page, same, stringify } from "blocks";
import type { Config, RenderConfig } from "./config";
import type { Tree } from "./tree";

/** Characters of all that is kept of one page: half of what browsers keep for a site in a tab. */
const MOST = 2e6;

/**
 * Of a block: its number, its value, its options where they have changed, whether more than `load` has changed it, and by
 * what another version of the app knows it.
 */
export type Row = [id: number, value: unknown, options: object | 0, touched: boolean, name: string];

export interface Kept {
  session: string;
  revision: string;
  rows: Row[];
  parts: RenderConfig[];
  /** Listeners that ran since the page was opened, and not because of that. */
  used: number[];
  /** Labels of what was too large. */
  large: string[];
  /** Names of files that were on their way to the server. */
  unsent: string[];
  /** It could not be kept. */
  lost?: boolean;
  /** What the visitor is told. */
  word?: string;
}

/** What the page knows of its changes. */
export interface Changes {
  /** What `load` has filled last. */
  loaded: Map<number, unknown>;
  used: Set<number>;
  /** What was taken up from before a reload, by block. */
  restored: Map<number, Row>;
  parts: Map<number, RenderConfig>;
}

/** Where it is kept; each page of an app has its own. */
export const place = ({ base, current_page }: Config): string => `blocks-kept:${base}${current_page ?? ""}`;

/** Keeps it as the page goes or is put away. Never what is typed into a password field, nor when somebody logs out. */
export function keepOn(config: Config, tree: Tree, changes: Changes): void {
  const keep = (): void => {
    if (page.session && !config.reload) write(place(config), config.revision, tree, changes);
  };
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
}

function write(key: string, revision: string, tree: Tree, changes: Changes): void {
  const { loaded, restored, used } = changes;
  const { session, unsent } = page;
  const rows: string[] = [];
  const large: unknown[] = [];
  let left = MOST;
  for (const [id, { value = null, props }] of tree.elements) {
    const declared = tree.components.get(id)?.props;
    const first = declared?.value ?? null;
    if (props.type === "password" || (value === first && props === declared && !restored.has(id))) continue;
    const { value: _, ...options } = props;
    const [, , before, was] = restored.get(id) ?? [];
    const touched = was || !same(value, loaded.has(id) ? loaded.get(id) : first);
    const row = stringify([
      id,
      value,
      before || props !== declared ? options : 0,
      touched,
      `${props.name}:${props.label}`,
    ]);
    if (row.length > left) large.push(props.label || props.name || id);
    else rows.push(row);
    if (row.length <= left) left -= row.length;
  }
  const parts = [...changes.parts.values()].filter(({ layout }) => tree.elements.has(layout.id));
  const rest = stringify({ session, revision, parts, used: [...used], large, unsent: [...unsent] });
  try {
    if (/\/logout$/.test((document.activeElement as HTMLAnchorElement).href)) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, `${rest.slice(0, -1)},"rows":[${rows}]}`);
  } catch {
    try {
      sessionStorage.setItem(key, stringify({ session, revision, lost: true }));
    } catch {
      // storage is forbidden: a reload begins anew, as the session's name is not kept either
    }
  }
}
