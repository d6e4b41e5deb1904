/** An app of tests/dispatch/scenarios as a page: its config by names, and what goes to the server. */
import { readFileSync } from "node:fs";
import { expect, vi } from "vitest";
import { GrElement, define, html } from "blocks";
import type { ComponentConfig, Config, Dependency, RenderConfig } from "../../blocks_app/frontend/config";
import { Controller } from "../../blocks_app/frontend/controller";
import type { UserFunction } from "../../blocks_app/frontend/dispatch";
import { onBlockEvent } from "../../blocks_app/frontend/block_events";
import { Session } from "../../blocks_app/frontend/session";
import type { Toast } from "../../blocks_app/frontend/toast";
import { show } from "../../blocks_app/frontend/status";
import { Tree, drawn } from "../../blocks_app/frontend/tree";
import "../../blocks_app/components/json";
import { config, dependency, type locks } from "./support";

type Block = string | { type: string; value?: unknown; props?: object };

export interface Listener {
  on?: string | string[];
  then?: string;
  success?: string;
  failure?: string;
  inputs?: string[];
  outputs?: string[];
  cancels?: string[];
  mode?: Dependency["trigger_mode"];
  queue?: boolean;
  progress?: Dependency["show_progress"];
  progress_on?: string[];
  event_data?: boolean;
  every?: number;
  renders?: boolean;
  js?: string;
  fn?: false;
  api_name?: string;
}

interface Declared {
  blocks?: Record<string, Block>;
  listeners?: Record<string, Listener>;
}

export interface Scenario extends Declared {
  name: string;
  only?: "page" | "page user";
  because?: string;
  blocks: Record<string, Block>;
  listeners: Record<string, Listener>;
  steps: Record<string, unknown>[];
}

const modes = JSON.parse(readFileSync("tests/dispatch/modes.json", "utf8")) as Record<
  string,
  Dependency["trigger_mode"]
>;

/** A box whose value is what the visitor types. */
class Typed extends GrElement<string | null> {
  static override typed = true;
  override render() {
    return this.frame(html`<input id=${this.inputId} .value=${this.value ?? ""} />`);
  }
}
define("test-typed", Typed);

const TAGS: Record<string, string | null> = {
  textbox: "test-typed",
  column: "test-row",
  json: "gr-json",
  state: null,
};

/** Functions of `js=`. */
const FUNCTIONS: Record<string, UserFunction> = {
  upper: (text) => String(text).toUpperCase(),
  both: (one, other) => [other, one],
  nothing: () => undefined,
  later: async (text) => (await new Promise((done) => setTimeout(done)), `${String(text)} later`),
  broken: () => {
    throw new Error("no");
  },
};

const ROOT = 0;

/** `cancels` is a listener of its own on the same trigger, as in the config of an app. */
function withCancels(listeners: Record<string, Listener>): [string, Listener][] {
  return Object.entries(listeners).flatMap(([name, { cancels, ...given }]): [string, Listener][] => {
    if (!cancels) return [[name, given]];
    const { on, then, success, failure } = given;
    const hidden: Listener = { on, then, success, failure, cancels, fn: false, queue: false, mode: "once" };
    return [
      [name, given],
      [`${name} cancels`, hidden],
    ];
  });
}

/** One run as the server sees it. */
interface Asked {
  event_id: string;
  listener: string;
  data: unknown[];
  event_data: unknown;
  direct: boolean;
  ended: boolean;
  answer?: (response: Response) => void;
}

export class Page {
  controller!: Controller;
  tree!: Tree;
  readonly asked: Asked[] = [];
  readonly cancelled: string[] = [];
  readonly toasts: string[] = [];
  private number = 0;
  private socket?: { onmessage: (event: { data: string }) => void };
  private readonly blocks = new Map<string, number>();
  private readonly listeners: string[] = [];

  constructor(
    private readonly scenario: Scenario,
    private readonly lock: ReturnType<typeof locks>,
  ) {
    const page = this;
    vi.stubGlobal(
      "WebSocket",
      class {
        static OPEN = 1;
        readyState = 1;
        onmessage!: (event: { data: string }) => void;
        constructor() {
          page.socket = this;
          setTimeout(() => page.welcome());
        }
        send(text: string): void {
          const frame = JSON.parse(text);
          if (frame.type === "ping") this.onmessage({ data: '{"type":"pong"}' });
          else page.hears(frame);
        }
        close(): void {}
      },
    );
    vi.stubGlobal("fetch", (_: string, { body, signal }: RequestInit) => page.called(String(body), signal));
  }

  id(name: string): number {
    if (!this.blocks.has(name)) this.blocks.set(name, this.blocks.size + 1);
    return this.blocks.get(name)!;
  }

  /** The page goes: what runs is shown no more. */
  close(): void {
    this.tree?.elements.forEach((element) => show(element, null));
  }

  /** The page is loaded, for the first time or anew. */
  async open(): Promise<void> {
    this.close();
    this.listeners.length = 0;
    const from = this.config();
    this.lock.held.clear();
    document.body.innerHTML =
      '<div class="gradio-container"><div id="root"></div></div><div id="blocks-live"></div>';
    const root = document.getElementById("root")!;
    this.tree = new Tree(from);
    this.tree.typing = await import("../../blocks_app/frontend/typing");
    await this.tree.mount(root, () => Promise.resolve());
    await drawn(this.tree.elements.values());
    this.controller = new Controller(from, this.tree, await Session.start("/", from));
    this.controller.toast = ({ text }: Toast) => void this.toasts.push(text);
    this.controller.functions = this.functions;
    onBlockEvent(root, (block, name, data) => this.controller.dispatcher.fire(block, name, data));
    this.controller.resume();
    this.controller.connect();
    await this.settle();
  }

