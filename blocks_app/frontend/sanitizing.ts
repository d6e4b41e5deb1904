/**
 * Markup of unknown origin -> nodes that cannot run, submit, restyle, cover or imitate the page. What they look like is
 * theirs, within their place: `contained` in base.css keeps it there. See docs/decisions/markup-of-others.md.
 */
import DOMPurify from "dompurify";

/** Names of the classes in the page's own style sheets; the build writes them here. */
declare const OWN_CLASSES: string;

const purify = DOMPurify(window);

const RULES = {
  RETURN_DOM_FRAGMENT: true,
  USE_PROFILES: { html: true, svg: true, mathMl: true },
  ALLOW_DATA_ATTR: false,
  FORBID_TAGS: [
    ...["style", "form", "fieldset", "legend", "label", "button", "select", "option", "optgroup", "datalist"],
    ...["textarea", "output", "dialog", "template", "slot", "marquee", "area", "map"],
  ],
} as const;

/** What a piece of text may say of its look. Moving out of its place, and being wherever it likes, is not among it. */
const STYLES = new RegExp(
  `^(color|background(-\\w+)*|opacity|font(-(family|size|style|weight|variant(-\\w+)*))?|line-height|letter-spacing|` +
    `word-(spacing|break)|overflow-wrap|white-space|text-(align|decoration|transform|indent|overflow|shadow)(-\\w+)*|` +
    `vertical-align|direction|list-style(-\\w+)*|padding(-\\w+)*|margin(-\\w+)*|border(-\\w+)*|box-sizing|float|clear|` +
    `display|(min-|max-)?(width|height|inline-size|block-size)|aspect-ratio|object-(fit|position)|overflow(-[xy])?|` +
    `flex(-\\w+)*|(row-|column-)?gap|justify-\\w+|align-\\w+|order|grid(-\\w+)*|column(s|-\\w+)*|caption-side|` +
    `table-layout|empty-cells|fill(-\\w+)?|stroke(-\\w+)*)$`,
);

/** Attributes that reach beyond the element: to the keyboard, to other elements, to what screen readers say of the page. */
const REACHING = new RegExp(
  `^(accesskey|tabindex|contenteditable|autofocus|autoplay|draggable|inert|popover\\w*|command\\w*|interest\\w*|form\\w*|` +
    `slot|part|exportparts|is|for|list|nonce|usemap|ping|target|role|aria-(?!label$|hidden$).*|item\\w*)$`,
);
const ROLES = ["img", "presentation", "none", "note"];

/** The page's own classes, which would make a text look like a part of it; code and formulas get theirs later. */
const own = new Set(OWN_CLASSES.split(" "));
const KEPT = /^(language-[\w+#-]+|math|math-inline|math-display)$/;

/** Ids that the page makes: of its blocks, and of what is in them. */
const RESERVED =
  /^(component-\d|blocks-)|-(button|content|info|input|label|more|options|option-\d+|class-\d+)$/;

/** Of input fields only the boxes of a task list remain, and nobody can tick them. */
purify.addHook("uponSanitizeElement", (node, { tagName }) => {
  if (tagName !== "input") return;
  const input = node as HTMLInputElement;
  if (input.getAttribute("type") === "checkbox") input.setAttribute("disabled", "");
  else input.remove();
});

purify.addHook("uponSanitizeAttribute", (node, data) => {
  const { attrName: name, attrValue: value } = data;
  if (name === "class") data.attrValue = foreign(value);
  else if (name === "id" || (name === "name" && node.localName === "a")) data.attrValue = free(value);
  else if (name === "name" || (REACHING.test(name) && !(name === "role" && ROLES.includes(value))))
    data.keepAttr = false;
  if (!data.attrValue && /^(class|id)$/.test(name)) data.keepAttr = false;
});

purify.addHook("afterSanitizeAttributes", (node) => {
  const { style } = node as HTMLElement;
  const names = Array.from({ length: style?.length ?? 0 }, (_, i) => style.item(i));
  for (const name of names)
    if (!STYLES.test(name) || !harmless(name, style.getPropertyValue(name))) style.removeProperty(name);
});

/** No picture from elsewhere, and nothing pulled over its neighbours. */
function harmless(name: string, value: string): boolean {
  return (
    !/(url|image|image-set|element|paint|cross-fade)\(/i.test(value) &&
    !(name.startsWith("margin") && /-\s*[\d.]/.test(value))
  );
}

/** The classes that are not the page's. */
function foreign(names: string): string {
  return names
    .split(/\s+/)
    .filter((name) => KEPT.test(name) || !own.has(name))
    .join(" ");
}

const PREFIX = "user-content-";

/** An id that is nobody else's: labels, listeners and scripts find the page's own elements by theirs. */
export function free(id: string, root?: Node): string {
  const holder = document.getElementById(id);
  return RESERVED.test(id) || (holder && !root?.contains(holder)) ? PREFIX + id : id;
}

/** The nodes of `markup` without anything that could do harm. Their links to other sites open beside the page. */
export function sanitize(markup: string): DocumentFragment {
  const fragment = guardLinks(purify.sanitize(markup, { ...RULES } as never) as unknown as DocumentFragment);
  const moved = new Set([...fragment.querySelectorAll(`[id^="${PREFIX}"]`)].map(({ id }) => id));
  for (const link of fragment.querySelectorAll('a[href^="#"]')) {
    const id = link.getAttribute("href")!.slice(1);
    if (RESERVED.test(id) || moved.has(PREFIX + id)) link.setAttribute("href", `#${PREFIX}${id}`);
  }
  return fragment;
}

/** The nodes of `markup` as it is; scripts in it do not run. */
export function trust(markup: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return guardLinks(template.content);
}

function guardLinks(fragment: DocumentFragment): DocumentFragment {
  for (const link of fragment.querySelectorAll("a")) {
    const address = link.getAttribute("href") ?? link.getAttribute("xlink:href");
    const goal = address == null ? null : URL.parse(address, document.baseURI);
    if (!goal?.protocol.startsWith("http") || goal.origin === location.origin) continue;
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
  }
  return fragment;
}
