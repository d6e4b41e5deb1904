/** The quiet voices of the page: the live region for screen readers, and the notice about the connection. */

const PATIENCE_MS = 700;
let timer = 0;

/** Says something to screen readers only. */
export function announce(text: string): void {
  const region = document.getElementById("blocks-live");
  if (region) region.textContent = text;
}

/** Shows a line at the bottom of the page after a moment of patience; null takes it away. */
export function notice(text: string | null): void {
  clearTimeout(timer);
  const shown = document.querySelector(".link-notice");
  if (!text) return shown?.remove();
  if (shown) return void (shown.textContent = text);
  timer = window.setTimeout(() => {
    const line = document.createElement("div");
    line.className = "link-notice";
    line.role = "status";
    line.textContent = text;
    document.querySelector(".gradio-container")?.append(line);
  }, PATIENCE_MS);
}
