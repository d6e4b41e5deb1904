/** Choices as a long list needs them: `import { ChoiceList } from "blocks/choice_list"`. Looked at once, asked often. */

export type Value = string | number;
export type Choice = [name: string, value: Value];

export class ChoiceList {
  readonly all: Choice[];
  readonly #names: string[];
  readonly #positions = new Map<Value, number>();
  #found: { text: string; most: number; indices: number[] } | null = null;

  /** Choices are pairs, or values that are their own names. */
  constructor(readonly source: unknown) {
    this.all = ((source ?? []) as unknown[]).map((choice) =>
      Array.isArray(choice) ? [String(choice[0]), choice[1] as Value] : [String(choice), choice as Value],
    );
    this.#names = this.all.map(([name]) => name.toLowerCase());
    for (let i = this.all.length; i--;) this.#positions.set(this.all[i]![1], i); // of equal ones the first
  }

  /** Where a value stands; -1 for none. */
  indexOf(value: unknown): number {
    return this.#positions.get(value as Value) ?? -1;
  }

  nameOf(value: Value): string {
    return this.all[this.indexOf(value)]?.[0] ?? String(value);
  }

  /** Indices of those whose name contains a text, so many at most. The same array as long as nothing else is asked. */
  search(text: string, most?: number | null): number[] {
    const limit = most ?? Infinity;
    if (this.#found?.text !== text || this.#found.most !== limit) {
      const wanted = text.toLowerCase();
      const indices: number[] = [];
      for (let i = 0; i < this.#names.length && indices.length < limit; i++)
        if (this.#names[i]!.includes(wanted)) indices.push(i);
      this.#found = { text, most: limit, indices };
    }
    return this.#found.indices;
  }

  /** Of those at these indices the next one after `at` that begins with a letter, and then round. */
  next(letter: string, at: number, indices: number[]): number | undefined {
    const after = [...indices.filter((i) => i > at), ...indices];
    return after.find((i) => this.#names[i]!.startsWith(letter.toLowerCase()));
  }
}
