/** The scenarios of tests/dispatch, which PageUser passes too; tests/dispatch/README.md says what is in them. */
import { readFileSync, readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { GrElement } from "blocks";
import "../../blocks_app/frontend/direct";
import "../../blocks_app/frontend/render";
import "../../blocks_app/frontend/scripts";
import "../../blocks_app/frontend/validation_marks";
import { Page, type Scenario } from "./scenario";
import { locks } from "./support";

const FOLDER = "tests/dispatch";
const read = (name: string): unknown => JSON.parse(readFileSync(`${FOLDER}/${name}`, "utf8"));

vi.setConfig({ testTimeout: 60_000 }); // on a busy machine; each step waits for a few turns of the loop

let lock: ReturnType<typeof locks>;
let page: Page | undefined;
beforeEach(() => {
  lock = locks();
  vi.stubGlobal("navigator", { locks: lock });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  sessionStorage.clear();
});
afterEach(() => {
  page?.close(); // else its clock would outlive the document
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

type Step = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** What the page does by itself or the user does. */
const actions: Record<string, (page: Page, step: Step) => unknown> = {
  load: ({ controller }) => controller.dispatcher.fire(null, "load"),
  reload: (page) => page.open(),
  click: (page, { click, data }) => page.controller.dispatcher.fire(page.id(click), "click", data),
  happen(page, { happen, data }) {
    const [block, event] = happen.split(".");
    page.controller.dispatcher.fire(page.id(block), event, data);
  },
  enter: (page, { enter, value }) =>
    (page.tree.elements.get(page.id(enter)) as unknown as GrElement).userInput(value),
};

/** What the server says of a run: a message, or null for what comes in another way. */
const messages: Record<string, (page: Page, step: Step) => object | null> = {
  yield: (page, step) => {
    const { event_id } = page.run(step.yield);
    const output = { data: step.edits ?? step.data };
    return { msg: "process_generating", event_id, success: true, diff: "edits" in step, output };
  },
  answer: (page, step) => {
    const changed_state_ids = ((step.states ?? []) as string[]).map((name) => page.id(name));
    const [listener] = step.answer.split(" ");
    const render_config = step.part ? page.part(listener, step.part) : undefined;
    return ends(page, step.answer, true, { data: step.data ?? [], changed_state_ids, render_config });
  },
  fail: (page, step) => ends(page, step.fail, false, { error: step.error }),
  refuse(page, step) {
    const run = page.run(step.refuse);
    const problems = (step.problems as (string | null)[] | undefined)?.map((text) => ({
      is_valid: text === null,
      message: text ?? "",
    }));
    run.ended = true;
    const status = problems ? 422 : 503;
    if (run.direct) run.answer!(Response.json({ detail: problems ?? step.error }, { status }));
    else
      page.says({
        type: "refused",
        event_id: run.event_id,
        status,
        detail: problems ? JSON.stringify(problems) : step.error,
      });
    return null;
  },
  wait: (page, { wait, rank, size }) => ({
    msg: "estimation",
    event_id: page.run(wait).event_id,
    rank,
    queue_size: size,
    rank_eta: null,
  }),
  start: (page, { start }) => ({ msg: "process_starts", event_id: page.run(start).event_id, eta: null }),
  progress: (page, { progress, units }) => ({
    msg: "progress",
    event_id: page.run(progress).event_id,
    progress_data: units,
  }),
};

function ends(page: Page, name: string, success: boolean, output: object): object | null {
  const run = page.run(name);
  run.ended = true;
  if (!run.direct) return { msg: "process_completed", event_id: run.event_id, success, output };
  run.answer!(Response.json(output, { status: success ? 200 : 500 }));
  return null;
}

const EXPECTED = ["asked", "cancelled", "toasts", "shown", "status", "problem", "props"];

/** Does what a step says; answers what it caused. */
async function act(page: Page, step: Step): Promise<void> {
  const kinds = Object.keys(step).filter((key) => key in actions || key in messages || key === "together");
  expect(kinds, JSON.stringify(step)).toHaveLength(1);
  const [kind] = kinds;
  const known = [
    kind,
    "data",
    "edits",
    "value",
    "states",
    "part",
    "error",
    "problems",
    "rank",
    "size",
    "units",
  ];
  expect([...known, ...EXPECTED]).toEqual(expect.arrayContaining(Object.keys(step)));
  if (kind in actions) await actions[kind](page, step);
  else {
    const all = (kind === "together" ? step.together : [step]) as Step[];
    const results = all.map((each) =>
      messages[Object.keys(each).find((key) => key in messages)!](page, each),
    );
    page.sends(results.filter((each) => each !== null));
  }
  await page.settle();
}

/** Checks what a step says of the page. */
function look(
  { tree, id }: Page,
  step: Step,
  element = (name: string) => tree.elements.get(id(name))!,
): void {
  const seen = <T>(key: string, get: (name: string) => T): void => {
    const wanted = step[key] as Record<string, T> | undefined;
    if (wanted)
      expect({ [key]: Object.fromEntries(Object.keys(wanted).map((name) => [name, get(name)])) }).toEqual({
        [key]: wanted,
      });
  };
  seen("shown", (name) => tree.value(id(name)));
  seen("status", (name) => {
    const shown = element(name).querySelector("[data-testid=status-tracker]");
    return ["pending", "generating", "error"].find((state) => shown?.classList.contains(state)) ?? null;
  });
  seen("problem", (name) => element(name).querySelector("[role=alert]")?.textContent ?? null);
  for (const [name, props] of Object.entries((step.props ?? {}) as Record<string, object>))
    expect(element(name).props).toMatchObject(props);
}

for (const file of readdirSync(`${FOLDER}/scenarios`).sort())
  describe(file, () => {
    const scenarios = read(`scenarios/${file}`) as Scenario[];
    test.each(scenarios.filter(({ only }) => only !== "page user"))("$name", async (scenario) => {
      page = new Page(scenario, lock);
      page.id = page.id.bind(page);
      await page.open();
      for (const [i, step] of scenario.steps.entries()) {
        const before = page.asked.length;
        page.cancelled.length = page.toasts.length = 0;
        await act(page, step);
        const asked = page.asked
          .slice(before)
          .sort((one, other) => Number(one.direct) - Number(other.direct));
        const reported = asked.map(({ listener, data, event_data }) =>
          event_data == null ? [listener, data] : [listener, data, event_data],
        );
        const { cancelled, toasts } = page;
        const { asked: wanted = [], cancelled: stopped = [], toasts: popped = [] } = step as Step;
        expect({ step: i, asked: reported, cancelled, toasts }).toEqual({
          step: i,
          asked: wanted,
          cancelled: stopped,
          toasts: popped,
        });
        look(page, step);
      }
    });
  });

test("a scenario that one side cannot run says why", () => {
  for (const file of readdirSync(`${FOLDER}/scenarios`))
    for (const { only, because } of read(`scenarios/${file}`) as Scenario[])
      expect(!!only).toBe(!!because?.trim());
});
