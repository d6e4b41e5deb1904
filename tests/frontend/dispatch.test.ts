import { expect, test, vi } from "vitest";
import { Dispatcher, type Run, type UserFunction } from "../../blocks_app/frontend/dispatch";
import type { Dependency } from "../../blocks_app/frontend/config";
import * as scripts from "../../blocks_app/frontend/scripts";
import { config, dependency } from "./support";

/** A dispatcher over block values, and what it submitted. */
function page(dependencies: Dependency[], functions: Record<string, UserFunction> = {}) {
  const values: Record<number, unknown> = { 1: "one", 2: "two", 3: "three" };
  const sent: { fn: number; data: unknown[]; event_data: unknown; run: Run }[] = [];
  const cancelled: string[] = [];
  const dispatcher = new Dispatcher(config({ 1: {}, 2: {}, 3: {} }, dependencies), {
    functions,
    scripts,
    value: (id) => values[id] ?? null,
    receive: (id, result) => void (values[id] = result),
    begin: vi.fn(),
    submit: (run, data, event_data) => void sent.push({ fn: run.dependency.id, data, event_data, run }),
    cancel: (run) => void cancelled.push(run.event_id),
  });
  const settle = () => new Promise((done) => setTimeout(done));
  const click = async (data?: unknown) => {
    dispatcher.fire(1, "click", data);
    await settle();
  };
  const end = async (at: number, success = true) => {
    dispatcher.finish(sent[at].run, success);
    await settle();
  };
  return { dispatcher, values, sent, cancelled, click, end, fns: () => sent.map(({ fn }) => fn) };
}

test("inputs of which a function wants the component are sent with what only the page knows of them", async () => {
  const { sent, click, dispatcher } = page([dependency(0, { inputs: [2, 3], component_prop_inputs: [1] })]);
  const host = dispatcher as unknown as { page: { optionsNow: (id: number) => object } };
  host.page.optionsNow = (id) => ({ playback_position: id });
  await click();
  expect(sent[0].data).toEqual(["two", { playback_position: 3, value: "three" }]);
});

test("an event starts what listens to it, with the values of its inputs", async () => {
  const { sent, click } = page([
    dependency(0, { inputs: [2, 3] }),
    dependency(1, { targets: [[2, "click"]] }),
  ]);
  await click();
  expect(sent.map(({ fn, data }) => [fn, data])).toEqual([[0, ["two", "three"]]]);
  expect(sent[0].run.trigger_id).toBe(1);
  expect(sent[0].run.event_id).toMatch(/^[0-9a-f]{32}$/);
});

test("event data travels only to those who ask for it", async () => {
  const { sent, click } = page([dependency(0), dependency(1, { collects_event_data: true })]);
  await click({ index: 3 });
  expect(sent.map(({ event_data }) => event_data)).toEqual([null, { index: 3 }]);
});

test("once: nothing more until it has ended", async () => {
  const { fns, click, end } = page([dependency(0)]);
  await click();
  await click();
  expect(fns()).toEqual([0]);
  await end(0);
  await click();
  expect(fns()).toEqual([0, 0]);
});

test("multiple: every event; always_last: one more, with the newest values", async () => {
  const many = page([dependency(0, { trigger_mode: "multiple" })]);
  await many.click();
  await many.click();
  expect(many.fns()).toEqual([0, 0]);

  const last = page([dependency(0, { trigger_mode: "always_last", inputs: [2] })]);
  for (const value of ["a", "b", "c"]) {
    last.values[2] = value;
    await last.click();
  }
  await last.end(0);
  await last.end(1);
  expect(last.sent.map(({ data }) => data)).toEqual([["a"], ["c"]]);
});

test("a run knows when it was asked for: before the user's js and before the run ahead of it", async () => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout"] });
  try {
    const js = () => new Promise((done) => setTimeout(done, 500));
    const { sent, dispatcher } = page([dependency(0, { trigger_mode: "always_last" })], { 0: js });
    const began = performance.now();
    dispatcher.fire(1, "click");
    await vi.advanceTimersByTimeAsync(700);
    dispatcher.fire(1, "click");
    await vi.advanceTimersByTimeAsync(300);
    dispatcher.finish(sent[0].run, true);
    await vi.advanceTimersByTimeAsync(500);
    expect(sent.map(({ run }) => run.clicked! - began)).toEqual([0, 700]);
  } finally {
    vi.useRealTimers();
  }
});

test("chains: then after both, success and failure after their own", async () => {
  const chain = [
    dependency(0),
    dependency(1, { targets: [[null, "then"]], trigger_after: 0 }),
    dependency(2, { targets: [[null, "success"]], trigger_after: 0, trigger_only_on_success: true }),
    dependency(3, { targets: [[null, "failure"]], trigger_after: 0, trigger_only_on_failure: true }),
  ];
  const good = page(chain);
  await good.click();
  await good.end(0);
  expect(good.fns()).toEqual([0, 1, 2]);
  expect(good.sent[1].run.trigger_id).toBe(1);
  const bad = page(chain);
  await bad.click();
  await bad.end(0, false);
  expect(bad.fns()).toEqual([0, 1, 3]);
});

