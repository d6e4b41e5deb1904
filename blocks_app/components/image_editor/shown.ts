/** A drawing that cannot be changed: what one sees of it, as pictures. */
import { fileUrl, html, icon, type TemplateResult } from "blocks";
import type { EditorData } from "./sending";

/** The composite; without one, background and layers over each other. */
export function renderShown(value: EditorData | null, text: string): TemplateResult {
  const files = value?.composite ? [value.composite] : [value?.background, ...(value?.layers ?? [])];
  const addresses = files.map((file) => fileUrl(file)).filter((address) => address !== null);
  if (!addresses.length)
    return html`<div class="empty" role="img" aria-label="Empty value">${icon("image")}</div>`;
  return html`<div class="pile">
    ${addresses.map(
      (address, at) =>
        html`<img
          class="picture"
          data-testid="detailed-image"
          src=${address}
          alt=${at ? "" : text}
          loading="lazy"
          decoding="async"
        />`,
    )}
  </div>`;
}

/** The file that a download gives, or that is shared. */
export function fileOf(value: EditorData | null) {
  return value?.composite ?? value?.background ?? null;
}
