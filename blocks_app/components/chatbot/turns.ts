/** What was said, from either format of the wire: one turn for each message, the same object while it is the same. */
import { same, type FileData } from "blocks";
import type { Embedding } from "blocks/embedded";

export type Part =
  | { type: "text"; text: string }
  | { type: "file"; file: FileData; alt_text?: string | null }
  | ({ type: "component"; component: string } & Embedding);

export interface Metadata {
  title?: string;
  id?: number | string;
  parent_id?: number | string;
  log?: string;
  duration?: number;
  status?: "pending" | "done";
}

export interface Option {
  value: string;
  label?: string;
}

/** Number of a message, or row and side of a pair. */
export type Index = number | [row: number, side: number];

export interface Turn {
  role: string;
  parts: Part[];
  metadata?: Metadata | null;
  options?: Option[] | null;
  index: Index;
}

export interface Message extends Omit<Turn, "parts" | "index"> {
  content: Part[] | string;
}

type Side = string | null | { file: FileData; alt_text?: string | null } | Part;
export type Value = (Message | [Side, Side])[] | null;

const known = new WeakMap<object, Turn[]>();

/** The turns of a conversation in their order; what is equal to `before` is identical to before. */
export function turnsOf(value: Value, before: Value = null): Turn[] {
  return (value ?? []).flatMap((item, at) => {
    const old = before?.[at];
    if (old && !known.has(item) && known.has(old) && same(item, old)) known.set(item, known.get(old)!);
    const kept = known.get(item);
    if (kept && kept.every(({ index }) => (typeof index === "number" ? index : index[0]) === at)) return kept;
    const made = Array.isArray(item) ? pairOf(item, at) : [messageOf(item, at)];
    const shown = made.filter(({ role }) => role !== "system");
    known.set(item, shown);
    return shown;
  });
}

function messageOf({ role, content, metadata, options }: Message, index: number): Turn {
  return { role, parts: partsOf(content), metadata, options, index };
}

function pairOf(pair: [Side, Side], row: number): Turn[] {
  return pair.flatMap((side, at) =>
    side == null ? [] : [{ role: at ? "assistant" : "user", parts: partsOf(side), index: [row, at] }],
  );
}

function partsOf(content: Side | Part[]): Part[] {
  if (Array.isArray(content)) return content;
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (content && "file" in content) return [{ ...content, type: "file" }];
  return content ? [content as Part] : [];
}

/** The words of a turn; of a file its description or name. */
export function wordsOf({ parts }: Turn): string {
  return parts
    .map((part) =>
      part.type === "text"
        ? part.text
        : part.type === "file"
          ? (part.alt_text ?? part.file.orig_name ?? "")
          : "",
    )
    .join("\n");
}

/** What an event tells of a turn: its text, its file, its component; of several parts a list. */
export function toldOf(turn: Turn): unknown {
  const told = partsToldOf(turn);
  return told.length === 1 ? told[0] : told;
}

/** What an event tells of each part. A file in a message is told as the component that shows it. */
export function partsToldOf({ parts, index }: Turn): unknown[] {
  return parts.map((part) => {
    if (part.type === "text") return part.text;
    if (part.type === "component" || typeof index !== "number") return part;
    const [kind] = (part.file.mime_type ?? "").split("/");
    const component = { image: kind, video: kind, audio: kind, model: "model3d" }[kind] ?? "file";
    const value = component === "file" ? [part.file] : part.file;
    return { component, value, alt_text: part.alt_text, constructor_args: {}, props: {} };
  });
}

/** Turns that stand together: those of one speaker in a row, or each alone. */
export function groupsOf(turns: Turn[], together: boolean): Turn[][] {
  const groups: Turn[][] = [];
  for (const turn of turns) {
    const last = groups.at(-1);
    const joins = together || turn.metadata?.parent_id != null;
    if (last && joins && last[0].role === turn.role) last.push(turn);
    else groups.push([turn]);
  }
  return groups;
}

/** The conversation with another text in one place. */
export function withText(value: Value, index: Index, text: string): Value {
  return (value ?? []).map((item, at) => {
    if (Array.isArray(item)) {
      const [row, side] = index as [number, number];
      return at === row ? (item.map((each, i) => (i === side ? text : each)) as [Side, Side]) : item;
    }
    return at === index ? { ...item, content: [{ type: "text" as const, text }] } : item;
  });
}
