/**
 * gr.render in the page: a part that a function has built takes the place of what it had built before. Blocks with a
 * key are the same again and keep what the visitor or the server has changed of them since. Loaded when first needed,
 * and so made of types, "blocks" and its arguments alone: a module shared with the core would split the core.
 */
import { graftListeners, loadListeners } from "./grafting";
import { link, page, same, type Props } from "blocks";
import type { ComponentConfig, LayoutNode, RenderConfig } from "./config";
import type { Dispatcher, UserFunction } from "./dispatch";
import type { BlockElement, Tree } from "./tree";
import { userFunction } from "./userjs";

/** A part as it was last built: its container, and what each of its blocks was given. */
interface Part {
  host: number;
  given: Map<number, Props>;
}

const parts = new WeakMap<Tree, Map<number, Part>>();

/** Shows a part, makes its listeners listen, and lets them know that the page has loaded. */
export async function replacePart(
  part: RenderConfig,
  tree: Tree,
  dispatcher: Dispatcher,
  functions: Record<string, UserFunction>,
  hide: (element: BlockElement) => void,
): Promise<void> {
  const components = part.components.map((each) => ({
    ...each,
    module: each.module && addressOf(each.module),
  }));
  const sheets = new Set(part.components.flatMap(({ css }) => css ?? []));
  await Promise.all([tree.load(components), ...[...sheets].map((sheet) => link(addressOf(sheet)))]);
  for (const id of graftListeners(dispatcher, part)) delete functions[id];
  for (const { id, js } of part.dependencies) if (typeof js === "string") functions[id] = userFunction(js);
  const keepFocus = focus(tree.elements.get(part.layout.id));
  const fresh = place({ ...part, components }, tree, hide);
  tree.listen(dispatcher.dependencies);
  await Promise.allSettled(fresh.map((element) => element.updateComplete)); // one that fails says so in the console
  keepFocus();
  if (!part.kept) loadListeners(dispatcher, part);
}

/** Files are named as the page names them, so that none is loaded twice. */
function addressOf(file: string): string {
  return new URL(/^(\/|https?:)/.test(file) ? file : page.base + file, document.baseURI).href;
}

/** Puts the elements of a part into its container; answers those that were not there before. */
function place(part: RenderConfig, tree: Tree, hide: (element: BlockElement) => void): BlockElement[] {
  const host = tree.elements.get(part.layout.id);
  if (!host) return [];
  const all = parts.get(tree) ?? new Map<number, Part>();
  parts.set(tree, all);
  const before = all.get(part.render_id)?.given ?? new Map<number, Props>();
  const given = new Map<number, Props>();
  const fresh: BlockElement[] = [];
  const own = part.components.filter(({ id }) => id !== part.layout.id);
  const now = new Set(own.map(({ id }) => id));
  for (const id of before.keys()) if (!now.has(id)) remove(id, tree, all).forEach(hide);
  for (const component of own) {
    given.set(component.id, component.props);
    tree.components.set(component.id, component);
  }
  const placed = new Set(idsIn(part.layout.children ?? []));
  for (const component of own) {
    if (!component.tag) continue;
    const element = tree.elements.get(component.id);
    if (element && before.has(component.id)) again(element, component, before.get(component.id)!, tree);
    else if (placed.has(component.id)) fresh.push(tree.create(component)); // one in a corner comes with its component
  }
  all.set(part.render_id, { host: part.layout.id, given });
  const inner = new Set(
    part.dependencies.filter((each) => each.render_id != null).map((each) => each.outputs[0]),
  );
  arrange(host, part.layout.children ?? [], tree, inner);
  return fresh;
}

