import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { page } from "blocks";
import type { Config, Dependency, RenderConfig } from "../../blocks_app/frontend/config";
import { Dispatcher, type Run, type UserFunction } from "../../blocks_app/frontend/dispatch";
import { replacePart } from "../../blocks_app/frontend/render";
import { Tree, type BlockElement } from "../../blocks_app/frontend/tree";
import { config, dependency } from "./support";

class Plain extends HTMLElement {
  props = {};
  value: unknown = null;
}
class Box extends Plain {
  receive(value: unknown): void {
    this.value = value;
  }
}
customElements.define("test-part", class extends Plain {});
customElements.define("test-part-box", Box);

const HOST = 1;

/** A page with one empty container, and what its dispatcher submitted. */
async function pageWith(...dependencies: Dependency[]) {
  const shape = config({ [HOST]: {}, 2: {} }, dependencies) as Config;
  const base = { type: "part", tag: "test-part", module: null };
  const components = [HOST, 2].map((id) => ({ ...base, id, props: id === 2 ? { value: "given" } : {} }));
  const tree = new Tree({
    ...shape,
    layout: { id: 0, children: [{ id: HOST, children: [] }, { id: 2 }] },
    components,
  });
  await tree.mount(document.body);
  const sent: { fn: number; data: unknown[]; run: Run }[] = [];
  const dispatcher = new Dispatcher(
    { ...shape, layout: { id: 0 }, components },
    {
      functions: {},
      value: (id) => tree.value(id),
      receive: vi.fn(),
      begin: vi.fn(),
      cancel: vi.fn(),
      submit: (run, data) => void sent.push({ fn: run.dependency.id, data, run }),
    },
  );
  const functions: Record<string, UserFunction> = {};
  const hidden: number[] = [];
  const show = (part: Partial<RenderConfig>) =>
    replacePart({ render_id: 0, ...part } as RenderConfig, tree, dispatcher, functions, ({ blockId }) =>
      hidden.push(blockId),
    );
  return { tree, dispatcher, sent, functions, hidden, show };
}

/** A part with these boxes, each given its options. */
function part(
  boxes: Record<number, object>,
  dependencies: Dependency[] = [],
  host = HOST,
): Partial<RenderConfig> {
  const ids = Object.keys(boxes).map(Number);
  return {
    layout: { id: host, children: ids.map((id) => ({ id })) },
    components: ids.map((id) => ({
      id,
      type: "box",
      tag: "test-part-box",
      module: null,
      rendered_in: 0,
      props: boxes[id],
    })),
    dependencies,
  };
}

const box = (id: number): BlockElement => document.querySelector<BlockElement>(`#component-${id}`)!;
const settle = () => new Promise((done) => setTimeout(done));

beforeEach(() => Object.assign(page, { base: "/app/" }));
afterEach(() => document.body.replaceChildren());

test("what a part holds stands in its container, in order, and the old goes", async () => {
  const { tree, hidden, show } = await pageWith();
  await show(part({ 10: { value: "a" }, 11: { value: "b" } }));
  expect([...box(HOST).children].map((each) => each.id)).toEqual(["component-10", "component-11"]);
  await show(part({ 9: {}, 11: { value: "b" } }));
  expect([...box(HOST).children].map((each) => each.id)).toEqual(["component-9", "component-11"]);
  expect(hidden).toEqual([10]);
  expect(tree.elements.has(10)).toBe(false);
});

test("a block with the same number keeps what was changed, and takes new values where nothing was", async () => {
  const { show } = await pageWith();
  await show(
    part({ 10: { value: "a", label: "A" }, 11: { value: "b" }, 12: { value: "c", preserved_by_key: [] } }),
  );
  const element = box(10);
  box(10).value = box(12).value = "typed";
  await show(
    part({ 10: { value: "x", label: "B" }, 11: { value: "y" }, 12: { value: "z", preserved_by_key: [] } }),
  );
  expect(box(10)).toBe(element);
  expect([10, 11, 12].map((id) => box(id).value)).toEqual(["typed", "y", "z"]);
  expect(box(10).props.label).toBe("B");
});

test("options that were changed stay when the key preserves them", async () => {
  const { tree, show } = await pageWith();
  const first = { label: "A", info: "i", preserved_by_key: ["label"] };
  await show(part({ 10: first }));
  tree.update(10, { label: "changed", info: "changed" });
  await show(part({ 10: { ...first, label: "B" } }));
  expect(box(10).props).toMatchObject({ label: "changed", info: "i" });
});

test("listeners of a part take the place of the earlier ones", async () => {
  const { dispatcher, sent, show } = await pageWith();
  const click = (id: number) => dependency(id, { targets: [[10, "click"]], inputs: [10], rendered_in: 0 });
  await show(part({ 10: { value: "v" } }, [click(100)]));
  dispatcher.fire(10, "click");
  await settle();
  await show(part({ 10: { value: "v" } }, [click(101)]));
  dispatcher.fire(10, "click");
  await settle();
  expect(sent.map(({ fn, data }) => [fn, data])).toEqual([
    [100, ["v"]],
    [101, ["v"]],
  ]);
});

