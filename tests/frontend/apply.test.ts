import { afterEach, expect, test, vi } from "vitest";
import { apply, type Page } from "../../blocks_app/frontend/apply";
import type { Message } from "../../blocks_app/frontend/connection";
import type { Run } from "../../blocks_app/frontend/dispatch";
import { dependency } from "./support";

afterEach(() => vi.restoreAllMocks());

function scene() {
  const run: Run = {
    event_id: "a",
    dependency: dependency(4, { outputs: [2] }),
    trigger_id: 1,
    progress: { since: 0 },
  };
  const page = {
    output: vi.fn(),
    status: vi.fn(),
    toast: vi.fn(),
    finish: vi.fn(),
    render: vi.fn(),
  } satisfies Page;
  const say = (message: object): void => apply(run, { event_id: "a", ...message } as Message, page);
  return { run, page, say };
}

const output = (data: unknown): object => ({ data, is_generating: true, changed_state_ids: [] });

test("a waiting event shows its rank, a running one its expected time", () => {
  const { run, page, say } = scene();
  say({ msg: "estimation", rank: 1, queue_size: 5, rank_eta: 3.4 });
  expect(run.progress).toMatchObject({ rank: 1, size: 5, eta: 3.4 });
  say({ msg: "process_starts", eta: 1.5 });
  expect(run.progress).toMatchObject({ rank: -1, eta: 1.5 });
  expect(page.status).toHaveBeenCalledTimes(2);
});

test("the first yield is whole, the next ones are differences, a snapshot is whole again", () => {
  const { run, page, say } = scene();
  say({ msg: "process_generating", diff: false, output: output(["He"]) });
  say({ msg: "process_generating", diff: true, output: output([[["append", [], "llo"]]]) });
  expect(page.output).toHaveBeenLastCalledWith(run, ["Hello"]);
  say({ msg: "process_generating", diff: false, output: output(["Hello, you"]) });
  expect(page.output).toHaveBeenLastCalledWith(run, ["Hello, you"]);
});

test("completion gives the values, clears the status, ends the run", () => {
  const { run, page, say } = scene();
  say({ msg: "process_completed", success: true, output: { data: ["x"], changed_state_ids: [9] } });
  expect(page.output).toHaveBeenCalledWith(run, ["x"]);
  expect(page.status).toHaveBeenCalledWith(run, null);
  expect(page.finish).toHaveBeenCalledWith(run, true, [9]);
});

test("an error with a text is a toast and stands in the console", () => {
  const reported = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { run, page, say } = scene();
  say({
    msg: "process_completed",
    success: false,
    output: { error: "bad x", duration: 10, visible: true, title: "Oh" },
  });
  expect(page.toast).toHaveBeenCalledWith({
    level: "error",
    text: "bad x",
    title: "Oh",
    duration: 10,
    fn: 4,
  });
  expect(reported).toHaveBeenCalledWith("bad x");
  expect(page.status).toHaveBeenCalledWith(run, "error");
  expect(page.finish).toHaveBeenCalledWith(run, false, []);
});

test("an error without a text only marks the outputs", () => {
  const { run, page, say } = scene();
  say({ msg: "process_completed", success: false, output: { error: null } });
  expect(page.toast).not.toHaveBeenCalled();
  expect(page.status).toHaveBeenCalledWith(run, "error");
});

test("logs are toasts of their event, unless hidden", () => {
  const { page, say } = scene();
  say({ msg: "log", log: "hi", level: "info", duration: 3, visible: true, title: "Info" });
  say({ msg: "log", log: "psst", level: "info", duration: 3, visible: false, title: "Info" });
  expect(page.toast.mock.calls).toEqual([[{ level: "info", text: "hi", title: "Info", duration: 3, fn: 4 }]]);
});

test("kinds that are not for pages are passed over", () => {
  const { page, say } = scene();
  say({ msg: "close_stream" });
  expect(Object.values(page).some((each) => each.mock.calls.length)).toBe(false);
});
