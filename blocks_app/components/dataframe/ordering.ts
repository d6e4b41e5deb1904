/** Which rows are seen, and in which order: sorted by some columns, narrowed down by words and conditions. */
import { isNumber, textOf, type Cell, type Row } from "./table";

export interface SortKey {
  column: number;
  descending: boolean;
}

export interface Condition {
  column: number;
  test: string;
  text: string;
}

/** What a condition may ask, by its name. */
export const TESTS: Record<string, (cell: string, text: string, number: number) => boolean> = {
  /* t */ contains: (cell, text) => cell.includes(text),
  /* t */ "does not contain": (cell, text) => !cell.includes(text),
  /* t */ is: (cell, text) => cell === text,
  /* t */ "is not": (cell, text) => cell !== text,
  /* t */ "starts with": (cell, text) => cell.startsWith(text),
  /* t */ "ends with": (cell, text) => cell.endsWith(text),
  /* t */ "is greater than": (_, text, number) => number > Number(text),
  /* t */ "is less than": (_, text, number) => number < Number(text),
  /* t */ "is empty": (cell) => cell === "",
  /* t */ "is not empty": (cell) => cell !== "",
};

/** From so many rows on, texts are compared letter by letter: the rules of a language take too long. */
const MANY = 20_000;

/** The next order of a column: up, down, none. With `more`, the other columns keep theirs. */
export function nextSort(keys: SortKey[], column: number, more: boolean): SortKey[] {
  const at = keys.find((key) => key.column === column);
  const others = more ? keys.filter((key) => key !== at) : [];
  if (!at) return [...others, { column, descending: false }];
  const turned = { column, descending: true };
  return at.descending ? others : more ? keys.map((key) => (key === at ? turned : key)) : [turned];
}

/** The numbers of the rows to show, in their order; null for all as they are. */
export function orderOf(
  data: Row[],
  keys: SortKey[],
  conditions: Condition[],
  search: string,
): number[] | null {
  const words = search.trim().toLowerCase();
  if (!keys.length && !conditions.length && !words) return null;
  let rows = data.map((_, row) => row);
  if (words) rows = rows.filter((row) => wordsOf(data[row]).includes(words));
  for (const condition of conditions) rows = rows.filter((row) => holds(data[row], condition));
  return keys.length ? sorted(rows, data, keys) : rows;
}

/** The words of rows that were searched before: each letter that is typed searches them all again. */
const searched = new WeakMap<Row, string>();

function wordsOf(row: Row): string {
  let words = searched.get(row);
  if (words === undefined) searched.set(row, (words = row.map(textOf).join("\n").toLowerCase()));
  return words;
}

function holds(row: Row, { column, test, text }: Condition): boolean {
  const cell = textOf(row[column]);
  const number = cell.trim() === "" ? NaN : Number(cell);
  return TESTS[test]?.(cell.toLowerCase(), text.trim().toLowerCase(), number) ?? true;
}

function sorted(rows: number[], data: Row[], keys: SortKey[]): number[] {
  const compare = rows.length > MANY ? byLetters : new Intl.Collator(undefined, { numeric: true }).compare;
  const columns = keys.map(({ column, descending }) => ({
    values: data.map((row) => comparable(row[column])),
    sign: descending ? -1 : 1,
  }));
  return rows.sort((one, other) => {
    for (const { values, sign } of columns) {
      const found = between(values[one], values[other], sign, compare);
      if (found) return found;
    }
    return one - other;
  });
}

type Comparable = number | string | null;

/** Numbers come before texts; what is empty comes last, up and down alike. */
function between(
  one: Comparable,
  other: Comparable,
  sign: number,
  compare: (one: string, other: string) => number,
): number {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? 1 : -1;
  if (typeof one === "number")
    return typeof other === "number" ? sign * (one < other ? -1 : one > other ? 1 : 0) : -sign;
  return typeof other === "number" ? sign : sign * compare(one, other);
}

function comparable(cell: Cell): Comparable {
  if (isNumber(cell) || typeof cell === "boolean") return Number(cell);
  const text = textOf(cell);
  if (text.trim() === "") return null;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

function byLetters(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