test("js gives new inputs to the backend", async () => {
  const js = vi.fn((a: unknown, b: unknown) => [`${String(a)}!`, b]);
  const { sent, click } = page([dependency(0, { inputs: [2], outputs: [3], js: true })], {
    0: js as UserFunction,
  });
  await click();
  expect(js).toHaveBeenCalledWith("two", "three");
  expect(sent[0].data).toEqual(["two!", "three"]);
});

test("js alone gives outputs, one value need not be a list, and followers start", async () => {
  const only = dependency(0, { inputs: [2], outputs: [3], backend_fn: false, js: true });
  const after = dependency(1, { targets: [[null, "then"]], trigger_after: 0 });
  const { values, fns, click } = page([only, after], { 0: async (value) => String(value).toUpperCase() });
  await click();
  expect(values[3]).toBe("TWO");
  expect(fns()).toEqual([1]);
});

test("a js function that fails is told in the console and counts as a failure", async () => {
  const reported = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const failing = () => {
    throw new Error("no");
  };
  const { fns, click } = page(
    [
      dependency(0),
      dependency(1, { trigger_after: 0, targets: [[null, "failure"]], trigger_only_on_failure: true }),
    ],
    { 0: failing },
  );
  await click();
  expect(fns()).toEqual([1]);
  expect(reported).toHaveBeenCalled();
  reported.mockRestore();
});

test("cancels reach the running submissions of the listed dependencies", async () => {
  const stop = dependency(1, { targets: [[2, "click"]], backend_fn: false, cancels: [0] });
  const { dispatcher, sent, cancelled, click } = page([dependency(0), stop]);
  await click();
  dispatcher.fire(2, "click");
  dispatcher.fire(2, "click");
  await new Promise((done) => setTimeout(done));
  expect(cancelled).toEqual([sent[0].run.event_id]);
});

test("load starts the page's own events, whatever number the page has", async () => {
  const { dispatcher, fns } = page([dependency(0, { targets: [[99, "load"]] }), dependency(1)]);
  dispatcher.fire(null, "load");
  await new Promise((done) => setTimeout(done));
  expect(fns()).toEqual([0]);
});

test("changed states raise their change event", async () => {
  const { dispatcher, sent, fns, click } = page([dependency(0), dependency(1, { targets: [[3, "change"]] })]);
  await click();
  dispatcher.finish(sent[0].run, true, [3]);
  await new Promise((done) => setTimeout(done));
  expect(fns()).toEqual([0, 1]);
});

test("an event from before a reload goes on and still counts for its trigger mode", async () => {
  const { dispatcher, fns, click } = page([dependency(0)]);
  expect(dispatcher.resume("abc", 0, 1)).toBe(true);
  expect(dispatcher.resume("def", 7, 1)).toBe(false);
  await click();
  expect(fns()).toEqual([]);
  dispatcher.finish(dispatcher.runs.get("abc")!, true);
  await click();
  expect(fns()).toEqual([0]);
});

test("what a script was given is never its update, what it writes itself is", async () => {
  const stored = { __type__: "update", type: "password" };
  const only = dependency(0, { inputs: [2], outputs: [3], backend_fn: false, js: true });
  const other = page([only], { 0: (given) => given });
  other.values[2] = stored;
  await other.click();
  expect(other.values[3]).toEqual({ __type__: "update", value: stored });
  const inside = page([only], { 0: (given) => ({ ...(given as { record: object }).record }) });
  inside.values[2] = { record: stored };
  await inside.click();
  expect(inside.values[3]).toEqual({ __type__: "update", value: stored });
  const written = page([only], { 0: () => ({ __type__: "update", visible: false }) });
  await written.click();
  expect(written.values[3]).toEqual({ __type__: "update", visible: false });
});

test("a value that is still on its way is waited for, by the listeners that take it", async () => {
  const sent: unknown[][] = [];
  let arrive = (_: string): void => undefined;
  const dispatcher = new Dispatcher(
    config({ 1: {}, 2: {}, 3: {} }, [dependency(0, { inputs: [2, 3] }), dependency(1, { inputs: [3] })]),
    {
      functions: {},
      value: (id) => `value ${id}`,
      pendingValue: (id) => (id === 2 ? new Promise((done) => (arrive = done)) : null),
      receive: vi.fn(),
      begin: vi.fn(),
      submit: (run, data) => void sent.push([run.dependency.id, ...data]),
      cancel: vi.fn(),
    },
  );
  dispatcher.fire(1, "click");
  await vi.waitFor(() => expect(sent).toEqual([[1, "value 3"]]));
  arrive("a drawing");
  await vi.waitFor(() => expect(sent[1]).toEqual([0, "a drawing", "value 3"]));
});
