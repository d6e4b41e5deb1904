/** Lucide icons, inlined at build: the plugin in vite.config.ts replaces `icon("copy")` by the icon's markup. */
import { html, type TemplateResult } from "lit";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";

/** An icon as inline svg. `markup` is a Lucide name as a literal (inlined at build) or an svg's inner markup. */
export function icon(markup: string): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${unsafeSVG(markup)}
  </svg>`;
}
