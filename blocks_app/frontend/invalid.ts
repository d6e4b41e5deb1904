/** What a validator has said of the inputs: a sentence at each that may not pass, until the visitor changes it. */
import "./invalid.css";

const FIELDS = "input, textarea, select, [role='radiogroup'], [role='group'], [role='combobox']";
const marked = new Map<HTMLElement, () => void>();

/** Shows `text` at a block; null takes it away. */
export function mark(host: HTMLElement, text: string | null): void {
  marked.get(host)?.();
  if (text === null) return;
  const said = document.createElement("div");
  said.className = "validation-error";
  said.id = `${host.id}-invalid`;
  said.setAttribute("role", "alert");
  said.textContent = text;
  const field = host.querySelector(FIELDS);
  field?.setAttribute("aria-invalid", "true");
  field?.setAttribute("aria-errormessage", said.id);
  host.classList.add("invalid");
  host.append(said);
  const clear = (): void => {
    marked.delete(host);
    host.removeEventListener("gr-event", onEvent);
    field?.removeAttribute("aria-invalid");
    field?.removeAttribute("aria-errormessage");
    host.classList.remove("invalid");
    said.remove();
  };
  const onEvent = (event: Event): void => {
    if (["change", "input"].includes((event as CustomEvent<{ name: string }>).detail.name)) clear();
  };
  host.addEventListener("gr-event", onEvent);
  marked.set(host, clear);
}
