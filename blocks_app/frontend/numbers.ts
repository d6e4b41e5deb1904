/**
 * Whole numbers that JavaScript cannot hold: beyond 2**53 it rounds, and an id with other digits is another id.
 *
 * `parse` reads JSON and gives such a number as a `WholeNumber`, `stringify` writes it with all its digits again. For
 * scripts it is like a number: text with it has all its digits, and it calculates as the nearest number that there is
 * (`+` with a number refuses, as it does with a BigInt). Equal ones are the same object, so `===` and `includes` work.
 */

const known = new Map<string, WeakRef<WholeNumber>>();
const forget = new FinalizationRegistry<string>(
  (digits) => known.get(digits)?.deref() === undefined && known.delete(digits),
);
/** While `stringify` works, and what stands before a number in its text; empty until one was met. */
let writing = false;
let mark = "";

export class WholeNumber extends Number {
  private constructor(private readonly digits: string) {
    super(digits);
  }

  /** The number with these digits; a usual one when that holds it. */
  static of(digits: string): number {
    const usual = Number(digits);
    if (String(usual) === digits || !/^-?\d+$/.test(digits)) return usual;
    let found = known.get(digits)?.deref();
    if (!found) {
      known.set(digits, new WeakRef((found = new WholeNumber(digits))));
      forget.register(found, digits);
    }
    return found as unknown as number;
  }

  override toString(radix?: number): string {
    return radix && radix !== 10 ? BigInt(this.digits).toString(radix) : this.digits;
  }

  [Symbol.toPrimitive](hint: string): string | number | bigint {
    return hint === "string" ? this.digits : hint === "number" ? this.valueOf() : BigInt(this.digits);
  }

  toJSON(): unknown {
    if (writing) return placed(this.digits);
    const raw = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON;
    return raw ? raw(this.digits) : this.valueOf();
  }
}

/** Sixteen digits in a row that no point or letter comes before: a text without them holds no such number. */
const LONG = /(?:^|[\s:,[-])\d{16}/;

/** Whether usual parsing of this text could lose digits. */
export const isLong = (text: string): boolean => LONG.test(text);

/** The value of a JSON text. Throws a SyntaxError for what is none. */
export function parse(text: string): unknown {
  if (!isLong(text)) return JSON.parse(text);
  const sign = unused(text);
  const pieces: string[] = [];
  const token = /"|-?\d[\d.eE+-]*/g;
  let from = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    if (found[0] === '"') {
      token.lastIndex = endOf(text, found.index);
    } else if (found[0].length > 15 && typeof WholeNumber.of(found[0]) === "object") {
      pieces.push(text.slice(from, found.index), `"${sign}${found[0]}"`);
      from = token.lastIndex;
    }
  }
  if (!pieces.length) return JSON.parse(text);
  return JSON.parse(pieces.join("") + text.slice(from), (_, value: unknown) =>
    typeof value === "string" && value.startsWith(sign) ? WholeNumber.of(value.slice(sign.length)) : value,
  );
}

/** The JSON of a value, whole numbers and BigInts with all their digits. */
export function stringify(value: unknown, indent?: number): string {
  writing = true;
  mark = "";
  try {
    const text = write(value, indent);
    return mark ? text.replace(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1") : text;
  } finally {
    writing = false;
  }
}

/** BigInts have no JSON of their own; asked for only where one is met, as asking costs. */
function write(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const exact = (_: string, item: unknown): unknown =>
      typeof item === "bigint" ? placed(String(item)) : item;
    return JSON.stringify(value, exact, indent);
  }
}

function placed(digits: string): string {
  mark ||= unused("");
  return mark + digits;
}

/** The index behind the string that begins here. */
function endOf(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** A word that nobody can have written. */
function unused(text: string): string {
  for (;;) {
    const word = `whole-${crypto.getRandomValues(new Uint32Array(3)).join("-")}:`;
    if (!text.includes(word)) return word;
  }
}

/** The number that somebody has typed; null for none, undefined for what is no number (yet). */
export function typed(input: HTMLInputElement): number | null | undefined {
  const { value, valueAsNumber, validity } = input;
  if (validity?.badInput) return undefined;
  return value === "" ? null : /^-?\d{16,}$/.test(value) ? WholeNumber.of(value) : valueAsNumber;
}
