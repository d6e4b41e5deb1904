/** Events -> runs of dependencies: which listen, when they may start, what they get, and what follows them. */
import { randomId } from "./session";
import type { Config, Dependency } from "./config";
import type { Status } from "./status";
import type { Basis } from "./typing";

/** A user's function from `js=`: gets inputs and outputs, answers input values (or output values without a fn). */
export type UserFunction = (...values: unknown[]) => unknown;

/** One run of a dependency, from trigger to end. */
export interface Run {
  event_id: string;
  dependency: Dependency;
  trigger_id: number | null;
  /** When somebody asked for it, as performance.now(). */
  clicked?: number;
  progress: Pick<Status, "since" | "rank" | "size" | "eta" | "units" | "paused">;
  /** Values of the last yield. */
  last?: unknown[];
  cancelled?: boolean;
  /** What was in its outputs when it was asked, and since then the last that it gave them. */
  basis?: (Basis | undefined)[];
}

/** What a run needs from the rest of the page. */
export interface DispatchHost {
  value(id: number): unknown;
  /** A promise of the value where it is still on its way. */
  pendingValue?(id: number): Promise<unknown> | null | undefined;
  /** What only the page knows of a component besides its value. */
  optionsNow?(id: number): object | undefined;
  receive(id: number, result: unknown): void;
  /** Shows that the run has begun. */
  begin(run: Run): void;
  submit(run: Run, data: unknown[], event_data: unknown): void;
  cancel(run: Run): void;
  /** Tells that a script of the app has failed. */
  failed?(text: string, fn?: number): void;
  /** `js=` functions by dependency id. */
  functions: Record<string, UserFunction>;
  /** What calls them, once it is loaded. */
  scripts?: typeof import("./scripts");
}

/** What calls the user's functions. */
export const loadScripts = () => import("./scripts");

interface Trigger {
  trigger_id: number | null;
  data?: unknown;
  clicked?: number;
}

export class Dispatcher {
  /** Runs that have not ended, by event id. */
  readonly runs = new Map<string, Run>();
  // what follows is also for grafting.ts
  readonly byTarget = new Map<string, Dependency[]>();
  readonly followers = new Map<number, Dependency[]>();
  readonly byId = new Map<number, Dependency>();
  readonly #blocks = new Set<number>();
  readonly root: number;
  /** Listeners that took the place of others which are under way: what waits for those starts these. */
  readonly successors = new Map<number, Dependency>();
  /** Latest trigger that arrived while its always_last dependency ran. */
  readonly #waiting = new Map<number, Trigger>();
  /** How many runs of a dependency are under way, the user's js included. */
  readonly busy = new Map<number, number>();
  /** Who waits for the end of a run. */
  readonly #ends: (() => void)[] = [];

  constructor(
    config: Config,
    private readonly page: DispatchHost,
  ) {
    this.root = config.layout.id;
    this.add(config);
  }

  /** Everything that listens now. */
  get dependencies(): Dependency[] {
    return [...this.byId.values()];
  }

  /** Whether a dependency will run anew as soon as it has ended, with the values of then. */
  waits({ id }: Dependency): boolean {
    return this.#waiting.has(id);
  }

  /** Something happened on a block (or, without an id, on the page: "load"). */
  fire(block: number | null, name: string, data?: unknown): void {
    const target = block == null ? name : `${block}.${name}`;
    for (const dependency of this.byTarget.get(target) ?? [])
      void this.trigger(dependency, { trigger_id: block, data });
  }

