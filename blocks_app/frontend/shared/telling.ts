/** Words for screen readers: `import { tell } from "blocks/telling"`. What is seen anyway is told to who does not see it. */

const PAUSE_MS = 400;
let timer = 0;

/**
 * Says a text, in the visitor's language already, after a moment: of several in a row only the last. One that takes its
 * time to make comes as a function, which is asked then.
 */
export function tell(text: string | (() => string)): void {
  clearTimeout(timer);
  const region = document.getElementById("blocks-live");
  if (!region) return;
  region.textContent = ""; // the same words again are said again
  timer = window.setTimeout(() => (region.textContent = typeof text == "string" ? text : text()), PAUSE_MS);
}
