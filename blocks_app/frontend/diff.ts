/** Differences between two yields, as edits `[op, path, value]`; applied literally, in order. */
export type Edit = [op: "replace" | "append" | "add" | "delete", path: (string | number)[], value: unknown];

/**
 * The value after the edits. Never changes `value` itself: what an edit touches is copied, so that elements notice; once
 * for all edits, as each copy costs as much as there is in it.
 */
export function patch(value: unknown, edits: Edit[]): unknown {
  const copies = new Set<unknown>();
  return edits.reduce((current, [op, path, operand]) => edit(current, op, path, 0, operand, copies), value);
}

function edit(
  value: unknown,
  op: Edit[0],
  path: Edit[1],
  depth: number,
  operand: unknown,
  copies: Set<unknown>,
): unknown {
  if (depth === path.length) return op === "append" ? ((value ?? "") as string) + operand : operand;
  const key = path[depth];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  let copy: any = value;
  if (!copies.has(value)) copies.add((copy = Array.isArray(value) ? [...value] : { ...(value as object) }));
  const at = Array.isArray(copy) && typeof key === "number" && key < 0 ? key + copy.length : key;
  if (depth + 1 < path.length || op === "replace" || op === "append")
    put(copy, at, edit(copy[at], op, path, depth + 1, operand, copies));
  else if (!Array.isArray(copy)) op === "add" ? put(copy, key, operand) : delete copy[key];
  else if (op === "add") copy.splice(key as number, 0, operand);
  else copy.splice(key as number, 1);
  return copy;
}

/** Sets a property, also one whose name means something to JavaScript (`__proto__`). */
function put(holder: object, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}
