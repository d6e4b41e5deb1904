/** The listeners of a part of the page that was built (anew) take the place of its earlier ones. */
import type { Dependency, RenderConfig } from "./config";
import type { Dispatcher } from "./dispatch";

/** Per part, the listeners of the run before the last: their chains may still be under way. */
const replaced = new WeakMap<Dispatcher, Map<number, number[]>>();

/** Chains that are under way go on. Answers the ids of the listeners that are gone. */
export function graftListeners(dispatcher: Dispatcher, part: RenderConfig): number[] {
  const { byId, byTarget, busy, followers, successors } = dispatcher;
  const before = within(dispatcher, part.render_id);
  const gone = new Set(before.map(({ id }) => id));
  for (const each of before) {
    byId.delete(each.id);
    const next = part.dependencies.find((other) => alike(each, other));
    if (next && busy.get(each.id)) successors.set(each.id, next);
  }
  for (const [target, listening] of byTarget)
    byTarget.set(
      target,
      listening.filter(({ id }) => !gone.has(id)),
    );
  const earlier = replaced.get(dispatcher) ?? new Map<number, number[]>();
  for (const id of earlier.get(part.render_id) ?? []) followers.delete(id);
  replaced.set(dispatcher, earlier.set(part.render_id, [...gone]));
  dispatcher.add(part);
  return [...gone];
}

/** The page has loaded: told to the listeners of a part, which came later. */
export function loadListeners(dispatcher: Dispatcher, part: RenderConfig): void {
  for (const dependency of part.dependencies)
    if (dependency.targets.some(([block, name]) => name === "load" && block === dispatcher.root))
      void dispatcher.trigger(dependency, { trigger_id: null });
}

/** The listeners of a part, and of the parts inside it. */
function within(dispatcher: Dispatcher, render_id: number): Dependency[] {
  const own = dispatcher.dependencies.filter(({ rendered_in }) => rendered_in === render_id);
  return own.flatMap((each) =>
    each.render_id == null ? [each] : [each, ...within(dispatcher, each.render_id)],
  );
}

/** Whether a listener was there before: it has the same triggers, which only blocks with a key can. */
function alike(one: Dependency, other: Dependency): boolean {
  return one.api_name === other.api_name && JSON.stringify(one.targets) === JSON.stringify(other.targets);
}
