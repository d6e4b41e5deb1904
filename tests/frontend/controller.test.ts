import type { GrElement } from "blocks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Controller } from "../../blocks_app/frontend/controller";
import type { Dependency } from "../../blocks_app/frontend/config";
import { Session } from "../../blocks_app/frontend/session";
import { show } from "../../blocks_app/frontend/status";
import { Tree } from "../../blocks_app/frontend/tree";
import { config, dependency, locks } from "./support";

/** The other end of the page's socket. */
class Server {
  static now: Server;
  static OPEN = 1;
  readyState = 1;
  sent: { type: string; event_id: string; data: unknown[] }[] = [];
  onmessage!: (event: { data: string }) => void;
  private number = 0;

  constructor(readonly url: URL) {
    Server.now = this;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  says(frame: object): void {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  sends(message: object, event_id = this.sent[0].event_id): void {
    this.says({ type: "messages", items: [[++this.number, { event_id, ...message }]] });
  }

  completes(data: unknown[]): void {
    this.sends({ msg: "process_completed", success: true, output: { data, changed_state_ids: [] } });
  }
}

let lock: ReturnType<typeof locks>;
beforeEach(() => {
  lock = locks();
  vi.stubGlobal("navigator", { locks: lock });
  sessionStorage.clear();
  document.body.innerHTML =
    '<div class="gradio-container"><div id="root"></div></div><div id="blocks-live"></div>';
  vi.stubGlobal("WebSocket", Server);
});
/** Pages of the test under way. */
const trees: Tree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.elements.forEach((element) => show(element, null)); // and their clock
  vi.unstubAllGlobals();
});

/** A page of two boxes, open and welcomed; box 1 feeds box 2. */
async function open(dependencies: Dependency[]) {
  const from = config({ 1: { value: "in" }, 2: { value: "" } }, dependencies);
  const tree = new Tree(from);
  trees.push(tree);
  await tree.mount(document.getElementById("root")!, () => Promise.resolve());
  const controller = new Controller(from, tree, await Session.start("/", from));
  controller.connect();
  Server.now?.says({ type: "welcome", session_hash: "s", app_id: 1, revision: "r", number: 0, pending: [] });
  const click = async () => {
    controller.dispatcher.fire(1, "click");
    await settle();
  };
  const overlay = () => tree.elements.get(2)!.querySelector("[data-testid=status-tracker]");
  return { tree, controller, click, overlay };
}

const settle = () => new Promise((done) => setTimeout(done));
const stored = () => JSON.parse(sessionStorage.getItem("blocks:/")!).open as unknown[];

test("one event from the click to the new value, with the status over the output meanwhile", async () => {
  const { tree, click, overlay } = await open([dependency(0, { inputs: [1], outputs: [2] })]);
  await click();
  expect(Server.now.sent[0]).toMatchObject({ type: "submit", fn_index: 0, data: ["in"], trigger_id: 1 });
  expect(overlay()!.classList).toContain("pending");
  expect(stored()).toHaveLength(1);
  Server.now.completes(["out"]);
  expect(tree.value(2)).toBe("out");
  expect(overlay()).toBeNull();
  expect(stored()).toHaveLength(0);
});

test("a refused event marks its output and tells why", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { click, overlay } = await open([dependency(0, { outputs: [2] })]);
  await click();
  const { event_id } = Server.now.sent[0];
  Server.now.says({ type: "refused", event_id, status: 503, detail: "Queue is full." });
  expect(overlay()!.textContent).toBe("Error");
  await vi.waitFor(() =>
    expect(document.querySelector("[data-testid=toast-text]")!.textContent).toBe("Queue is full."),
  );
});

test("an event that was cancelled while its validator looked at it ends without an error", async () => {
  const { tree, controller, click, overlay } = await open([
    dependency(0, { outputs: [2] }),
    dependency(1, { targets: [[2, "click"]], backend_fn: false, cancels: [0] }),
  ]);
  await click();
  const { event_id } = Server.now.sent[0];
  controller.dispatcher.fire(2, "click");
  expect(Server.now.sent.at(-1)).toEqual({ type: "cancel", event_id });
  Server.now.says({ type: "refused", event_id, status: 409, detail: "The event was cancelled." });
  expect(controller.dispatcher.runs.size).toBe(0);
  expect(overlay()).toBeNull();
  expect(tree.value(2)).toBe("");
  expect(stored()).toHaveLength(0);
});

