import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { patch, type Edit } from "../../blocks_app/frontend/diff";

type Case = { name: string; old: unknown; edits: Edit[]; new: unknown };
const cases = JSON.parse(readFileSync("tests/dispatch/edits.json", "utf8")) as Case[];

test.each(cases)("as the client and the server apply them: $name", ({ old, edits, new: wanted }) => {
  const before = JSON.stringify(old);
  expect(JSON.stringify(patch(old, edits))).toBe(JSON.stringify(wanted));
  expect(JSON.stringify(old)).toBe(before);
});

test("the old value is never changed, so that elements notice the new one", () => {
  const before = { list: [1] };
  const after = patch(before, [["add", ["list", 1], 2]]) as typeof before;
  expect(before).toEqual({ list: [1] });
  expect(after.list).not.toBe(before.list);
});

test("names that mean something to JavaScript are names", () => {
  const given = JSON.parse('{"__proto__": {"__type__": "update"}}');
  const made = patch({}, [["add", ["__proto__"], { __type__: "update" }]]) as Record<string, unknown>;
  expect(made).toEqual(given);
  expect(Object.keys(made)).toEqual(["__proto__"]);
  expect(made.__type__).toBeUndefined();
});

test("what many edits touch is copied once, and what an edit brings is never changed", () => {
  const before = Array.from({ length: 1000 }, () => [0]);
  const brought = [1];
  let reads = 0;
  const watched = new Proxy(before, {
    get: (all, key, self) => ((reads += 1), Reflect.get(all, key, self)),
  });
  const edits: Parameters<typeof patch>[1] = before.map((_, i) => ["replace", [i, 0], i]);
  const after = patch(watched, [...edits, ["replace", [0], brought], ["add", [0, 0], 2]]) as number[][];
  expect(after[999]).toEqual([999]);
  expect(after[0]).toEqual([2, 1]);
  expect(brought).toEqual([1]);
  expect(before[5]).toEqual([0]);
  expect(reads).toBeLessThan(10_000);
});
