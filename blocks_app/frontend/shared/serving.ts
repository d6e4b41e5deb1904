/** Functions of the server that a component calls itself: `import { serverFunction } from "blocks/serving"`. See html_server.py. */
import { page, parse, stringify, t } from "blocks";

/** `await` gives what the function returned; it rejects with an Error whose message is fit for the visitor. */
export function serverFunction(name: string, fn_index: number) {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  return async (...given: unknown[]): Promise<any> => {
    const body = { fn_index, data: [given], session_hash: page.session };
    const response = await fetch(`${page.base}run/${encodeURIComponent(name)}${location.search}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: stringify(body),
    });
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const answer = parse(await response.text()) as any;
    if (response.ok && answer.error === undefined) return answer.data[0];
    throw new Error(answer.error ?? answer.detail ?? t("{0} failed on the server.", name));
  };
}
