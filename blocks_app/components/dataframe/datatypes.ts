/** What the cells of a column are, as the page finds it in them where Python says "auto". */
import { isNumber, type Table } from "./table";

/** The datatype of a column. */
export function kindOf(datatype: string | string[] | undefined, table: Table, column: number): string {
  const kind = Array.isArray(datatype) ? (datatype[column] ?? "str") : (datatype ?? "str");
  return kind === "auto" ? found(table, column) : kind;
}

function found(table: Table, column: number): string {
  const cell = table.data.find((row) => row[column] !== null && row[column] !== undefined)?.[column];
  return typeof cell === "boolean" ? "bool" : isNumber(cell) ? "number" : "str";
}

/** What stands in a new cell. */
export function emptyCell(kind: string): unknown {
  return kind === "number" ? null : kind === "bool" ? false : "";
}
