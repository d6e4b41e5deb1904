/** The quiet voices of the page: the live region for screen readers, and the notice about the connection. */
import { t } from "blocks";

const PATIENCE_MS = 700;
const REMARK_MS = 8000;
let timer = 0;

/** Says something to screen readers only. */
export function announce(text: string): void {
  const region = document.getElementById("blocks-live");
  if (region) region.textContent = t(text);
}

/** Shows a line at the bottom of the page after a moment of patience; null takes it away. `reload` offers that. */
export function banner(text: string | null, reload = false): void {
  clearTimeout(timer);
  const shown = document.querySelector(".link-notice");
  if (!text) return shown?.remove();
  if (shown) return fill(shown, text, reload);
  timer = window.setTimeout(() => {
    const line = document.createElement("div");
    line.className = "link-notice";
    line.role = "status";
    fill(line, text, reload);
    document.querySelector(".gradio-container")?.append(line);
  }, PATIENCE_MS);
}

/** Says something for a while. */
export function remark(text: string): void {
  banner(text);
  setTimeout(
    () => document.querySelector(".link-notice")?.textContent === t(text) && banner(null),
    REMARK_MS,
  );
}

function fill(line: Element, text: string, reload: boolean): void {
  line.textContent = t(text);
  if (!reload) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = t("Reload");
  button.onclick = () => location.reload();
  line.append(" ", button);
}
