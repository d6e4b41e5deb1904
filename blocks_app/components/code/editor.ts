/** The editor of Code: CodeMirror with what the options ask for. A module of its own, loaded by the first Code of a page. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completeAnyWord,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { languageOf } from "./languages";

/** The options of a Code that the editor knows. */
export interface Options {
  label: string;
  interactive: boolean;
  language?: string | null;
  wrap_lines?: boolean;
  show_line_numbers?: boolean;
  autocomplete?: boolean;
}

export interface Editor {
  configure(options: Options): void;
  /** Shows a text that did not come from the visitor. */
  show(text: string): void;
  /** Goes into it, with this part selected. */
  focus(start: number, end: number): void;
  /** Takes it out, and its listeners with it. */
  remove(): void;
}

/** Marks what came from outside, which is no input and not to be undone. */
const given = Annotation.define<true>();

/** Colours are in code.css, as they are others in the dark. */
const colours = HighlightStyle.define([
  { tag: [tags.comment, tags.quote], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.tagName, tags.heading, tags.operatorKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--code-string)" },
  {
    tag: [tags.number, tags.bool, tags.null, tags.atom, tags.typeName, tags.propertyName, tags.attributeName],
    color: "var(--code-number)",
  },
  {
    tag: [
      tags.function(tags.variableName),
      tags.definition(tags.variableName),
      tags.className,
      tags.meta,
      tags.link,
    ],
    color: "var(--code-name)",
  },
  { tag: tags.heading, fontWeight: "600" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.invalid, textDecoration: "underline wavy var(--error-text-color, currentColor)" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "inherit", fontSize: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--font-mono)",
    lineHeight: "var(--code-line)",
    maxHeight: "calc(var(--max-lines) * var(--code-line) + 2 * var(--spacing-md))",
    overflow: "auto",
  },
  ".cm-content, .cm-gutter": {
    minHeight: "calc(var(--lines) * var(--code-line) + 2 * var(--spacing-md))",
  },
  // the numbers begin where the text does by themselves
  ".cm-content": { caretColor: "var(--body-text-color)", paddingBlock: "var(--spacing-md)" },
  ".cm-gutters": {
    border: "none",
    backgroundColor: "var(--input-background-fill)",
    color: "var(--body-text-color-subdued)",
  },
  ".cm-cursor": { borderLeftColor: "var(--body-text-color)" },
  ".cm-activeLine": { backgroundColor: "var(--code-active)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection":
    { backgroundColor: "var(--code-selection)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-selection)" },
  ".cm-tooltip": {
    border: "1px solid var(--border-color-primary)",
    backgroundColor: "var(--background-fill-primary)",
    color: "var(--body-text-color)",
  },
  // as many as fit: a list that scrolls by itself would need to be reached by keyboard
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "none", overflow: "hidden" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--primary-700)",
    color: "white",
  },
});

const normal = (text: string): string => text.replace(/\r\n?/g, "\n");

/** The smallest change from one text to the other, so that the caret stays and a growing text costs what it grew. */
function difference(one: string, other: string): { from: number; to: number; insert: string } {
  if (other.startsWith(one)) return { from: one.length, to: one.length, insert: other.slice(one.length) };
  const most = Math.min(one.length, other.length);
  let [start, end] = [0, 0];
  while (start < most && one[start] === other[start]) start += 1;
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return { from: start, to: one.length - end, insert: other.slice(start, other.length - end) };
}

function extensions(options: Options, language: Extension): Extension {
  const { interactive, label } = options;
  const name = { "aria-label": label };
  return [
    options.show_line_numbers === false ? [] : lineNumbers(),
    options.wrap_lines ? EditorView.lineWrapping : [],
    language,
    EditorView.editable.of(interactive),
    EditorState.readOnly.of(!interactive),
    EditorView.contentAttributes.of(interactive ? name : { ...name, tabindex: "0", "aria-readonly": "true" }),
    interactive
      ? [drawSelection(), highlightActiveLine(), indentOnInput(), closeBrackets(), bracketMatching()]
      : [],
    interactive && options.autocomplete
      ? [
          autocompletion({ icons: false, maxRenderedOptions: 10 }),
          EditorState.languageData.of(() => [{ autocomplete: completeAnyWord }]),
        ]
      : [],
  ];
}

/** Puts an editor with `text` into `parent` and tells what the visitor does there. */
export function createEditor(
  parent: HTMLElement,
  text: string,
  on: { input: (text: string) => void; focus: (inside: boolean) => void },
): Editor {
  const [chosen, nonce] = [
    new Compartment(),
    document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce,
  ];
  let shown = normal(text);
  let wanted: Options | undefined;
  const view = new EditorView({
    parent,
    doc: shown,
    extensions: [
      nonce ? EditorView.cspNonce.of(nonce) : [],
      chosen.of([]),
      history(),
      highlightSpecialChars(),
      syntaxHighlighting(colours),
      look,
      // Tab is not among them: it leaves
      keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
      EditorView.updateListener.of((update) => {
        if (update.focusChanged) on.focus(view.hasFocus);
        if (!update.docChanged || update.transactions.some((each) => each.annotation(given))) return;
        shown = update.state.doc.toString();
        on.input(shown);
      }),
    ],
  });
  return {
    configure(options) {
      wanted = options;
      const use = (language: Extension) =>
        view.dispatch({ effects: chosen.reconfigure(extensions(options, language)) });
      use([]);
      void languageOf(options.language).then((language) => wanted === options && use(language));
    },
    show(next) {
      const other = normal(next);
      if (other === shown) return;
      const changes = difference(shown, other);
      shown = other;
      view.dispatch({ changes, annotations: given.of(true) });
    },
    focus(start, end) {
      const last = view.state.doc.length;
      view.dispatch({ selection: { anchor: Math.min(start, last), head: Math.min(end, last) } });
      view.focus();
    },
    remove() {
      view.destroy();
    },
  };
}
