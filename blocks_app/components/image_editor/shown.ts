/** A drawing that cannot be changed: what one sees of it, as pictures. */
import { fileUrl, html, icon, type TemplateResult, t } from "blocks";
import type { EditorData } from "./sending";

/** The composite; without one, background and layers over each other. `clicked` is told the pixel under a click. */
export function renderShown(
  value: EditorData | null,
  text: string,
  clicked: ((x: number, y: number) => void) | null,
): TemplateResult {
  const click = (event: MouseEvent): void => {
    const image = event.target as HTMLImageElement;
    const { left, top, width, height } = image.getBoundingClientRect();
    const scale = Math.min(width / image.naturalWidth, height / image.naturalHeight);
    const x = (event.clientX - left - (width - image.naturalWidth * scale) / 2) / scale;
    const y = (event.clientY - top - (height - image.naturalHeight * scale) / 2) / scale;
    if (x >= 0 && y >= 0 && x < image.naturalWidth && y < image.naturalHeight)
      clicked?.(Math.floor(x), Math.floor(y));
  };
  const files = value?.composite ? [value.composite] : [value?.background, ...(value?.layers ?? [])];
  const addresses = files.map((file) => fileUrl(file)).filter((address) => address !== null);
  if (!addresses.length)
    return html`<div class="empty" role="img" aria-label=${t("Empty value")}>${icon("image")}</div>`;
  return html`<div class="pile ${clicked ? "selectable" : ""}" @click=${clicked ? click : null}>
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
