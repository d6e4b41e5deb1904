/** What several components offer in their corner: `import { … } from "blocks/corner"`. Pages without them load none of it. */
import { copyText, fileUrl, html, icon, type FileData, type TemplateResult, t } from "blocks";

/** A button that shows only an icon; its name is read aloud and shown as a tooltip. */
export function iconButton(name: string, mark: TemplateResult, press: () => unknown): TemplateResult {
  return html`<button type="button" class="icon-button" aria-label=${name} title=${name} @click=${press}>
    ${mark}
  </button>`;
}

/** A link that saves what `address` gives as a file called `name`. */
export function downloadLink(address: string, name: string, press?: () => unknown): TemplateResult {
  return html`<span data-testid="download-div"
    ><a
      class="icon-button"
      href=${address}
      download=${name}
      aria-label=${t("Download")}
      title=${t("Download")}
      @click=${press ?? null}
      >${icon("download")}</a
    ></span
  >`;
}

/** Makes an element as large as the screen, or small again. */
export function fullscreenButton(box: () => Element | null): TemplateResult {
  return iconButton(t("View in full screen"), icon("maximize"), () => {
    void (document.fullscreenElement ? document.exitFullscreen() : box()?.requestFullscreen());
  });
}

/** Offers a file to the device's own sharing; where there is none, copies its address. */
export async function shareFile(file: FileData): Promise<void> {
  const url = new URL(fileUrl(file)!, document.baseURI).href;
  const shared = { url, title: file.orig_name ?? document.title };
  if (!navigator.canShare?.(shared)) return copyText(url);
  await navigator
    .share(shared)
    .catch((error: Error) => (error.name === "AbortError" ? undefined : copyText(url)));
}