  /** All that was begun has come to its end. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) {
      await vi.dynamicImportSettled();
      await new Promise((done) => setTimeout(done));
    }
  }

  // -- the app

  private config(): Config {
    const { blocks, listeners } = this.scenario;
    Object.keys(blocks).forEach((name) => this.id(name));
    const dependencies = this.declared(listeners, null);
    return { ...config({}, dependencies), ...this.content(blocks, ROOT) };
  }

  private content(blocks: Record<string, Block>, host: number): Pick<Config, "layout" | "components"> {
    const components = Object.entries(blocks).map(([name, block]): ComponentConfig => {
      const { type, value, props = {} } = typeof block === "string" ? { type: block } : block;
      const tag = type in TAGS ? TAGS[type] : "test-box";
      const given = type === "column" ? { show_progress: true } : value === undefined ? {} : { value };
      return { id: this.id(name), type, tag, module: null, props: { ...given, ...props } };
    });
    return { components, layout: { id: host, children: components.map(({ id }) => ({ id })) } };
  }

  private declared(listeners: Record<string, Listener>, part: number | null): Dependency[] {
    const first = this.listeners.length;
    const all = withCancels(listeners);
    const names = all.map(([name]) => name);
    this.listeners.push(...names);
    const number = (name: string): number => this.listeners.lastIndexOf(name);
    return all.map(([name, given], i) => {
      const after = given.then ?? given.success ?? given.failure;
      const targets = [given.on ?? []].flat().map((each) => this.target(each));
      const kind = given.then ? "then" : given.success ? "success" : "failure";
      const id = first + i;
      return dependency(id, {
        targets: after ? [[null, kind]] : targets,
        inputs: (given.inputs ?? []).map((name) => this.id(name)),
        outputs: (given.outputs ?? []).map((name) => this.id(name)),
        cancels: (given.cancels ?? []).map(number),
        backend_fn: given.fn !== false,
        queue: given.queue ?? true,
        api_name: given.api_name ?? name,
        show_progress: given.progress ?? "full",
        show_progress_on: given.progress_on?.map((name) => this.id(name)) ?? null,
        collects_event_data: !!given.event_data,
        trigger_after: after === undefined ? null : number(after),
        trigger_only_on_success: !!given.success,
        trigger_only_on_failure: !!given.failure,
        trigger_mode:
          given.mode ?? (given.renders ? "always_last" : (modes[targets[0]?.[1] ?? ""] ?? "once")),
        rendered_in: part,
        render_id: given.renders ? 1000 + id : null,
      });
    });
  }

  private target(trigger: string): [number, string] {
    const [block, event] = trigger.split(".");
    return event ? [this.id(block), event] : [ROOT, block];
  }

  private get functions(): Record<string, UserFunction> {
    const all = withCancels(this.scenario.listeners).map(([, { js }], i) => [i, js] as const);
    return Object.fromEntries(all.filter(([, js]) => js).map(([i, js]) => [i, FUNCTIONS[js!]]));
  }

  /** A part that a listener has built. */
  part(listener: string, { blocks = {}, listeners = {} }: Declared): RenderConfig {
    const id = this.listeners.lastIndexOf(listener);
    const [host] = this.controller.dispatcher.byId.get(id)!.outputs;
    const render_id = 1000 + id;
    const content = this.content(blocks, host);
    return { ...content, render_id, dependencies: this.declared(listeners, render_id) };
  }

  // -- the server

  private hears(frame: {
    type: string;
    event_id: string;
    fn_index: number;
    data: unknown[];
    event_data: unknown;
  }) {
    const { type, event_id } = frame;
    if (type === "submit") this.ask(frame, false);
    if (type === "cancel") this.cancelled.push(this.asked.find((run) => run.event_id === event_id)!.listener);
  }

  private called(body: string, signal?: AbortSignal | null): Promise<Response> {
    const run = this.ask({ event_id: "", ...JSON.parse(body) }, true);
    return new Promise((answer, fail) => {
      run.answer = answer;
      signal?.addEventListener("abort", () => {
        this.cancelled.push(run.listener);
        fail(signal.reason);
      });
    });
  }

  private ask(
    {
      event_id,
      fn_index,
      data,
      event_data,
    }: Pick<Asked, "event_id" | "data" | "event_data"> & { fn_index: number },
    direct: boolean,
  ): Asked {
    const run = { event_id, listener: this.listeners[fn_index], data, event_data, direct, ended: false };
    this.asked.push(run);
    return run;
  }

  private welcome(): void {
    const pending = this.asked.filter(({ ended }) => !ended).map(({ event_id }) => event_id);
    const { number } = this;
    this.says({ type: "welcome", session_hash: "s", app_id: 1, revision: "r", number, pending });
  }

  says(frame: object): void {
    this.socket?.onmessage({ data: JSON.stringify(frame) });
  }

  /** Messages of runs, in one frame. */
  sends(messages: object[]): void {
    if (messages.length)
      this.says({ type: "messages", items: messages.map((each) => [++this.number, each]) });
  }

  /** The run that a step names: the oldest that has not ended, or "name 2", the second of all. */
  run(name: string): Asked {
    const [listener, nth] = name.split(" ");
    const all = this.asked.filter((run) => run.listener === listener);
    const run = nth ? all[Number(nth) - 1] : all.find(({ ended }) => !ended);
    expect(run, `a run of ${name}`).toBeDefined();
    return run!;
  }
}
