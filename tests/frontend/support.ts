/** Small builders that the tests share. */
import type { Config, Dependency, LayoutNode } from "../../blocks_app/frontend/config";
import { GrElement, GrContainer, define, html } from "blocks";

class TestBox extends GrElement<string | null> {
  override render() {
    return this.frame(html`<input id=${this.inputId} .value=${this.value ?? ""} />`);
  }
}
class TestRow extends GrContainer {}
define("test-box", TestBox);
define("test-row", TestRow);

/** A listener on block 1's click, with the defaults of the server. */
export function dependency(id: number, changes: Partial<Dependency> = {}): Dependency {
  return {
    id,
    targets: [[1, "click"]],
    inputs: [],
    outputs: [],
    backend_fn: true,
    queue: true,
    api_name: `fn${id}`,
    scroll_to_output: false,
    show_progress: "full",
    cancels: [],
    collects_event_data: false,
    trigger_after: null,
    trigger_only_on_success: false,
    trigger_mode: "once",
    ...changes,
  };
}

/** A page of test boxes, one per entry: its props. */
export function config(
  boxes: Record<number, object>,
  dependencies: Dependency[] = [],
  tree?: LayoutNode[],
): Config {
  return {
    base: "/",
    app_id: 1,
    revision: "r",
    layout: { id: 0, children: tree ?? Object.keys(boxes).map((id) => ({ id: Number(id) })) },
    components: Object.entries(boxes).map(([id, props]) => ({
      id: Number(id),
      type: "box",
      tag: "row" in props ? "test-row" : "test-box",
      module: "/box.js",
      props,
    })),
    dependencies,
    websocket: "/queue/ws",
  };
}

/** Web Locks as far as the session needs them: one holder per name, until released. */
export function locks() {
  const held = new Set<string>();
  const request = async (name: string, _options: object, run: (lock: object) => unknown) => {
    if (held.has(name)) throw new DOMException("It was waited for long enough.", "TimeoutError");
    held.add(name);
    return run({ name });
  };
  return { held, request };
}