/** A block that stands there again: new options, but what was changed since stays where the key preserves it. */
function again(element: BlockElement, component: ComponentConfig, before: Props, tree: Tree): void {
  const { id, props } = component;
  const preserved = [props.preserved_by_key ?? "value"].flat() as string[];
  const changed = preserved.filter((name) => name !== "value" && !same(element.props[name], before[name]));
  element.props = { ...props, ...Object.fromEntries(changed.map((name) => [name, element.props[name]])) };
  tree.applyHostOptions(element);
  tree.placeCornerButtons(element, component);
  const [was, is] = [before.value ?? null, props.value ?? null];
  const keeps = preserved.includes("value") && !same(element.value, was);
  if (!keeps && !same(element.value, is)) tree.receive(id, is);
  tree.parents.get(id)?.requestUpdate?.();
}

/** Children in their order; those that stand right are not touched, so that they keep the focus. */
function arrange(parent: BlockElement, nodes: LayoutNode[], tree: Tree, inner: Set<number>): void {
  const body = parent.body ?? parent;
  const wanted = nodes.map(({ id }) => tree.elements.get(id)).filter((each): each is BlockElement => !!each);
  for (const child of blocksOf(body)) if (!wanted.includes(child)) child.remove();
  let next: BlockElement | null = blocksOf(body)[0] ?? null;
  for (const element of wanted) {
    tree.parents.set(element.blockId, parent);
    if (element === next) next = following(element);
    else if (next) body.insertBefore(element, next);
    else body.append(element);
  }
  for (const { id, children } of nodes) {
    const element = tree.elements.get(id);
    if (element && children && !inner.has(id)) arrange(element, children, tree, inner);
  }
  parent.requestUpdate?.();
}

/** Takes a block away, and with the container of another part all that is in it; answers their elements. */
function remove(id: number, tree: Tree, all: Map<number, Part>): BlockElement[] {
  const gone: BlockElement[] = [];
  for (const [number, { host, given }] of all) {
    if (host !== id) continue;
    all.delete(number);
    for (const inner of given.keys()) gone.push(...remove(inner, tree, all));
  }
  const element = tree.elements.get(id);
  tree.elements.delete(id);
  tree.parents.delete(id);
  tree.components.delete(id);
  element?.remove();
  return element ? [...gone, element] : gone;
}

const idsIn = (nodes: LayoutNode[]): number[] =>
  nodes.flatMap(({ id, children }) => [id, ...idsIn(children ?? [])]);
const isBlock = (node: Element): node is BlockElement => "blockId" in node;
const blocksOf = (body: Element): BlockElement[] => [...body.children].filter(isBlock);

function following(element: Element): BlockElement | null {
  let next = element.nextElementSibling;
  while (next && !isBlock(next)) next = next.nextElementSibling;
  return next as BlockElement | null;
}

const FOCUSABLE = "input, textarea, select, button, a[href], summary, [tabindex]:not([tabindex='-1'])";
const reachable = (host: Element): HTMLElement[] =>
  [...host.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (each) => !each.matches(":disabled, [hidden], .hide *, .hide"),
  );

/**
 * What has the focus, and its selection; the answer gives them back when moving the element has lost them. When the part
 * has taken it away, the one that stands in its place has the focus, or the part itself: not the top of the page.
 */
function focus(host: HTMLElement | undefined): () => void {
  const active = document.activeElement as HTMLInputElement | null;
  const range = [active?.selectionStart, active?.selectionEnd] as const;
  const place = active && host?.contains(active) ? reachable(host).indexOf(active) : null;
  return () => {
    if (!active || document.activeElement === active || active === document.body) return;
    if (!active.isConnected) return place === null ? undefined : takePlace(host!, place);
    active.focus({ preventScroll: true });
    if (range[0] != null) active.setSelectionRange?.(range[0], range[1] ?? range[0]);
  };
}

function takePlace(host: HTMLElement, place: number): void {
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body) return; // somebody has gone elsewhere meanwhile
  const there = reachable(host);
  const next = there[Math.max(0, Math.min(place, there.length - 1))] ?? host;
  if (next === host) host.tabIndex = -1;
  next.focus({ preventScroll: true });
}
