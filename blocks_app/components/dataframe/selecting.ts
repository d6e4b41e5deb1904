/** The cells that are selected: a rectangle between the cell where it began and the one that is active. */

/** Row -1 is that of the headers. Rows are counted as they are seen. */
export interface Place {
  row: number;
  column: number;
}

/** The id of a cell while it is the active one, by which the grid names it. */
export function cellId(id: string, { row, column }: Place): string {
  return `${id}-cell-${row}-${column}`;
}

export interface Selection {
  anchor: Place;
  active: Place;
}

export interface Area {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export function areaOf({ anchor, active }: Selection): Area {
  return {
    top: Math.min(anchor.row, active.row),
    bottom: Math.max(anchor.row, active.row),
    left: Math.min(anchor.column, active.column),
    right: Math.max(anchor.column, active.column),
  };
}

export function isIn(area: Area | null, row: number, column: number): boolean {
  return !!area && row >= area.top && row <= area.bottom && column >= area.left && column <= area.right;
}

export function isSingle({ anchor, active }: Selection): boolean {
  return anchor.row === active.row && anchor.column === active.column;
}

/** The place that a key leads to; null for a key that leads nowhere. `page` is how many rows are in sight. */
export function step(
  key: string,
  far: boolean,
  { row, column }: Place,
  rows: number,
  columns: number,
  page: number,
  backwards: boolean,
): Place | null {
  const clip = (to: Place): Place => ({
    row: Math.max(-1, Math.min(rows - 1, to.row)),
    column: Math.max(0, Math.min(columns - 1, to.column)),
  });
  const sideways = (by: number): Place => {
    const forward = backwards ? -by : by;
    return { row, column: far ? (forward > 0 ? columns - 1 : 0) : column + forward };
  };
  switch (key) {
    case "ArrowUp":
      return clip({ row: far ? 0 : row - 1, column });
    case "ArrowDown":
      return clip({ row: far ? rows - 1 : row + 1, column });
    case "ArrowLeft":
      return clip(sideways(-1));
    case "ArrowRight":
      return clip(sideways(1));
    case "PageUp":
      return clip({ row: Math.max(0, row - page), column });
    case "PageDown":
      return clip({ row: row + page, column });
    case "Home":
      return clip({ row: far ? 0 : row, column: 0 });
    case "End":
      return clip({ row: far ? rows - 1 : row, column: columns - 1 });
    default:
      return null;
  }
}
