/** What a validator has said of the inputs: a sentence at each that may not pass, until the visitor changes it. */
import "./validation_marks.css";
import type { Problem } from "./direct";

const FIELDS = "input, textarea, select, [role='radiogroup'], [role='group'], [role='combobox']";
const marked = new Map<HTMLElement, () => void>();

/** Shows `text` at a block; null takes it away. */
export function mark(host: HTMLElement, text: string | null): void {
  marked.get(host)?.();
  if (text === null) return;
  const sentence = document.createElement("div");
  sentence.className = "validation-error";
  sentence.id = `${host.id}-invalid`;
  sentence.setAttribute("role", "alert");
  sentence.textContent = text;
  const field = host.querySelector(FIELDS);
  field?.setAttribute("aria-invalid", "true");
  field?.setAttribute("aria-errormessage", sentence.id);
  host.classList.add("invalid");
  host.append(sentence);
  const clear = (): void => {
    marked.delete(host);
    host.removeEventListener("gr-event", onEvent);
    field?.removeAttribute("aria-invalid");
    field?.removeAttribute("aria-errormessage");
    host.classList.remove("invalid");
    sentence.remove();
  };
  const onEvent = (event: Event): void => {
    if (["change", "input"].includes((event as CustomEvent<{ name: string }>).detail.name)) clear();
  };
  host.addEventListener("gr-event", onEvent);
  marked.set(host, clear);
}

/** Shows what a validator has said, as a list or its JSON, at each of a listener's inputs. */
export function markAll(inputs: number[], given: unknown, elements: Map<number, HTMLElement>): void {
  const problems = (typeof given === "string" ? JSON.parse(given) : given) as Problem[];
  problems.forEach(({ is_valid, message }, i) => {
    const element = elements.get(inputs[i]);
    if (element) mark(element, is_valid ? null : message);
  });
}
