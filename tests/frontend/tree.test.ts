import { beforeEach, expect, test, vi } from "vitest";
import { GrElement, define } from "blocks";
import { Tree, drawn } from "../../blocks_app/frontend/tree";
import type { Config } from "../../blocks_app/frontend/config";
import { config, dependency } from "./support";

let root: HTMLElement;
beforeEach(() => {
  document.body.innerHTML = "<div></div>";
  root = document.body.firstElementChild as HTMLElement;
});

async function mount(from: Config): Promise<Tree> {
  const tree = new Tree(from);
  await tree.mount(root, () => Promise.resolve());
  return tree;
}

test("elements stand where the layout says, children in their container's body", async () => {
  const layout = [{ id: 1, children: [{ id: 2 }] }, { id: 3 }];
  const tree = await mount(config({ 1: { row: 1 }, 2: { label: "A", value: "x" }, 3: {} }, [], layout));
  expect([...root.children].map((child) => child.id)).toEqual(["component-1", "component-3"]);
  expect(tree.elements.get(1)!.body!.firstElementChild).toBe(tree.elements.get(2));
  expect(tree.value(2)).toBe("x");
  expect(root.querySelector("input")!.value).toBe("x");
});

test("the host carries id, classes, visibility and its place in a row", async () => {
  const props = { elem_id: "mine", elem_classes: ["a", "b c"], visible: false, scale: 2, min_width: 80 };
  const tree = await mount(config({ 1: props }));
  const host = tree.elements.get(1)!;
  expect(host.id).toBe("mine");
  expect([...host.classList].sort()).toEqual(["a", "b", "block", "c", "hide"]);
  expect(host.style.flexGrow).toBe("2");
  tree.receive(1, { __type__: "update", visible: true, elem_classes: "d" });
  expect([...host.classList].sort()).toEqual(["block", "d"]);
});

test("interactive: inputs of any event; else neither output nor default value", async () => {
  const boxes = {
    1: {},
    2: { value: "default" },
    3: {},
    4: { value: "x" },
    5: { value: 0 },
    6: { interactive: false },
  };
  const tree = await mount(config(boxes, [dependency(0, { inputs: [4, 6], outputs: [3] })]));
  const editable = [1, 2, 3, 4, 5, 6].filter((id) => tree.elements.get(id)!.interactive);
  expect(editable).toEqual([1, 4, 5]);
});

test("a result is a value or an update; change is told after the redraw and only when different", async () => {
  const tree = await mount(config({ 1: { value: "a" } }));
  const received = vi.fn();
  root.addEventListener("gr-event", (event) => received((event as CustomEvent).detail.name));
  const box = tree.elements.get(1)!;
  tree.receive(1, "b");
  tree.receive(1, { __type__: "update" });
  await new Promise((done) => setTimeout(done));
  expect([box.value, received.mock.calls]).toEqual(["b", [["change"]]]);
  tree.receive(1, { __type__: "update", label: "New", value: null });
  await new Promise((done) => setTimeout(done));
  expect([box.value, box.props.label, received.mock.calls.length]).toEqual([null, "New", 2]);
  tree.receive(1, null);
  await new Promise((done) => setTimeout(done));
  expect(received).toHaveBeenCalledTimes(2);
});

test("a value that looks like an update is a value, also by its prototype", async () => {
  const tree = await mount(config({ 1: { value: "a" } }));
  const box = tree.elements.get(1)!;
  tree.receive(1, { __type__: "update", value: { __type__: "update", label: "Mine" } });
  expect([box.value, box.props.label]).toEqual([{ __type__: "update", label: "Mine" }, undefined]);
  const born = Object.create({ __type__: "update", value: "x" });
  tree.receive(1, born);
  expect(box.value).toBe(born);
});

test("a module that fails to load leaves the rest of the page working", async () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const from = config({ 1: { value: "x" }, 2: {} });
  Object.assign(from.components[1], { tag: "no-such", module: "/broken.js" });
  const tree = new Tree(from);
  await tree.mount(root, (address) =>
    address === "/broken.js" ? Promise.reject(new Error("404")) : Promise.resolve(),
  );
  expect(tree.value(1)).toBe("x");
  expect(root.textContent).toContain("could not be loaded");
  expect(silent).toHaveBeenCalled();
  silent.mockRestore();
});

test("what has no element (State) is null and takes anything", async () => {
  const from = config({ 1: {} });
  from.components.push({ id: 2, type: "state", props: {}, module: null, tag: null });
  const tree = await mount(from);
  tree.receive(2, null);
  expect(tree.value(2)).toBeNull();
});

test("the app's own buttons stand in the corner of their component, in Python's order", async () => {
  const props = { value: "x", buttons: [{ id: 3 }, "unknown", { id: 9 }, { id: 2 }] };
  const tree = await mount(config({ 1: props, 2: {}, 3: {} }, [], [{ id: 1 }]));
  const owner = tree.elements.get(1) as GrElement;
  const corner = () => [...root.querySelectorAll(".icon-buttons > *")].map((each) => each.id);
  await owner.updateComplete;
  expect(corner()).toEqual(["component-3", "component-2"]);
  const received: number[] = [];
  root.addEventListener("gr-event", (event) => received.push((event.target as GrElement).blockId));
  (tree.elements.get(2) as GrElement).emit("click");
  expect(received).toEqual([2]);
  tree.update(1, { buttons: [] });
  await owner.updateComplete;
  expect(corner()).toEqual([]);
});

test("an element that cannot draw itself costs nobody else", async () => {
  class Broken extends GrElement {
    override render(): unknown {
      throw new Error("no");
    }
  }
  define("test-broken", Broken);
  const reported = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const page = config({ 1: {}, 2: { label: "There" } });
  page.components[0]!.tag = "test-broken";
  const tree = new Tree(page);
  const root = document.createElement("div");
  document.body.replaceChildren(root);
  await tree.mount(root, async () => undefined);
  await drawn(tree.elements.values());
  expect(root.textContent).toContain("There");
  expect(reported).toHaveBeenCalledWith("Not drawn:", tree.elements.get(1), expect.any(Error));
  reported.mockRestore();
});

test("a module that hangs does not hold the page, and is used when it comes", async () => {
  vi.useFakeTimers();
  try {
    let come!: () => void;
    const hangs = new Promise<void>((resolve) => (come = resolve));
    const page = config({ 1: { value: "here" }, 2: { value: "late", elem_id: "mine" } });
    Object.assign(page.components[1], { tag: "gr-test-late", module: "late.js", type: "late" });
    vi.spyOn(console, "error").mockImplementation(() => {});
    const tree = new Tree(page);
    const mounted = tree.mount(root, () => hangs);
    await vi.advanceTimersByTimeAsync(11_000);
    await mounted;
    expect(root.textContent).toContain("late could not be loaded.");
    expect(tree.value(1)).toBe("here");
    define(
      "gr-test-late",
      class extends GrElement<string> {
        override render() {
          return this.value;
        }
      },
    );
    come();
    await customElements.whenDefined("gr-test-late");
    await drawn(tree.elements.values());
    const { textContent, id, blockId } = tree.elements.get(2)!;
    expect([textContent, id, blockId]).toEqual(["late", "mine", 2]); // its events are those of its block
  } finally {
    vi.useRealTimers();
    vi.restoreAllMocks();
  }
});
