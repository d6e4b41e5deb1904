/** Long frames in parts, and what is left of a frame that cannot be read. */
import { expect, test } from "vitest";
import type { Submit } from "../../blocks_app/frontend/generated/protocol";
import { salvage, Sender } from "../../blocks_app/frontend/parts";

const submit = (event_id: string, value: string): string => JSON.stringify(frame(event_id, value));

interface Written {
  type: string;
  event_id: string;
  index: number;
  text: string;
  more: boolean;
  length: number;
}

function sender(longest: number) {
  const written: Written[] = [];
  return { written, sender: new Sender((text) => written.push(JSON.parse(text) as Written), longest) };
}
const frame = (event_id: string, value: string): Submit => ({
  type: "submit",
  event_id,
  fn_index: 0,
  data: [value],
});

test("a short frame goes as it is, a long one in parts of which few are under way", () => {
  const { sender: sends, written } = sender(100);
  let sent = 0;
  sends.send("a", submit("a", "x"), () => sent++);
  expect(written).toEqual([frame("a", "x")]);
  sends.send("b", submit("b", "y".repeat(900)), () => sent++);
  expect([written.length, sent]).toEqual([5, 1]);
  while (sent < 2) sends.receive({ type: "taken", event_id: "b" });
  const parts = written.slice(1);
  expect(parts.map(({ index }) => index)).toEqual(parts.map((_, i) => i));
  expect(parts.map(({ more }) => more)).toEqual(parts.map((_, i) => i < parts.length - 1));
  expect(JSON.parse(parts.map(({ text }) => text).join(""))).toEqual(frame("b", "y".repeat(900)));
  expect(parts[0].length).toBe(submit("b", "y".repeat(900)).length);
});

test("events keep their order, and a refused one holds up no other", () => {
  const { sender: sends, written } = sender(100);
  sends.send("a", submit("a", "y".repeat(900)));
  sends.send("b", submit("b", "x"));
  expect(written.every(({ type }) => type === "part")).toBe(true);
  sends.receive({ type: "refused", event_id: "a" });
  expect(written.at(-1)).toEqual(frame("b", "x"));
});

test("no character is cut in two", () => {
  const { sender: sends, written } = sender(100);
  sends.send("a", submit("a", "\u{1f600}".repeat(150)));
  for (let i = 0; i < 9; i++) sends.receive({ type: "taken", event_id: "a" });
  expect(written.length).toBeGreaterThan(2);
  expect(written.every(({ text }) => !/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(text))).toBe(true);
});

test("of a frame that cannot be read the good messages count, and the bad one's event is known", () => {
  const good = (n: number, id: string) => `[${n},{"msg":"process_completed","event_id":"${id}","output":{}}]`;
  const text = `{"type":"messages","items":[${good(4, "aa")},[5,{"msg":"log","event_id":"bb","log":NaN}],${good(6, "cc")}]}`;
  const { items, spoiled } = salvage(text);
  expect(items.map(([number]) => number)).toEqual([4, 6]);
  expect(spoiled).toEqual(["bb"]);
});
