/** What the field holds, and how an answer goes together with what was put in since its function was asked. */
import type { FileData } from "blocks";

export interface Message {
  text: string;
  files: FileData[];
}

type Nothing = null | undefined;

/** The answer, with the letters and files that the visitor has added to what the function was given. */
export function merged(basis: unknown, answer: unknown, typed: unknown): Message {
  const [old, given, now] = [basis, answer, typed].map((each) => (each as Message | Nothing) ?? EMPTY);
  const added = now.files.filter((file) => !old.files.some((each) => each.path === file.path));
  const text = now.text.startsWith(old.text) ? given.text + now.text.slice(old.text.length) : now.text;
  return { text, files: [...given.files, ...added] };
}

const EMPTY: Message = { text: "", files: [] };
