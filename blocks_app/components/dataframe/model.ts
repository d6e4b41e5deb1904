/** What a grid is at one moment: its table, which rows are seen, what is selected and edited; and what visitors do to it. */
import type { Props } from "blocks";
import { emptyCell, kindOf } from "./datatypes";
import { nextSort, orderOf, type Condition, type SortKey } from "./ordering";
import { areaOf, type Area, type Place, type Selection } from "./selecting";
import {
  cellOf,
  equal,
  freeName,
  tableOf,
  textOf,
  withCells,
  withColumn,
  withHeader,
  withRows,
  withoutColumns,
  withoutRows,
  type Cell,
  type Change,
  type Table,
} from "./table";

/** Cells that may be kept to be undone, and steps. */
const KEPT_ROWS = 5_000_000;
const KEPT_STEPS = 100;

/** What the grid asks of the element that shows it. */
export interface Host {
  props: Props;
  interactive: boolean;
  requestUpdate(): void;
  /** The visitor has changed the table, by these single edits. */
  changed(table: Table, edits: { index: [number, number]; value: Cell; previous_value: Cell }[]): void;
  /** The visitor has gone to a cell. */
  selected(): void;
}

export class GridModel {
  table: Table = tableOf(null);
  /** Numbers of the rows that are seen; null for all. */
  order: number[] | null = null;
  sort: SortKey[] = [];
  conditions: Condition[] = [];
  search = "";
  selection: Selection | null = null;
  /** Another number whenever cells or their order have changed. */
  version = 0;
  editing: { place: Place; text: string } | null = null;
  private done: Table[] = [];
  private undone: Table[] = [];
  private kinds: { datatype: unknown; found: string[] } | null = null;

  constructor(private readonly host: Host) {}

  // -- what is seen -------------------------------------------------------------------------------------------------

  get rows(): number {
    return this.order ? this.order.length : this.table.data.length;
  }

  get columns(): number {
    return this.table.headers.length;
  }

  /** The number of a row that is seen, in the table. */
  rowOf(seen: number): number {
    return this.order ? this.order[seen] : seen;
  }

  cell({ row, column }: Place): Cell {
    return row < 0 ? this.table.headers[column] : (this.table.data[this.rowOf(row)]?.[column] ?? null);
  }

  /** The datatype of a column. One that is found in its cells stays while they are edited. */
  kind(column: number): string {
    const { datatype } = this.host.props;
    if (this.kinds?.datatype !== datatype) this.kinds = null;
    const { found } = (this.kinds ??= { datatype, found: [] });
    return (found[column] ??= kindOf(datatype, this.table, column));
  }

  get area(): Area | null {
    return this.selection && areaOf(this.selection);
  }

  /** The selected cells, or all that are seen. */
  cells(area: Area | null): Cell[][] {
    const from = Math.max(0, area?.top ?? 0);
    const to = area?.bottom ?? this.rows - 1;
    const found: Cell[][] = [];
    for (let row = from; row <= to; row += 1) {
      const cells = this.table.data[this.rowOf(row)] ?? [];
      const all = Array.from({ length: this.columns }, (_, i) => cells[i] ?? null);
      found.push(area ? all.slice(area.left, area.right + 1) : all);
    }
    return found;
  }

  /** A new table from the server: what belongs to the old one goes. */
  receive(table: Table): void {
    const names = (one: Table): string => JSON.stringify(one.headers.map(textOf));
    if (names(table) !== names(this.table)) this.sort = this.conditions = [];
    this.table = this.last = table;
    this.done = this.undone = [];
    this.kinds = null;
    this.arrange();
    const at = this.editing?.place;
    if (at && (at.row >= this.rows || at.column >= this.columns)) this.editing = null;
  }

  /** Looks anew which rows are seen. */
  arrange(): void {
    this.version += 1;
    this.order = orderOf(this.table.data, this.sort, this.conditions, this.search);
    this.clip();
    this.host.requestUpdate();
  }

  sortBy(column: number, more: boolean): void {
    this.sort = nextSort(this.sort, column, more);
    this.arrange();
  }

  /** One direction for a column; null takes it out of the order. */
  setSort(column: number, descending: boolean | null): void {
    const others = this.sort.filter((key) => key.column !== column);
    this.sort = descending === null ? others : [{ column, descending }];
    this.arrange();
  }

  setCondition(column: number, condition: Condition | null): void {
    const others = this.conditions.filter((one) => one.column !== column);
    this.conditions = condition ? [...others, condition] : others;
    this.arrange();
  }

  find(words: string): void {
    this.search = words;
    this.arrange();
  }

