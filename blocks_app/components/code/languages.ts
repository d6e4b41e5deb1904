/** The languages of Code, each a module of its own that comes with the first text in it. */
import type { Extension } from "@codemirror/state";
import { StreamLanguage, type StreamParser } from "@codemirror/language";

const simple = <T>(parser: StreamParser<T>): Extension => StreamLanguage.define(parser);

const sql = (name: string) => async () => {
  const modes: Record<string, unknown> = await import("@codemirror/legacy-modes/mode/sql");
  return simple(modes[name] as StreamParser<unknown>);
};

const loaders: Record<string, () => Promise<Extension>> = {
  python: async () => (await import("@codemirror/lang-python")).python(),
  c: async () => (await import("@codemirror/lang-cpp")).cpp(),
  cpp: async () => (await import("@codemirror/lang-cpp")).cpp(),
  markdown: async () => (await import("@codemirror/lang-markdown")).markdown(),
  latex: async () => simple((await import("@codemirror/legacy-modes/mode/stex")).stex),
  json: async () => (await import("@codemirror/lang-json")).json(),
  html: async () => (await import("@codemirror/lang-html")).html(),
  css: async () => (await import("@codemirror/lang-css")).css(),
  javascript: async () => (await import("@codemirror/lang-javascript")).javascript(),
  jinja2: async () => simple((await import("@codemirror/legacy-modes/mode/jinja2")).jinja2),
  typescript: async () => (await import("@codemirror/lang-javascript")).javascript({ typescript: true }),
  yaml: async () => (await import("@codemirror/lang-yaml")).yaml(),
  dockerfile: async () => simple((await import("@codemirror/legacy-modes/mode/dockerfile")).dockerFile),
  shell: async () => simple((await import("@codemirror/legacy-modes/mode/shell")).shell),
  r: async () => simple((await import("@codemirror/legacy-modes/mode/r")).r),
  sql: sql("standardSQL"),
};
for (const dialect of "msSQL mySQL mariaDB sqlite cassandra plSQL hive pgSQL gql gpSQL sparkSQL esper".split(
  " ",
))
  loaders[`sql-${dialect}`] = sql(dialect);

const loaded = new Map<string, Promise<Extension>>();

/** Names of all of them, as Python knows them. */
export const names = Object.keys(loaders);

/** What colours and indents this language; nothing for none, or for one whose module does not come. */
export function languageOf(name: string | null | undefined): Promise<Extension> {
  const load = loaders[name ?? ""];
  if (!name || !load) return Promise.resolve([]);
  if (!loaded.has(name))
    loaded.set(
      name,
      load().catch(() => (loaded.delete(name), [])),
    );
  return loaded.get(name)!;
}
