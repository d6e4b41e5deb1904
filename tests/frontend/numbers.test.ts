import { expect, test } from "vitest";
import { WholeNumber, parse, same, stringify } from "../../blocks_app/frontend/blocks";

const LONG = "1798406481619217041";

test("whole numbers of any length come back as they were", () => {
  for (const text of [
    `{"id":${LONG},"ids":[-${LONG},18446744073709551619,9007199254740993,1],"float":0.12345678901234566}`,
    `[" ${LONG}","a \\\\\\" ,${LONG}",${LONG},1e+22,"${LONG}"]`,
    LONG,
    `[${"9".repeat(400)}]`,
  ])
    expect(stringify(parse(text))).toBe(text);
});

test("what a number holds stays a number, and text stays text", () => {
  expect(parse("[9007199254740992, 9007199254740991, 1234567890123456, 0.1234567890123456789]")).toEqual([
    9007199254740992, 9007199254740991, 1234567890123456, 0.12345678901234568,
  ]);
  expect(parse(`["x, 1234567890123456789", ": 1234567890123456789"]`)).toEqual([
    "x, 1234567890123456789",
    ": 1234567890123456789",
  ]);
  expect(() => parse(`[${LONG}`)).toThrow(SyntaxError);
  expect(() => parse(`["${LONG}, 1234567890123456`)).toThrow(SyntaxError);
});

test("equal numbers are the same, others are not", () => {
  const [one, again, other] = parse(`[${LONG},${LONG},1798406481619217042]`) as number[];
  expect(one === again).toBe(true);
  expect([again].includes(one)).toBe(true);
  expect(same({ id: one }, { id: other })).toBe(false);
  expect(same({ id: one }, { id: again })).toBe(true);
});

test("scripts read the digits and calculate with the nearest number", () => {
  const id = parse(LONG) as number;
  expect(`${id}`).toBe(LONG);
  expect("item-" + id).toBe(`item-${LONG}`);
  expect(String(id)).toBe(LONG);
  expect(id.toString(16)).toBe(BigInt(LONG).toString(16));
  expect(id / 2).toBe(Number(LONG) / 2);
  expect(Math.max(id, 1)).toBe(Number(LONG));
  expect(id > 5).toBe(true);
  expect(JSON.parse(JSON.stringify({ id })).id).toBe(Number(LONG));
  expect(WholeNumber.of("12")).toBe(12);
});

test("a script's BigInts are written too", () => {
  expect(stringify({ a: [10n ** 20n, 1n], b: parse(LONG) })).toBe(
    `{"a":[100000000000000000000,1],"b":${LONG}}`,
  );
  expect(() => stringify(((it: unknown[]) => (it.push(it), it))([]))).toThrow(TypeError);
});

test("indentation is that of JSON", () => {
  expect(stringify({ a: [parse(LONG)] }, 2)).toBe(`{\n  "a": [\n    ${LONG}\n  ]\n}`);
});
