/**
 * How high rows are, and where each begins. All are of one usual height until one is seen to have another; then a tree
 * of sums (Fenwick's) finds the beginning of a row, and the row at a place, in a few steps however many rows there are.
 */
export class RowHeights {
  /** Sums of differences from the usual height; null while no row has any. */
  private sums: Float64Array | null = null;
  private differences: Float32Array | null = null;
  private more = 0;

  constructor(
    readonly count: number,
    readonly usual: number,
  ) {}

  /** The height of all rows together. */
  get total(): number {
    return this.count * this.usual + this.more;
  }

  /** Where a row begins. */
  start(row: number): number {
    let at = row * this.usual;
    if (this.sums) for (let i = row; i > 0; i -= i & -i) at += this.sums[i];
    return at;
  }

  /** The row at a place; the last one for a place beyond the end. */
  at(place: number): number {
    const last = Math.max(0, this.count - 1);
    if (!this.sums) return Math.max(0, Math.min(last, Math.floor(place / this.usual)));
    let row = 0;
    let before = 0;
    for (let step = 1 << (31 - Math.clz32(this.count || 1)); step; step >>= 1) {
      const next = row + step;
      if (next > this.count) continue;
      const start = before + this.sums[next] + step * this.usual;
      if (start > place) continue;
      row = next;
      before = start;
    }
    return Math.min(last, row);
  }

  /** A row has been measured; by how much it differs from what was thought of it. */
  set(row: number, height: number): number {
    if (row >= this.count) return 0;
    const difference = height - this.usual;
    if (!this.sums && !difference) return 0;
    this.sums ??= new Float64Array(this.count + 1);
    this.differences ??= new Float32Array(this.count);
    const change = difference - this.differences[row];
    if (Math.abs(change) < 0.01) return 0;
    this.differences[row] = difference;
    this.more += change;
    for (let i = row + 1; i <= this.count; i += i & -i) this.sums[i] += change;
    return change;
  }
}