test("what waits for a listener whose part is built anew starts the one in its place", async () => {
  const { dispatcher, sent, show } = await pageWith();
  const input = (id: number) =>
    dependency(id, {
      targets: [[10, "input"]],
      trigger_mode: "always_last",
      api_name: "same",
      rendered_in: 0,
    });
  await show(part({ 10: {} }, [input(100)]));
  dispatcher.fire(10, "input");
  dispatcher.fire(10, "input");
  await settle();
  await show(part({ 10: {} }, [input(101)]));
  dispatcher.finish(sent[0].run, true);
  await settle();
  expect(sent.map(({ fn }) => fn)).toEqual([100, 101]);
});

test("a chain that is under way goes on though its part was built anew", async () => {
  const { dispatcher, sent, show } = await pageWith();
  const chain = [
    dependency(100, { targets: [[10, "click"]], rendered_in: 0 }),
    dependency(101, { targets: [[null, "then"]], trigger_after: 100, rendered_in: 0 }),
  ];
  await show(part({ 10: {} }, chain));
  dispatcher.fire(10, "click");
  await settle();
  await show(part({ 10: {} }));
  dispatcher.finish(sent[0].run, true);
  await settle();
  expect(sent.map(({ fn }) => fn)).toEqual([100, 101]);
  expect(dispatcher.dependencies).toEqual([]);
});

test("new blocks raise no change, but listeners to the load of the page hear it", async () => {
  const { sent, show } = await pageWith();
  const listeners = [
    dependency(100, { targets: [[10, "change"]] }),
    dependency(102, { targets: [[0, "load"]] }),
  ];
  await show(part({ 10: { value: "v" }, 11: {} }, listeners));
  await settle();
  expect(sent.map(({ fn }) => fn)).toEqual([102]);
});

test("a part inside a part goes with it, listeners and all", async () => {
  const { tree, dispatcher, show } = await pageWith();
  const inner = dependency(100, { outputs: [10], targets: [[0, "load"]], rendered_in: 0, render_id: 50 });
  await show(part({ 10: {} }, [inner]));
  await show({ ...part({ 20: {} }, [dependency(101, { rendered_in: 50 })], 10), render_id: 50 });
  expect(box(10).contains(box(20))).toBe(true);
  await show(part({ 11: {} }));
  expect(tree.elements.has(20)).toBe(false);
  expect(dispatcher.dependencies).toEqual([]);
});

test("a part inside a part stays when its container does", async () => {
  const { show } = await pageWith();
  const inner = dependency(100, { outputs: [10], targets: [[0, "load"]], rendered_in: 0, render_id: 50 });
  await show(part({ 10: {} }, [inner]));
  await show({ ...part({ 20: { value: "v" } }, [], 10), render_id: 50 });
  box(20).value = "typed";
  const again = { ...part({ 10: {} }, [inner]), layout: { id: HOST, children: [{ id: 10, children: [] }] } };
  await show(again);
  expect(box(10).contains(box(20))).toBe(true);
  expect(box(20).value).toBe("typed");
});

test("the focus stays in a block that moves", async () => {
  const { show } = await pageWith();
  await show(part({ 10: {}, 11: {} }));
  const input = document.createElement("input");
  box(11).append(input);
  input.value = "text";
  input.focus();
  input.setSelectionRange(1, 3);
  await show(part({ 11: {}, 12: {} }));
  expect(document.activeElement).toBe(input);
  expect([input.selectionStart, input.selectionEnd]).toEqual([1, 3]);
});

test("a listener of a part opens a block of the page for editing, and closes only blocks of its part", async () => {
  const { show } = await pageWith();
  expect([box(2).interactive, box(HOST).interactive]).toEqual([false, true]);
  const listener = dependency(100, { inputs: [10, 2], outputs: [11, HOST] });
  await show(part({ 10: { value: "v" }, 11: {} }, [{ ...listener, rendered_in: 0 }]));
  expect([2, 10, 11, HOST].map((id) => box(id).interactive)).toEqual([true, true, false, true]);
});

class Field extends Plain {
  connectedCallback(): void {
    this.innerHTML = "<input />";
  }
}
customElements.define("test-part-field", Field);

test("when what had the focus goes with its part, what stands in its place has it", async () => {
  const { show } = await pageWith();
  const fields = (...ids: number[]) => {
    const made = part(Object.fromEntries(ids.map((id) => [id, {}])));
    for (const each of made.components!) each.tag = "test-part-field";
    return made;
  };
  const focused = () => document.activeElement?.parentElement?.id;
  await show(fields(10, 11, 12));
  box(11).querySelector("input")!.focus();
  await show(fields(20, 21, 22));
  expect(focused()).toBe("component-21");
  await show(fields(30));
  expect(focused()).toBe("component-30");
  await show(part({}));
  expect(document.activeElement).toBe(box(HOST)); // not the top of the page
  await show(fields(40));
  const elsewhere = document.body.appendChild(document.createElement("input"));
  elsewhere.focus();
  await show(fields(50));
  expect(document.activeElement).toBe(elsewhere);
});
