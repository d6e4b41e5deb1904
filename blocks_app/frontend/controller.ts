/** Joins the rooms of the page: elements, dispatcher and connection meet here and nowhere else. */
import { apply, complete, fail, type Page } from "./apply";
import type { Config, RenderConfig } from "./config";
import { Connection, type LinkState, type Listener, type Message } from "./connection";
import { Dispatcher, type Run, type DispatchHost, type UserFunction } from "./dispatch";
import type { Welcome } from "./generated/protocol";
import { announce, banner, remark } from "./banner";
import type { Changes } from "./keeping";
import type { Restored } from "./reload";
import type { Session } from "./session";
import { show } from "./status";
import type { Toast } from "./toast";
import type { Tree } from "./tree";
import { t } from "blocks";

const LINK_NOTICES = {
  offline: /* t */ "Reconnecting…",
  silent: /* t */ "The server does not answer. What you do is kept until it does.",
  changed: /* t */ "This app has changed. Reload the page to go on.",
};

type Notices = typeof import("./notices").NOTICES;

/** Runs longer than this are told to screen readers; the end of what was clicked always is. */
const LONG_MS = 1500;

export class Controller implements Page, DispatchHost, Listener {
  readonly dispatcher: Dispatcher;
  functions: Record<string, UserFunction> = {};
  scripts?: typeof import("./scripts");
  protected readonly connection: Connection;
  readonly changes: Changes = { loaded: new Map(), used: new Set(), restored: new Map(), parts: new Map() };
  /** What is shown again after a reload. */
  restored?: Restored;
  /** What each run shows at the moment. */
  readonly #states = new Map<Run, "pending" | "generating">();
  #connected = false;
  #rendering = Promise.resolve();
  #marks: Promise<typeof import("./validation_marks")> | null = null;
  #toasts: Promise<typeof import("./toast")> | null = null;
  #offer: typeof import("./watch_link") | null = null;
  /** When events that were running at the last welcome had begun, as performance.now(). */
  readonly #began = new Map<string, number>();

  constructor(
    protected readonly config: Config,
    private readonly tree: Tree,
    private readonly session: Pick<Session, "id" | "app_id" | "open" | "add" | "remove" | "renew"> &
      Partial<Pick<Session, "again">>,
  ) {
    this.dispatcher = new Dispatcher(config, this);
    this.connection = new Connection(config.websocket, session.id, this, session.app_id, config.revision);
  }

