/** Differences between two yields, as edits `[op, path, value]`; applied literally, in order. */
export type Edit = [op: "replace" | "append" | "add" | "delete", path: (string | number)[], value: unknown];

/** The value after the edits. Never changes `value` itself: what an edit touches is copied, so that elements notice. */
export function patch(value: unknown, edits: Edit[]): unknown {
  return edits.reduce((current, [op, path, operand]) => edit(current, op, path, operand), value);
}

function edit(value: unknown, op: Edit[0], path: Edit[1], operand: unknown): unknown {
  if (!path.length) return op === "append" ? ((value ?? "") as string) + operand : operand;
  const [key, ...rest] = path;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const copy: any = Array.isArray(value) ? [...value] : { ...(value as object) };
  const at = Array.isArray(copy) && typeof key === "number" && key < 0 ? key + copy.length : key;
  if (rest.length || op === "replace" || op === "append") put(copy, at, edit(copy[at], op, rest, operand));
  else if (!Array.isArray(copy)) op === "add" ? put(copy, key, operand) : delete copy[key];
  else if (op === "add") copy.splice(key as number, 0, operand);
  else copy.splice(key as number, 1);
  return copy;
}

/** Sets a property, also one whose name means something to JavaScript (`__proto__`). */
function put(holder: object, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}
