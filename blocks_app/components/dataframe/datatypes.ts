/** What the cells of a column are, as the page finds it in them where Python says "auto". */
import { isNumber, type Cell, type Table } from "./table";

/** The datatype of a column. */
export function kindOf(datatype: string | string[] | undefined, table: Table, column: number): string {
  const kind = Array.isArray(datatype) ? (datatype[column] ?? "str") : (datatype ?? "str");
  return kind === "auto" ? found(table, column) : kind;
}

/** What all cells of a column are that are not empty; texts where they differ. */
function found(table: Table, column: number): string {
  let kind = "";
  for (const row of table.data) {
    const cell = row[column];
    if (cell === null || cell === undefined) continue;
    const other = kindOfCell(cell);
    if (kind && other !== kind) return "str";
    kind = other;
    if (kind === "str") break;
  }
  return kind || "str";
}

function kindOfCell(cell: Cell): string {
  return typeof cell === "boolean" ? "bool" : isNumber(cell) ? "number" : "str";
}

/** What stands in a new cell. */
export function emptyCell(kind: string): unknown {
  return kind === "number" ? null : kind === "bool" ? false : "";
}
