/** Calls the app's own functions of the page, from `js=`. Loaded where there are some. */
import { WholeNumber, stringify, t } from "blocks";
import type { Dependency } from "./config";
import type { DispatchHost } from "./dispatch";

/** What the server's function gets, or the outputs where there is none; null when the user's failed. */
export async function answer(
  page: DispatchHost,
  dependency: Dependency,
  inputs: unknown[],
  event_data: unknown,
): Promise<unknown[] | null> {
  const data = await run(page, dependency, inputs);
  if (!data || dependency.backend_fn) return data;
  const seen = [inputs, dependency.outputs.map((block) => page.value(block)), event_data];
  const results = data.map((result) => (looksLikeUpdate(result) ? asWritten(result, seen) : result));
  dependency.outputs.forEach((block, i) => page.receive(block, results[i]));
  return data;
}

/**
 * The values that the user's function answers: a list, or one value; nothing means no change. Null when it failed,
 * which is told in the console.
 */
async function run(page: DispatchHost, dependency: Dependency, inputs: unknown[]): Promise<unknown[] | null> {
  const own = page.functions[dependency.id];
  const outputs = dependency.outputs.map((block) => page.value(block));
  try {
    const answer = await own(...inputs, ...outputs);
    if (answer === undefined) return dependency.backend_fn ? inputs : [];
    return (Array.isArray(answer) ? answer : [answer]).map(usual);
  } catch (error) {
    console.error(`The js function of event ${dependency.id} failed.`, error);
    page.failed?.(words(error), dependency.id);
    return null;
  }
}

const looksLikeUpdate = (result: unknown): boolean =>
  typeof result === "object" && result !== null && "__type__" in result;

/**
 * What a script has answered: an update that it has written, or a value that only looks like one. Such a value is in
 * what the script was given, so then nothing that looks like an update is one.
 */
function asWritten(result: unknown, seen: unknown): unknown {
  return stringify(seen).includes('"__type__"') ? { __type__: "update", value: result } : result;
}

/** A script's BigInt as the page has such numbers. */
const usual = (value: unknown): unknown =>
  typeof value === "bigint" ? WholeNumber.of(String(value)) : value;

/** The script of the whole page; one that fails, or never ends, costs nobody else. */
export async function runPage(page: DispatchHost): Promise<void> {
  const script = (async () => page.functions.page())().catch((error) => {
    console.error("The script of this page failed.", error);
    page.failed?.(words(error));
  });
  await Promise.race([script, new Promise((done) => setTimeout(done, 5000))]);
}

const words = (error: unknown): string =>
  t("A script of this page failed{0}", error instanceof Error ? `: ${error.message}` : "");