  /** Leaves only the rows that are seen. */
  keepFound(): void {
    if (!this.order) return;
    const data = this.order.map((row) => this.table.data[row]);
    this.search = "";
    this.conditions = [];
    this.put({ headers: this.table.headers, data, metadata: null });
    this.arrange();
  }

  // -- the selection ------------------------------------------------------------------------------------------------

  /** Goes to a cell; with `extend`, the selection grows to it. */
  go(place: Place, extend = false): void {
    const row = Math.max(-1, Math.min(this.rows - 1, place.row));
    const active = { row, column: Math.max(0, Math.min(this.columns - 1, place.column)) };
    const anchor = extend && this.selection ? this.selection.anchor : active;
    this.selection = { anchor, active };
    this.host.requestUpdate();
    this.host.selected();
  }

  selectAll(): void {
    if (!this.rows || !this.columns) return;
    const active = this.selection?.active ?? { row: 0, column: 0 };
    const end = { row: this.rows - 1, column: this.columns - 1 };
    this.selection = { anchor: { row: 0, column: 0 }, active: end };
    if (active.row === end.row && active.column === end.column) this.selection.anchor = { row: 0, column: 0 };
    this.host.requestUpdate();
  }

  private clip(): void {
    if (!this.selection) return;
    const fit = ({ row, column }: Place): Place => ({
      row: Math.min(row, this.rows - 1),
      column: Math.min(column, this.columns - 1),
    });
    const { anchor, active } = this.selection;
    this.selection = this.columns ? { anchor: fit(anchor), active: fit(active) } : null;
  }

  // -- what may be done ---------------------------------------------------------------------------------------------

  /** Whether the visitor may change a column. */
  mayEdit(column: number): boolean {
    const { static_columns = [] } = this.host.props;
    return this.host.interactive && !(static_columns as number[]).includes(column);
  }

  /** Whether `more` rows may be added, or taken away where it is negative. */
  mayAddRows(more: number): boolean {
    const { row_count, row_limits } = this.host.props;
    return this.host.interactive && may(row_count, row_limits, this.table.data.length, more);
  }

  mayAddColumns(more: number): boolean {
    const { col_count, column_count, column_limits, static_columns = [] } = this.host.props;
    const whole = more === 0 || !(static_columns as number[]).length;
    return (
      whole && this.host.interactive && may(column_count ?? col_count, column_limits, this.columns, more)
    );
  }

  // -- editing ------------------------------------------------------------------------------------------------------

  /** Whether a cell, or the name of a column, may be opened to write in it. */
  mayOpen({ row, column }: Place): boolean {
    if (!this.mayEdit(column)) return false;
    return row < 0 ? this.mayAddColumns(0) : row < this.rows && this.kind(column) !== "bool";
  }

  /** Opens it, with `text` in it in place of its own. */
  open(place: Place, text?: string): boolean {
    if (!this.mayOpen(place)) return false;
    this.editing = { place, text: text ?? textOf(this.cell(place)) };
    this.host.requestUpdate();
    return true;
  }

  /** Ends what is open; its text becomes the cell unless `keep` is false. */
  close(text: string | null): void {
    const { editing } = this;
    if (!editing) return;
    this.editing = null;
    this.host.requestUpdate();
    const { place } = editing;
    if (text === null || text === textOf(this.cell(place))) return;
    if (place.row < 0) this.put(withHeader(this.table, place.column, text));
    else this.set([[place.row, place.column, text]]);
  }

  /** Writes texts into cells that are seen, as far as they may be changed. */
  set(texts: [row: number, column: number, text: string | boolean][]): void {
    const changes: Change[] = [];
    for (const [row, column, text] of texts) {
      if (!this.mayEdit(column) || row < 0) continue;
      const before = this.cell({ row, column });
      const value = typeof text === "string" ? cellOf(text, this.kind(column), before) : text;
      if (value !== before) changes.push([this.rowOf(row), column, value]);
    }
    this.change(changes);
  }

  /** Empties the selected cells. */
  clear(): void {
    const { area } = this;
    if (!area) return;
    const changes: Change[] = [];
    for (let row = Math.max(0, area.top); row <= area.bottom; row += 1)
      for (let column = area.left; column <= area.right; column += 1) {
        const value = emptyCell(this.kind(column));
        if (this.mayEdit(column) && this.cell({ row, column }) !== value)
          changes.push([this.rowOf(row), column, value]);
      }
    this.change(changes);
  }

