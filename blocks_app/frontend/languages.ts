/** highlight.js with the languages that answers are written in. */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import markdown from "highlight.js/lib/languages/markdown";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

const languages = {
  bash, cpp, css, diff, go, java, javascript, json, markdown, python, rust, sql, typescript, xml, yaml,
}; // prettier-ignore

for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/** Characters of one block that gets colours. */
const LONGEST = 50_000;

/** Colours one code element by its class `language-…`; an unknown language stays plain. */
export function colour(block: HTMLElement): void {
  const name = /\blanguage-([\w+#-]+)/.exec(block.className)?.[1] ?? "";
  if (!hljs.getLanguage(name) || (block.textContent ?? "").length > LONGEST) return;
  // highlight.js escapes the code; what it adds are spans of its own
  block.innerHTML = hljs.highlight(block.textContent ?? "", { language: name, ignoreIllegals: true }).value;
  block.classList.add("hljs");
}