  /** Opens the connection, if any event needs it. */
  connect(): void {
    const { dependencies } = this.dispatcher;
    const { connect_heartbeat } = this.config;
    const { again, open } = this.session;
    if (this.#connected) return;
    if (
      !connect_heartbeat &&
      !dependencies.some(({ backend_fn, queue }) => backend_fn && (queue !== false || again))
    )
      return;
    this.#connected = true;
    this.connection.start(
      open.map(({ event_id }) => event_id),
      Math.min(...open.map(({ after }) => after), open.length ? Infinity : 0),
      this.restored ? (this.restored.expects ? "kept" : "") : again && !this.config.pages?.[1] ? "anew" : "",
    );
  }

  /** Settled when the server has answered once, or could not be reached. */
  get answered(): Promise<void> {
    return this.connection.answered;
  }

  /** Takes up the events that were open before a reload. */
  resume(): void {
    for (const { event_id, fn, trigger_id } of [...this.session.open])
      if (!this.dispatcher.resume(event_id, fn, trigger_id)) this.session.remove(event_id);
  }

  // -- what the dispatcher asks for

  value(id: number): unknown {
    return this.tree.value(id);
  }

  pendingValue(id: number): Promise<unknown> | null | undefined {
    return this.tree.elements.get(id)?.pendingValue?.();
  }

  optionsNow(id: number): object | undefined {
    return this.tree.elements.get(id)?.optionsNow?.();
  }

  receive(id: number, result: unknown): void {
    this.tree.receive(id, result);
  }

  begin(run: Run): void {
    void this.#marks?.then(({ mark }) =>
      run.dependency.inputs.forEach((id) => {
        const element = this.tree.elements.get(id);
        if (element) mark(element, null);
      }),
    );
    void this.#toasts?.then((toasts) => toasts.clear(run.dependency.id));
    this.status(run, "pending");
    setTimeout(() => this.#states.has(run) && this.takesLong(run), LONG_MS);
  }

  /** Says so to screen readers, and offers a link to look on from another tab. */
  protected takesLong(run: Run): void {
    announce(/* t */ "Working…");
    const { queue, outputs } = run.dependency;
    if (queue === false || !outputs.length) return;
    void import("./watch_link").then(
      (offer) => {
        this.#offer = offer;
        if (this.dispatcher.runs.has(run.event_id))
          offer.offer(run.event_id, this.session.id, this.config, announce);
      },
      () => undefined, // offline at the moment: there is no link, and nobody misses it
    );
  }

  submit(run: Run, data: unknown[], event_data: unknown): void {
    const { dependency, event_id, trigger_id } = run;
    if (trigger_id != null) this.changes.used.add(dependency.id);
    run.basis = dependency.outputs.map((id) => this.tree.basis(id));
    const body = { fn_index: dependency.id, data, event_data, trigger_id };
    if (dependency.queue === false) return void this.#submitDirect(run, body);
    this.session.add({ event_id, fn: dependency.id, trigger_id, after: this.connection.number });
    this.connection.submit({ event_id, ...body }, run.clicked);
  }

  cancel(run: Run): void {
    if (run.dependency.queue !== false) this.connection.cancel(run.event_id);
  }

  // -- what the connection tells

  message(message: Message): void {
    const run = message.event_id && this.dispatcher.runs.get(message.event_id);
    if (!run) return;
    try {
      apply(run, message, this);
    } catch (error) {
      if (!("output" in message)) throw error;
      return this.#unshowable(run, message.msg, error);
    }
    const began = message.msg === "process_starts" && this.#began.get(run.event_id);
    if (!began) return;
    run.progress.since = began; // it has been running for a while
    this.status(run, "pending");
  }

  welcome({ app_id, running, keeps_state, holds }: Welcome, restarted: boolean): void {
    if (holds === false) return this.restored?.gone();
    for (const [id, seconds] of Object.entries(running ?? {}))
      this.#began.set(id, performance.now() - seconds * 1000);
    if (!restarted) return;
    this.session.renew(app_id);
    const forgot = !keeps_state && this.config.components.some(({ type }) => type === "state");
    this.#say(forgot ? "forgotten" : "restarted", remark);
  }

  /** The server did not take an event; with status 422 the detail is what a validator says of its inputs. */
  refused(event_id: string | null, status: number, detail: string): void {
    if (event_id === null) return remark(detail);
    const run = this.dispatcher.runs.get(event_id);
    if (status === 422 && run) this.#invalid(run, detail);
    else if (run?.cancelled) this.#unchanged(run);
    else this.#fail(event_id, detail);
  }

  lost(event_ids: string[], restarted: boolean): void {
    for (const id of event_ids) this.#fail(id, restarted ? "#restarted" : "#forgotten");
  }

  link(state: LinkState, reason?: string): void {
    if (state === "online") banner(null);
    else if (state === "changed" && this.config.reloads) location.reload();
    else if (state === "refused") banner(t("{0}. Reload the page to go on.", t(reason!)), true);
    else if (state === "replaced") this.#say(state, (text) => banner(text, true));
    else if (!navigator.onLine)
      banner(/* t */ "You are offline. What you do is kept until you are online again.");
    else banner(LINK_NOTICES[state], state === "changed");
  }

  // -- what a message changes

  output(run: Run, data: unknown[]): void {
    const again = this.dispatcher.waits(run.dependency);
    run.dependency.outputs.forEach((id, i) => {
      this.tree.receive(id, data[i], run.basis?.[i], again);
      if (run.trigger_id == null) this.changes.loaded.set(id, this.tree.value(id));
    });
  }

  /** One part after the other: a slow module must not let an older part come last. */
  render(part: RenderConfig): Promise<void> {
    this.changes.parts.set(part.render_id, part);
    const next = this.#rendering.then(async () => {
      const rendering = await import("./render");
      await rendering.replacePart(part, this.tree, this.dispatcher, this.functions, (element) =>
        show(element, null),
      );
      this.connect();
    });
    this.#rendering = next.catch((error) => console.error("Not shown:", error));
    return this.#rendering;
  }

  status(run: Run, state: "pending" | "generating" | "error" | null): void {
    if (state === "pending" || state === "generating") this.#states.set(run, state);
    else this.#states.delete(run);
    const { show_progress, show_progress_on, outputs } = run.dependency;
    if (show_progress === "hidden") return;
    for (const id of show_progress_on ?? outputs) {
      const element = this.tree.elements.get(id);
      if (!element || (element.constructor as { hostless?: boolean }).hostless) continue;
      if (element.body && !element.props.show_progress) continue; // layouts show it when they were told to
      // another run may still be busy with the same output
      const other = state ?? [...this.#states].find(([{ dependency }]) => dependency.outputs.includes(id));
      const [shown, what] = Array.isArray(other) ? other : [run, other];
      show(element, what ? { ...shown.progress, state: what, show: show_progress } : null);
    }
  }

  /** A script of the app has failed: its event alone is lost. */
  failed(text: string, fn?: number): void {
    this.toast({ level: "error", text, fn });
  }

  toast(toast: Toast): void {
    this.#toasts ??= import("./toast");
    void this.#toasts.then(({ show }) => show(toast));
  }

  finish(run: Run, success: boolean, changedStates: number[]): void {
    this.session.remove(run.event_id);
    this.#offer?.withdraw(run.event_id);
    if (performance.now() - run.progress.since > LONG_MS || /click|submit/.test(`${run.dependency.targets}`))
      announce(success ? /* t */ "Done." : /* t */ "Failed.");
    if (success && run.dependency.scroll_to_output) this.#scroll(run);
    this.dispatcher.finish(run, success, changedStates);
  }

  async #submitDirect(run: Run, body: object): Promise<void> {
    if (this.session.again) await this.connection.answered; // it forgets the old page first
    const request = { ...body, session_hash: this.session.id };
    const answer = await import("./direct").then(
      (direct) => direct.call(this.config.base, run.dependency.api_name || "predict", request),
      () => ({ ok: false as const, error: { error: "#unreachable" }, problems: null }),
    );
    if (!answer.ok && answer.problems) return this.#invalid(run, answer.problems);
    if (!answer.ok) return fail(run, answer.error, this);
    complete(run, answer.output, this);
  }

  /** Some inputs may not pass: the function does not run, and each of them says why. */
  #invalid(run: Run, problems: unknown): void {
    this.#marks ??= import("./validation_marks");
    void this.#marks.then(({ markAll }) => markAll(run.dependency.inputs, problems, this.tree.elements));
    this.status(run, null);
    this.finish(run, false, []);
  }

  /** It was cancelled before it waited: it ends as all that are cancelled, and not with an error. */
  #unchanged(run: Run): void {
    complete(run, { data: run.dependency.outputs.map(() => ({ __type__: "update" })) }, this);
  }

  /** A component could not take its value: this run is over, and the others go on. */
  #unshowable(run: Run, kind: string, error: unknown): void {
    console.error(error);
    fail(run, { error: "#unshowable" }, this);
    if (kind !== "process_completed") this.cancel(run);
  }

  #say(notice: keyof Notices, how: (text: string) => void): void {
    void import("./notices").then((notices) => how(notices.NOTICES[notice]));
  }

  #fail(event_id: string, error: string): void {
    const run = this.dispatcher.runs.get(event_id);
    if (run) fail(run, { error }, this);
    else this.session.remove(event_id);
  }

  #scroll({ dependency }: Run): void {
    const first = this.tree.elements.get(dependency.outputs[0]);
    const calm =
      document.documentElement.matches("[data-calm]") ||
      matchMedia("(prefers-reduced-motion: reduce)").matches;
    first?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "center" });
  }
}
