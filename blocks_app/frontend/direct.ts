/** Events that skip the queue: one POST, one answer. */
import { parse, stringify, t } from "blocks";
import type { ErrorOutput, Output } from "./generated/protocol";

/** The answer to a direct call: values, or why it failed. */
export type Answer =
  { ok: true; output: Partial<Output> } | { ok: false; error: Partial<ErrorOutput>; problems?: Problem[] };

/** What a validator says of one input. */
export interface Problem {
  is_valid: boolean;
  message: string;
}

/** Calls an endpoint of this app. Never rejects: a broken connection is an answer, too. */
export async function call(base: string, name: string, body: object): Promise<Answer> {
  let text: string;
  try {
    text = stringify(body);
  } catch (error) {
    return { ok: false, error: { error: t("The values could not be sent: {0}", String(error)) } };
  }
  try {
    const response = await fetch(`${base}run/${encodeURIComponent(name)}${location.search}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: text,
    });
    const answer = read(await response.text(), response.status);
    if (response.ok && answer.error === undefined) return { ok: true, output: answer };
    if (Array.isArray(answer.detail)) return { ok: false, error: {}, problems: answer.detail };
    return { ok: false, error: "error" in answer ? answer : { error: answer.detail ?? null } };
  } catch {
    return { ok: false, error: { error: t("Connection errored out.") } };
  }
}

/** An answer's JSON; a proxy's page, such as that for a body that is too large, is told by its status. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function read(text: string, status: number): any {
  try {
    return parse(text);
  } catch {
    return { error: t("The answer could not be read (status {0}).", status) };
  }
}