  /** Writes a block of texts from the active cell on; a single one fills the whole selection. */
  paste(block: string[][]): void {
    const { area } = this;
    if (!area || area.bottom < 0 || !this.host.interactive) return;
    const one = block.length === 1 && block[0].length === 1;
    const top = Math.max(0, area.top);
    if (one) {
      const texts: [number, number, string][] = [];
      for (let row = top; row <= area.bottom; row += 1)
        for (let column = area.left; column <= area.right; column += 1)
          texts.push([row, column, block[0][0]]);
      return this.set(texts);
    }
    this.grow(top + block.length - this.rows);
    const texts = block.flatMap((line, i) =>
      line.map((text, j): [number, number, string] => [top + i, area.left + j, text]),
    );
    this.set(texts.filter(([row, column]) => row < this.rows && column < this.columns));
  }

  /** Adds rows at the end, for what is pasted beyond it; none where that is not allowed. */
  private grow(more: number): void {
    let count = more;
    while (count > 0 && !this.mayAddRows(count)) count -= 1;
    if (count <= 0 || this.order) return;
    this.table = withRows(
      this.table,
      this.table.data.length,
      Array.from({ length: count }, () => this.emptyRow()),
    );
  }

  private emptyRow(): Cell[] {
    return this.table.headers.map((_, column) => emptyCell(this.kind(column)));
  }

  // -- rows and columns ---------------------------------------------------------------------------------------------

  /** A new row before the one that is seen there. */
  insertRow(seen: number): void {
    if (!this.mayAddRows(1)) return;
    const at = seen >= this.rows ? this.table.data.length : this.rowOf(seen);
    this.put(withRows(this.table, at, [this.emptyRow()]));
    this.arrange();
    this.go({ row: this.order ? this.rows - 1 : at, column: this.selection?.active.column ?? 0 });
  }

  insertColumn(at: number): void {
    if (!this.mayAddColumns(1)) return;
    const kind = kindOf(this.host.props.datatype, this.table, at);
    this.kinds = null;
    this.put(withColumn(this.table, at, freeName(this.table.headers), emptyCell(kind)));
    this.sort = this.conditions = [];
    this.arrange();
    this.go({ row: this.selection?.active.row ?? -1, column: at });
  }

  /** The rows of the selection go. */
  deleteRows(): void {
    const { area } = this;
    if (!area || area.bottom < 0) return;
    const gone: number[] = [];
    for (let row = Math.max(0, area.top); row <= area.bottom; row += 1) gone.push(this.rowOf(row));
    if (!gone.length || !this.mayAddRows(-gone.length)) return;
    this.put(withoutRows(this.table, gone));
    this.arrange();
    this.go({ row: area.top, column: area.left });
  }

  deleteColumns(): void {
    const { area } = this;
    if (!area || !this.mayAddColumns(area.left - area.right - 1)) return;
    this.kinds = null;
    this.put(withoutColumns(this.table, area.left, area.right));
    this.sort = this.conditions = [];
    this.arrange();
    this.go({ row: area.top, column: area.left });
  }

  // -- undo ---------------------------------------------------------------------------------------------------------

  undo(): void {
    this.back(this.done, this.undone);
  }

  redo(): void {
    this.back(this.undone, this.done);
  }

  private back(from: Table[], to: Table[]): void {
    const table = this.host.interactive ? from.pop() : undefined;
    if (!table) return;
    to.push(this.table);
    if (table.headers.length !== this.columns) this.kinds = null;
    this.table = this.last = table;
    this.arrange();
    this.host.changed(table, []);
  }

  private change(changes: Change[]): void {
    if (!changes.length) return;
    const before = changes.map(([row, column]) => this.table.data[row][column] ?? null);
    const edits = changes.map(([row, column, value], i) => ({
      index: [row, column] as [number, number],
      value,
      previous_value: before[i],
    }));
    this.put(withCells(this.table, changes), edits);
  }

  private put(
    table: Table,
    edits: { index: [number, number]; value: Cell; previous_value: Cell }[] = [],
  ): void {
    if (equal(table, this.last)) return;
    this.done = [...this.done, this.last].slice(-Math.min(KEPT_STEPS, KEPT_ROWS / (table.data.length + 1)));
    this.undone = [];
    this.table = this.last = table;
    this.version += 1;
    this.host.requestUpdate();
    this.host.changed(table, edits);
  }

  /** The table as the page was told of it last. */
  private last: Table = this.table;
}

/** Whether a count may change by `more`, by what Python has declared: a pair such as [3, "fixed"], and [least, most]. */
function may(
  count: [number, string] | undefined,
  limits: [number | null, number | null] | undefined,
  now: number,
  more: number,
): boolean {
  const [least, most] = limits ?? [null, null];
  if (count?.[1] === "fixed") return false;
  return more > 0 ? now + more <= (most ?? Infinity) : more === 0 || now + more >= (least ?? 0);
}
