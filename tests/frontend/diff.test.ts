import { expect, test } from "vitest";
import { patch } from "../../blocks_app/frontend/diff";

test("text is appended, whole values are replaced, nothing stays", () => {
  expect(patch("ab", [["append", [], "c"]])).toBe("abc");
  expect(patch({ a: 1 }, [["replace", [], [2]]])).toEqual([2]);
  expect(patch("same", [])).toBe("same");
});

test("paths lead into lists and records", () => {
  const value = [{ role: "bot", content: "He" }];
  expect(patch(value, [["append", [0, "content"], "llo"]])).toEqual([{ role: "bot", content: "Hello" }]);
  expect(patch({ a: { b: 1 } }, [["add", ["a", "c"], 2]])).toEqual({ a: { b: 1, c: 2 } });
  expect(patch({ a: 1, b: 2 }, [["delete", ["a"], null]])).toEqual({ b: 2 });
  expect(patch([1, 3], [["add", [1], 2]])).toEqual([1, 2, 3]);
});

test("deletes are applied one after the other, literally", () => {
  const edits: Parameters<typeof patch>[1] = [
    ["delete", [1], null],
    ["delete", [1], null],
  ];
  expect(patch([1, 2, 3], edits)).toEqual([1]);
  expect(patch([1, 2], [["delete", [-1], null]])).toEqual([1]);
});

test("nested deletes keep their own level", () => {
  const nested = [[1, 2, 3], [4]];
  expect(
    patch(nested, [
      ["delete", [0, 2], null],
      ["delete", [0, 1], null],
    ]),
  ).toEqual([[1], [4]]);
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
