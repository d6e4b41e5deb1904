/**
 * The page that a reload brings: what was shown and typed is there again, with the session that it belongs to; or both
 * begin anew. Loaded by reloads alone, and so made of types, "blocks" and its arguments alone: a module shared with the
 * core would split the core.
 */
import { page, parse, t, type Props } from "blocks";
import type { ComponentConfig, Config, Dependency } from "./config";
import type { Controller } from "./controller";
import type { Kept } from "./keeping";
import type { Session } from "./session";

/** Layouts whose options the visitor changes by looking around. */
const LOOKED_INTO = ["tabs", "accordion", "sidebar", "walkthrough"];
/** Components that a visitor fills: another version of the app takes over what they hold. */
const TYPED =
  "textbox number slider checkbox checkboxgroup radio dropdown code colorpicker datetime multimodaltextbox".split(
    " ",
  );
/** Milliseconds after which the visitor is told in any case. */
const LATEST = 3000;
const GONE = /* t */ "The server keeps nothing of this page any more. It begins anew.";
const TOO_MUCH = /* t */ "There was too much on this page to keep it. It begins anew.";

/** What the new page does with what was kept. */
export class Restored {
  constructor(
    private readonly key: string,
    private readonly stored: string,
    private readonly kept: Kept,
    /** Whether the server has something that belongs to it. */
    readonly expects: boolean,
  ) {}

  /** The page is drawn: parts that were built at run time are built again, and what is missing is told. */
  async attend(controller: Controller, remark: (text: string) => void): Promise<void> {
    const { kept } = this;
    const { changes } = controller;
    for (const row of kept.rows) changes.restored.set(row[0], row);
    for (const id of kept.used) changes.used.add(id);
    for (const part of kept.parts) await controller.render({ ...part, kept: true });
    const words = [
      kept.word ? t(kept.word) : "",
      kept.large.length ? t("Too large to be kept over the reload: {0}.", kept.large.join(", ")) : "",
      kept.unsent.length
        ? t("Not sent before the reload, so choose again: {0}.", kept.unsent.join(", "))
        : "",
    ];
    const said = words.filter(Boolean).join(" ");
    if (!said) return;
    // the connection, when there is one, takes away what is said before
    const late = new Promise((resolve) => setTimeout(resolve, LATEST));
    void Promise.race([controller.answered, late]).then(() => remark(said));
  }

  /** The server has nothing of the session any more: page and session begin anew. */
  gone(): void {
    beginAnew(this.key, this.stored, GONE);
  }
}

/** Puts what was kept into the config, before the page is made of it; nothing where there is none. */
export function restore(
  config: Config,
  session: Session,
  key: string,
  stored: string,
): Restored | undefined | Promise<never> {
  const kept = read(key);
  sessionStorage.removeItem(key);
  if (kept?.session !== session.id) return undefined;
  if (kept.lost && !session.open.length) return beginAnew(key, stored, TOO_MUCH);
  if (kept.lost) return undefined;
  if (kept.revision !== config.revision) return takeOver(config, kept);
  const restored = new Restored(key, stored, kept, expects(config, kept));
  fill(config, kept);
  return restored;
}

function read(key: string): Kept | null {
  try {
    return parse(sessionStorage.getItem(key) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

/**
 * Another version of the app begins with what was typed, where it asks for the same by the same name; what functions have
 * shown was another version's.
 */
function takeOver({ components, dependencies }: Config, { rows }: Kept): undefined {
  const inputs = new Set(dependencies.flatMap((each) => each.inputs));
  const outputs = new Set(dependencies.flatMap((each) => each.outputs));
  for (const { id, type, props } of components) {
    const same = (name: unknown): boolean => name === `${props.name}:${props.label}`;
    const found = rows.filter(([, , , touched, name]) => touched && same(name));
    const alone = components.filter((each) => same(`${each.props.name}:${each.props.label}`)).length === 1;
    if (found.length !== 1 || !alone || !TYPED.includes(type) || props.interactive === false) continue;
    if (inputs.has(id) || !outputs.has(id)) props.value = found[0][1];
  }
}

/** The tab gets another session, and the page what it starts with. */
function beginAnew(key: string, stored: string, word: string): Promise<never> {
  const session = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) =>
    n.toString(16).padStart(2, "0"),
  ).join("");
  page.session = ""; // nothing more is kept of it
  const { revision } = window.gradio_config;
  const empty = { rows: [], parts: [], used: [], large: [], unsent: [] };
  // last of all: events that end meanwhile note the session of before
  addEventListener("pagehide", () => {
    const before = JSON.parse(sessionStorage.getItem(stored) ?? "{}") as object;
    sessionStorage.setItem(stored, JSON.stringify({ ...before, session, open: [] }));
    sessionStorage.setItem(key, JSON.stringify({ ...empty, session, revision, word } satisfies Kept));
  });
  location.reload();
  return new Promise(() => undefined);
}

/** Whether what is shown belongs to what functions have left on the server: State, parts, options of blocks. */
function expects({ components, dependencies }: Config, { parts, rows, used }: Kept): boolean {
  const states = statesOf(components);
  const types = new Map(components.map(({ id, type }) => [id, type]));
  const ran = dependencies.filter(({ id }) => used.includes(id));
  return (
    parts.length > 0 ||
    ran.some(({ inputs, outputs }) => [...inputs, ...outputs].some((id) => states.has(id))) ||
    (ran.length > 0 && rows.some(([id, , options]) => options && !LOOKED_INTO.includes(types.get(id) ?? "")))
  );
}

const statesOf = (components: ComponentConfig[]): Set<number> =>
  new Set(components.filter(({ type }) => type === "state").map(({ id }) => id));

function fill(config: Config, kept: Kept): void {
  const inputs = new Set(config.dependencies.flatMap((each) => each.inputs));
  const outputs = new Set(config.dependencies.flatMap((each) => each.outputs));
  const all = [...config.components, ...kept.parts.flatMap(({ components }) => components)];
  const components = new Map(all.map((each) => [each.id, each]));
  for (const [id, value, options] of kept.rows) {
    const component = components.get(id);
    if (!component || component.type === "browserstate") continue;
    const { props } = component;
    const edits = props.interactive == null && !inputs.has(id) && !outputs.has(id) && isEmpty(props.value);
    component.props = { ...props, ...(options || {}), value } as Props;
    if (edits) component.props.interactive = true; // as before it had a value
  }
  for (const listener of config.dependencies)
    if (stays(listener, config, kept))
      listener.targets = listener.targets.filter(
        ([block, name]) => name !== "load" || components.has(block!),
      );
}

/**
 * Whether what `load` fills by a listener stays as it is: it builds a part that is there, or fills what somebody else has
 * changed since. One that reads State shows what the session has, and runs as ever.
 */
function stays({ inputs, outputs, render_id }: Dependency, config: Config, kept: Kept): boolean {
  if (render_id != null) return kept.parts.some((part) => part.render_id === render_id);
  const states = statesOf(config.components);
  if (inputs.some((id) => states.has(id))) return false;
  const touched = new Set(kept.rows.filter(([, , , each]) => each).map(([id]) => id));
  const ran = config.dependencies.filter(({ id }) => kept.used.includes(id));
  for (const each of ran)
    for (const id of [...each.inputs, ...each.outputs]) if (states.has(id)) touched.add(id);
  return outputs.some((id) => touched.has(id));
}

const isEmpty = (value: unknown): boolean => !value || (Array.isArray(value) && !value.length);
