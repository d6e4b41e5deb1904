/** Markup of unknown origin -> nodes that cannot run, submit, restyle or cover the page. */
import DOMPurify from "dompurify";

const purify = DOMPurify(window);

const RULES = {
  RETURN_DOM_FRAGMENT: true,
  USE_PROFILES: { html: true, svg: true, mathMl: true },
  FORBID_TAGS: ["style", "form", "button", "select", "option", "textarea", "dialog", "template", "slot"],
  FORBID_ATTR: ["autofocus", "popover", "popovertarget", "slot", "is"],
} as const;

/** Of input fields only the boxes of a task list remain, and nobody can tick them. */
purify.addHook("uponSanitizeElement", (node, { tagName }) => {
  if (tagName !== "input") return;
  const input = node as HTMLInputElement;
  if (input.getAttribute("type") === "checkbox") input.setAttribute("disabled", "");
  else input.remove();
});

/** Colours and alignment are welcome; leaving one's place on the page is not. */
purify.addHook("afterSanitizeAttributes", (node) => {
  const { style } = node as HTMLElement;
  if (style?.length) for (const name of ["position", "z-index", "inset"]) style.removeProperty(name);
});

/** The nodes of `markup` without anything that could do harm. Their links to other sites open beside the page. */
export function sanitize(markup: string): DocumentFragment {
  return guardLinks(purify.sanitize(markup, { ...RULES } as never) as unknown as DocumentFragment);
}

/** The nodes of `markup` as it is; scripts in it do not run. */
export function trust(markup: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return guardLinks(template.content);
}

function guardLinks(fragment: DocumentFragment): DocumentFragment {
  for (const link of fragment.querySelectorAll<HTMLAnchorElement>("a[href]")) {
    const address = URL.parse(link.getAttribute("href")!, document.baseURI);
    if (!address || !address.protocol.startsWith("http") || address.origin === location.origin) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return fragment;
}