test("hidden progress leaves the output alone", async () => {
  const { click, overlay } = await open([dependency(0, { outputs: [2], show_progress: "hidden" })]);
  await click();
  expect(overlay()).toBeNull();
});

test("two events on one output: the status stays until both have ended", async () => {
  const both = [dependency(0, { outputs: [2] }), dependency(1, { outputs: [2] })];
  const { click, overlay } = await open(both);
  await click();
  Server.now.completes([null]);
  expect(overlay()).not.toBeNull();
  const message = {
    msg: "process_completed",
    success: true,
    output: { data: [null], changed_state_ids: [] },
  };
  Server.now.sends(message, Server.now.sent[1].event_id);
  expect(overlay()).toBeNull();
});

test("queue=False: one POST, and its answer", async () => {
  const fetched = vi.fn(async () => Response.json({ data: ["direct"] }));
  vi.stubGlobal("fetch", fetched);
  const { tree, click } = await open([
    dependency(0, { inputs: [1], outputs: [2], queue: false, api_name: "go" }),
  ]);
  await click();
  await vi.waitFor(() => expect(tree.value(2)).toBe("direct"));
  const [address, { body }] = fetched.mock.calls[0] as unknown as [string, { body: string }];
  expect(address).toBe("/run/go");
  expect(JSON.parse(body)).toMatchObject({
    fn_index: 0,
    data: ["in"],
    session_hash: expect.stringMatching(/^\w{32}$/),
  });
});

test("after a reload the page goes on with an event that was open", async () => {
  const chain = [dependency(0, { outputs: [2] })];
  const before = await open(chain);
  await before.click();
  const { event_id } = Server.now.sent[0];
  lock.held.clear();
  const tree = new Tree(config({ 1: {}, 2: {} }, chain));
  await tree.mount(document.getElementById("root")!, () => Promise.resolve());
  const after = new Controller(config({ 1: {}, 2: {} }, chain), tree, await Session.start("/", config({})));
  after.resume();
  after.connect();
  Server.now.says({
    type: "welcome",
    session_hash: "s",
    app_id: 1,
    revision: "r",
    number: 0,
    pending: [event_id],
  });
  const output = { data: ["late"], changed_state_ids: [] };
  Server.now.sends({ msg: "process_completed", success: true, output }, event_id);
  expect(tree.value(2)).toBe("late");
});

test("what a validator refuses is told at its input, until the visitor changes it", async () => {
  const { click, overlay, tree } = await open([dependency(0, { inputs: [2], outputs: [2] })]);
  await click();
  const { event_id } = Server.now.sent[0];
  const detail = JSON.stringify([{ is_valid: false, message: "Write something." }]);
  Server.now.says({ type: "refused", event_id, status: 422, detail });
  const box = tree.elements.get(2)!;
  await vi.waitFor(() => expect(box.querySelector("[role=alert]")?.textContent).toBe("Write something."));
  const field = box.querySelector("input")!;
  expect(overlay()).toBeNull();
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(field.closest(".block.invalid")).not.toBeNull(); // as validation_marks.css calls it
  expect(field.getAttribute("aria-errormessage")).toBe(box.querySelector("[role=alert]")!.id);
  (box as unknown as GrElement).userInput("x");
  expect(box.querySelector("[role=alert]")).toBeNull();
  expect(field.hasAttribute("aria-invalid")).toBe(false);
});

test("values that cannot be sent, and a step that cannot be applied, end their event alone", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { tree, controller, click, overlay } = await open([dependency(0, { inputs: [1], outputs: [2] })]);
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const value = vi.spyOn(controller, "value").mockReturnValueOnce(cyclic);
  await click();
  await vi.waitFor(() => expect(overlay()!.textContent).toBe("Error"));
  expect([Server.now.sent.length, stored().length]).toEqual([0, 0]);
  value.mockRestore();
  await click();
  Server.now.sends({
    msg: "process_generating",
    success: true,
    diff: true,
    output: { data: [[["add", [1], 2]]] },
  });
  Server.now.sends({ msg: "process_generating", success: true, diff: true, output: { data: null } });
  await vi.waitFor(() => expect(overlay()!.textContent).toBe("Error"));
  expect(Server.now.sent.at(-1)).toMatchObject({ type: "cancel" });
  Server.now.sent.length = 0;
  await click();
  Server.now.completes(["out"]);
  expect(tree.value(2)).toBe("out");
});
