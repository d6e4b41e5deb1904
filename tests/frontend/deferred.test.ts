import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GrElement, define } from "blocks";
import { defer } from "../../blocks_app/frontend/deferred";
import { Dispatcher } from "../../blocks_app/frontend/dispatch";
import { Tree } from "../../blocks_app/frontend/tree";
import type { Controller } from "../../blocks_app/frontend/controller";
import type { Config, Dependency } from "../../blocks_app/frontend/config";
import { config, dependency } from "./support";

/** Says that elements have a size now. */
let show: (...elements: Element[]) => void;
class Sizes {
  constructor(told: (entries: object[]) => void) {
    show = (...elements) =>
      told(elements.map((target) => ({ target, contentRect: { width: 9, height: 9 } })));
  }
  observe(): void {}
  unobserve(): void {}
}

type Scripts = Pick<Config, "functions" | "head">;

let root: HTMLElement;
let number = 0;
beforeEach(() => {
  document.body.innerHTML = "<main></main>";
  root = document.body.firstElementChild as HTMLElement;
  vi.stubGlobal("ResizeObserver", Sizes);
  vi.stubGlobal("requestIdleCallback", () => undefined); // the browser is busy
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A page whose block 2, and what else `later` names, comes later, as an element that nobody has defined so far. */
async function open({ later = [2], dependencies = [] as Dependency[], scripts = {} as Scripts } = {}) {
  const tag = `test-late-${++number}`;
  const page = config({ 1: {}, 2: { value: "here", label: "Two" }, 3: {} }, dependencies);
  for (const component of page.components) if (later.includes(component.id)) component.tag = tag;
  const tree = new Tree(page);
  const submitted: unknown[][] = [];
  const dispatcher = new Dispatcher(page, {
    value: (id) => tree.value(id),
    receive: (id, value) => tree.receive(id, value),
    begin: () => undefined,
    submit: (_, data) => void submitted.push(data),
    cancel: () => undefined,
    functions: {},
  });
  let come!: () => void;
  let fail!: (error: Error) => void;
  const module = new Promise<void>((resolve, reject) => {
    come = () => {
      class Late extends GrElement<string> {
        override connectedCallback() {
          this.value ??= "";
          super.connectedCallback();
        }
        override render() {
          return `${this.label}: ${this.value}`;
        }
      }
      define(tag, Late);
      resolve();
    };
    fail = reject;
  });
  const load = tree.load.bind(tree);
  tree.load = (components) => load(components, () => module);
  defer(tree, later);
  await tree.mount(root);
  const controller = { dispatcher, functions: {} } as unknown as Controller;
  const attended = tree.deferred!.attend(controller, root, scripts, false);
  const told: string[] = [];
  root.addEventListener("gr-event", (event) => {
    const { blockId, value } = event.target as GrElement;
    told.push(`${blockId} ${(event as CustomEvent).detail.name} ${value}`);
  });
  return { tree, dispatcher, submitted, come, fail, attended, told };
}
const settle = () => new Promise((done) => setTimeout(done));

test("the page stands without the module, and the element takes its place when it is shown", async () => {
  const { tree, come } = await open();
  expect([...root.children].map(({ id }) => id)).toEqual(["component-1", "component-2", "component-3"]);
  const standIn = tree.elements.get(2)!;
  expect([standIn.localName, standIn.textContent]).toEqual(["gr-deferred", ""]);
  show(standIn);
  expect(standIn.getAttribute("aria-busy")).toBe("true");
  come();
  await settle();
  expect(root.children[1]).toBe(tree.elements.get(2));
  expect([root.children[1]!.id, root.children[1]!.textContent]).toEqual(["component-2", "Two: here"]);
});

test("one whose module is here is drawn before the next frame", async () => {
  const { tree, come } = await open();
  come();
  show(tree.elements.get(2)!);
  await Promise.resolve();
  expect(root.children[1]!.textContent).toBe("Two: here");
});

test("options and values that come before it are its own, each value in its order", async () => {
  const { tree, come, told } = await open();
  tree.receive(2, { __type__: "update", label: "New", visible: false, value: "a" });
  tree.receive(2, "b");
  come();
  await settle();
  const element = tree.elements.get(2)!;
  expect([element.textContent, element.classList.contains("hide")]).toEqual(["New: b", true]);
  expect(told).toEqual(["2 change b", "2 change b"]); // once for each, when it is drawn
});

test("an event waits for the elements that it reads, and gets the values that they have", async () => {
  const reads = dependency(0, { targets: [[1, "click"]], inputs: [2], outputs: [3] });
  const { tree, dispatcher, submitted, come } = await open({ dependencies: [reads] });
  tree.components.get(2)!.props.value = undefined;
  tree.elements.get(2)!.value = null;
  dispatcher.fire(1, "click");
  await settle();
  expect(submitted).toEqual([]);
  come();
  await settle();
  expect(submitted).toEqual([[""]]); // what the element makes of nothing
});

test("an event that is cancelled while it waits does not begin", async () => {
  const reads = dependency(0, { targets: [[1, "click"]], inputs: [2] });
  const stops = dependency(1, { targets: [[3, "click"]], cancels: [0], backend_fn: false });
  const { dispatcher, submitted, come } = await open({ dependencies: [reads, stops] });
  dispatcher.fire(1, "click");
  dispatcher.fire(3, "click");
  come();
  await settle();
  expect(submitted).toEqual([]);
  dispatcher.fire(1, "click");
  await settle();
  expect(submitted).toEqual([["here"]]);
});

test("an event that names none of them does not wait", async () => {
  const other = dependency(0, { inputs: [1], outputs: [3] });
  const { dispatcher, submitted } = await open({ dependencies: [other] });
  dispatcher.fire(1, "click");
  await settle();
  expect(submitted).toEqual([[null]]);
});

test("whoever points at the button of a closed place makes ready what is in it", async () => {
  const { tree, come } = await open({ later: [2, 3] });
  root.innerHTML =
    '<button aria-controls="panel"></button><div id="panel" class="hide"><p class="hide"></p></div>';
  root.querySelector("div")!.prepend(tree.elements.get(2)!);
  root.querySelector("p")!.append(tree.elements.get(3)!);
  come();
  root.querySelector("button")!.dispatchEvent(new Event("pointerover", { bubbles: true }));
  await settle();
  expect([2, 3].map((id) => tree.elements.get(id)!.localName === "gr-deferred")).toEqual([false, true]);
});

test.each<Scripts>([{ functions: "/fns.js" }, { head: "<script></script>" }])(
  "scripts of the app find every element: %o",
  async (scripts) => {
    const { tree, come, attended } = await open({ scripts });
    come();
    await attended;
    expect(tree.elements.get(2)!.textContent).toBe("Two: here");
  },
);

test("one whose module fails says so, keeps what comes, and is tried again when it is shown again", async () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const reads = dependency(0, { inputs: [2], outputs: [] });
  const { tree, dispatcher, submitted, fail, come, told } = await open({ dependencies: [reads] });
  tree.receive(2, "kept");
  fail(new Error("404"));
  await settle();
  const standIn = tree.elements.get(2)!;
  expect([standIn.textContent, silent.mock.calls.length]).toEqual(["box could not be loaded.", 1]);
  expect(told).toEqual(["2 change kept"]);
  dispatcher.fire(1, "click");
  await settle();
  expect(submitted).toEqual([["kept"]]);
  come();
  show(standIn);
  await settle();
  expect(root.children[1]!.textContent).toBe("Two: kept");
});

test("buttons in its corner are the same before and after", async () => {
  const { tree, come } = await open();
  tree.components.get(2)!.props.buttons = [{ id: 9 }];
  tree.components.set(9, { id: 9, type: "box", tag: "test-box", props: { label: "Old" } });
  tree.update(2, { buttons: [{ id: 9 }] });
  tree.placeCornerButtons(tree.elements.get(2)!, tree.components.get(2)!);
  tree.update(9, { label: "New" });
  const button = tree.elements.get(9)!;
  come();
  show(tree.elements.get(2)!);
  expect([tree.elements.get(9), tree.elements.get(2)!.tools!.get(9)]).toEqual([button, button]);
});
