/** A table as the page has it, and what can be done to one: each change makes a new table and shares what it left alone. */
import { WholeNumber, same, stringify } from "blocks";

export type Cell = unknown;
export type Row = Cell[];

export interface Table {
  headers: Cell[];
  data: Row[];
  metadata?: { display_value?: string[][] | null; styling?: string[][] | null } | null;
}

/** A cell that is to be changed: row and column of the table, and its new value. */
export type Change = [row: number, column: number, value: Cell];

const WHOLE = /^-?\d{16,}$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const YES = /^(true|yes|1|x|✓)$/i;

/** The wire value as a table; a single row without cells is none. */
export function tableOf(value: Partial<Table> | null | undefined): Table {
  const data = Array.isArray(value?.data) ? value.data : [];
  const rows = data.length === 1 && data[0]?.length === 0 ? [] : data;
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const headers = [...(value?.headers ?? [])];
  while (headers.length < width) headers.push(String(headers.length + 1));
  return { headers, data: rows, metadata: value?.metadata ?? null };
}

/** Whether two tables show the same. Rows that are the same object are not looked into. */
export function equal(one: Table | null, other: Table | null): boolean {
  if (!one || !other) return one === other;
  if (one.data.length !== other.data.length || !same(one.headers, other.headers)) return false;
  const rows = one.data.every((row, i) => row === other.data[i] || sameRow(row, other.data[i]));
  return rows && same(one.metadata ?? null, other.metadata ?? null);
}

function sameRow(one: Row, other: Row): boolean {
  return one.length === other.length && one.every((cell, i) => cell === other[i] || same(cell, other[i]));
}

/** A cell as text. */
export function textOf(cell: Cell): string {
  if (typeof cell === "string") return cell;
  if (cell === null || cell === undefined) return "";
  return typeof cell === "object" && !(cell instanceof WholeNumber) ? stringify(cell) : String(cell);
}

/** What somebody typed or pasted, as a cell of this kind; a number stays one where its column says nothing else. */
export function cellOf(text: string, kind: string, before: Cell): Cell {
  const number = kind === "number" || (kind !== "date" && isNumber(before));
  if (kind === "bool" || typeof before === "boolean") return YES.test(text.trim());
  if (!number) return text;
  const digits = text.trim();
  if (digits === "") return null;
  if (WHOLE.test(digits)) return WholeNumber.of(digits);
  return NUMBER.test(digits) ? Number(digits) : text;
}

export function isNumber(cell: Cell): boolean {
  return typeof cell === "number" || cell instanceof WholeNumber;
}

/** The table with some cells changed. What a Styler said holds no more. */
export function withCells(table: Table, changes: Change[]): Table {
  const data = [...table.data];
  const copied = new Set<number>();
  for (const [row, column, value] of changes) {
    if (!copied.has(row)) data[row] = [...data[row]];
    copied.add(row);
    while (data[row].length < column) data[row].push(null);
    data[row][column] = value;
  }
  return { headers: table.headers, data, metadata: null };
}

export function withRows(table: Table, at: number, rows: Row[]): Table {
  return {
    headers: table.headers,
    data: [...table.data.slice(0, at), ...rows, ...table.data.slice(at)],
    metadata: null,
  };
}

export function withoutRows(table: Table, gone: Iterable<number>): Table {
  const numbers = new Set(gone);
  return {
    headers: table.headers,
    data: table.data.filter((_, row) => !numbers.has(row)),
    metadata: null,
  };
}

export function withColumn(table: Table, at: number, name: string, cell: Cell): Table {
  const put = (row: Row, value: Cell): Row => [...row.slice(0, at), value, ...row.slice(at)];
  return {
    headers: put(table.headers, name),
    data: table.data.map((row) => put(row, cell)),
    metadata: null,
  };
}

export function withoutColumns(table: Table, first: number, last: number): Table {
  const take = (row: Row): Row => row.filter((_, column) => column < first || column > last);
  return { headers: take(table.headers), data: table.data.map(take), metadata: null };
}

/** The table with other names of its columns. More names than it has columns are more columns. */
export function withHeaders(table: Table, names: Cell[]): Table {
  const headers = [...names, ...table.headers.slice(names.length)];
  return { headers, data: table.data, metadata: table.metadata };
}

export function withHeader(table: Table, column: number, name: Cell): Table {
  const headers = table.headers.map((header, i) => (i === column ? name : header));
  return { headers, data: table.data, metadata: table.metadata };
}

/** A name that no column has yet. */
export function freeName(headers: Cell[]): string {
  const taken = new Set(headers.map(textOf));
  let number = headers.length + 1;
  while (taken.has(String(number))) number += 1;
  return String(number);
}
