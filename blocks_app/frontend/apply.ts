/** A message of the server -> a change of the page: one small function per kind of message. */
import { patch, type Edit } from "./diff";
import type { RenderConfig } from "./config";
import type { Message } from "./connection";
import type { Run } from "./dispatch";
import type { ErrorOutput, Output } from "./generated/protocol";
import type { Toast } from "./toast";

/** What a message may change. */
export interface Page {
  /** Puts values into the outputs of a run, in their order. */
  output(run: Run, data: unknown[]): void;
  /** Shows how the run stands over its outputs. */
  status(run: Run, state: "pending" | "generating" | "error" | null): void;
  toast(toast: Toast): void;
  /** Shows a part of the page that the run has built. */
  render(part: RenderConfig): Promise<void>;
  /** The run is over. */
  finish(run: Run, success: boolean, changedStates: number[]): void;
}

type Action<K extends Message["msg"]> = (run: Run, message: Extract<Message, { msg: K }>, page: Page) => void;

const actions: { [K in Message["msg"]]?: Action<K> } = {
  estimation(run, { rank, queue_size, rank_eta, paused }, page) {
    Object.assign(run.progress, { rank, size: queue_size, eta: rank_eta, paused });
    page.status(run, "pending");
  },

  process_starts(run, { eta }, page) {
    run.progress = { rank: -1, eta, since: performance.now() };
    page.status(run, "pending");
  },

  progress(run, { progress_data }, page) {
    run.progress.units = progress_data;
    page.status(run, "pending");
  },

  log(run, { log, level, duration, visible, title }, page) {
    if (visible !== false) page.toast({ level, text: log, title, duration, fn: run.dependency.id });
  },

  process_generating(run, { output, diff }, page) {
    const data = output.data as unknown[];
    run.last = diff ? data.map((edits, i) => patch(run.last?.[i], edits as Edit[])) : data;
    page.output(run, run.last);
    page.status(run, "generating");
  },

  process_completed(run, { output, success }, page) {
    if (!success) return fail(run, output as ErrorOutput, page);
    complete(run, output as Output, page);
  },
};

/** Ends a run with its last values, or with the part of the page that it has built. */
export function complete(run: Run, output: Partial<Output>, page: Page): void {
  const { data, changed_state_ids, render_config } = output;
  const end = (): void => {
    page.status(run, null);
    page.finish(run, true, changed_state_ids ?? []);
  };
  if (render_config) return void page.render(render_config as RenderConfig).then(end);
  page.output(run, (data as unknown[] | null) ?? []);
  end();
}

/** Ends a run with an error: "Error" over its outputs, and the text, if there is one to tell, as a toast. */
export function fail(run: Run, { error, duration, visible, title }: Partial<ErrorOutput>, page: Page): void {
  if (error != null) console.error(error);
  if (error != null && visible !== false)
    page.toast({ level: "error", text: error, title, duration, fn: run.dependency.id });
  page.status(run, "error");
  page.finish(run, false, []);
}

/** Applies one message to the run it belongs to. Kinds that are not for pages are passed over. */
export function apply(run: Run, message: Message, page: Page): void {
  (actions[message.msg] as Action<Message["msg"]> | undefined)?.(run, message as never, page);
}