  /** Comes true when nothing that listens to an event of a block runs. */
  async free(block: number, name: string): Promise<void> {
    const key = `${block}.${name}`;
    while (this.byTarget.get(key)?.some(({ id }) => this.busy.get(id)))
      await new Promise<void>((done) => this.#ends.push(done));
  }

  /** Goes on with an event that was open when the page was reloaded. */
  resume(event_id: string, fn: number, trigger_id: number | null): boolean {
    const dependency = this.byId.get(fn);
    if (!dependency) return false;
    this.busy.set(fn, (this.busy.get(fn) ?? 0) + 1);
    this.page.begin(this.#open(dependency, trigger_id, event_id));
    return true;
  }

  /** A run is over: lets the next one start, and its followers. */
  finish(run: Run, success: boolean, changedStates: number[] = []): void {
    if (!this.runs.delete(run.event_id)) return;
    for (const id of changedStates) this.fire(id, "change");
    this.#ended(run.dependency, run.trigger_id, success);
  }

  /** Starts a dependency if its trigger_mode allows. */
  async trigger(dependency: Dependency, trigger: Trigger): Promise<void> {
    const { id, trigger_mode } = dependency;
    trigger.clicked ??= performance.now();
    if (this.busy.get(id) && trigger_mode !== "multiple") {
      if (trigger_mode === "always_last") this.#waiting.set(id, trigger);
      return;
    }
    this.busy.set(id, (this.busy.get(id) ?? 0) + 1);
    for (const other of dependency.cancels) this.#cancel(other);
    const data = await this.#dataOf(dependency, trigger).catch((error: unknown) => {
      console.error(error);
      return null;
    });
    if (data && dependency.backend_fn) return this.#submit(dependency, trigger, data);
    this.#ended(dependency, trigger.trigger_id, data !== null);
  }

  /** What the server's function gets; null when the user's failed. Without a function there, the outputs get it. */
  async #dataOf(dependency: Dependency, trigger: Trigger): Promise<unknown[] | null> {
    let inputs = dependency.inputs.map((block) => this.page.pendingValue?.(block) ?? this.page.value(block));
    if (inputs.some((value) => value instanceof Promise)) inputs = await Promise.all(inputs);
    for (const i of dependency.component_prop_inputs ?? [])
      inputs[i] = { ...this.page.optionsNow?.(dependency.inputs[i]), value: inputs[i] };
    if (!this.page.functions[dependency.id]) return inputs;
    // without a pause where it is there already: browsers let a script copy or open only within the click
    const { answer } = this.page.scripts ?? (await loadScripts());
    return answer(this.page, dependency, inputs, trigger.data);
  }

  add({ components, dependencies }: Pick<Config, "components" | "dependencies">): void {
    for (const { id } of components) this.#blocks.add(id);
    for (const dependency of dependencies) {
      this.byId.set(dependency.id, dependency);
      if (dependency.trigger_after != null) push(this.followers, dependency.trigger_after, dependency);
      for (const [block, name] of dependency.targets)
        push(this.byTarget, block != null && this.#blocks.has(block) ? `${block}.${name}` : name, dependency);
    }
  }

  #submit(dependency: Dependency, { trigger_id, clicked, data: event_data }: Trigger, data: unknown[]): void {
    const run = this.#open(dependency, trigger_id, randomId());
    run.clicked = clicked;
    this.page.begin(run);
    this.page.submit(run, data, dependency.collects_event_data ? (event_data ?? null) : null);
  }

  #open(dependency: Dependency, trigger_id: number | null, event_id: string): Run {
    const run: Run = { event_id, dependency, trigger_id, progress: { since: performance.now() } };
    this.runs.set(event_id, run);
    return run;
  }

  #cancel(dependency: number): void {
    this.#waiting.delete(dependency);
    for (const run of this.runs.values()) {
      if (run.dependency.id !== dependency || run.cancelled) continue;
      run.cancelled = true;
      this.page.cancel(run);
    }
  }

  #ended(dependency: Dependency, trigger_id: number | null, success: boolean): void {
    const { id } = dependency;
    this.busy.set(id, Math.max(0, (this.busy.get(id) ?? 1) - 1));
    for (const follower of this.followers.get(id) ?? []) {
      const { trigger_only_on_success, trigger_only_on_failure } = follower;
      if (success ? !trigger_only_on_failure : !trigger_only_on_success)
        void this.trigger(follower, { trigger_id });
    }
    const next = this.#waiting.get(id);
    this.#waiting.delete(id);
    const successor = this.successors.get(id);
    if (!this.busy.get(id)) this.successors.delete(id);
    if (next) void this.trigger(successor ?? dependency, next);
    for (const done of this.#ends.splice(0)) done();
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
