/** What was done, to be undone and done again. A step exchanges what it holds with what is there. */
export interface Step {
  /** Undoes it, or does it again. */
  swap(): void;
  /** Memory that it holds. */
  readonly bytes: number;
}

const MOST_STEPS = 100;
const MOST_BYTES = 256 * 2 ** 20;

export class History {
  #done: Step[] = [];
  #undone: Step[] = [];

  constructor(
    private readonly steps = MOST_STEPS,
    private readonly bytes = MOST_BYTES,
  ) {}

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Something was done. The oldest steps go when there are too many, or they hold too much; the newest stays. */
  add(step: Step): void {
    this.#done.push(step);
    this.#undone = [];
    let held = this.#done.reduce((sum, each) => sum + each.bytes, 0);
    while (this.#done.length > 1 && (this.#done.length > this.steps || held > this.bytes))
      held -= this.#done.shift()!.bytes;
  }

  undo(): boolean {
    return this.#move(this.#done, this.#undone);
  }

  redo(): boolean {
    return this.#move(this.#undone, this.#done);
  }

  clear(): void {
    this.#done = [];
    this.#undone = [];
  }

  #move(from: Step[], to: Step[]): boolean {
    const step = from.pop();
    if (!step) return false;
    step.swap();
    to.push(step);
    return true;
  }
}
