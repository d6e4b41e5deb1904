/**
 * The settings of a page: colours, text size, motion and language, kept per browser. The server draws the form, in the
 * visitor's language; what is chosen is worn by a script in templates/blocks_app/theme.html, before anything is painted.
 */
import { page } from "blocks";
import "./settings.css";

const STORED = "blocks:settings";
const VIEW = "view";
const YEAR = 365 * 24 * 3600;

export type Settings = Partial<Record<"theme" | "text" | "motion", string>>;

/** What is chosen; nothing where the browser keeps nothing. */
export function chosen(): Settings {
  try {
    return (JSON.parse(localStorage.getItem(STORED) ?? "null") ?? {}) as Settings;
  } catch {
    return {};
  }
}

/** Wears settings and keeps them; whether they could be kept. */
export function choose(settings: Settings): boolean {
  dispatchEvent(new CustomEvent("blocks:settings", { detail: settings }));
  try {
    if (Object.keys(settings).length) localStorage.setItem(STORED, JSON.stringify(settings));
    else localStorage.removeItem(STORED);
    return true;
  } catch {
    return false;
  }
}

/** Opens the settings over the page; they stand in its address until they are closed. */
export async function open(): Promise<void> {
  if (document.querySelector(".settings-dialog")) return;
  const dialog = document.createElement("dialog");
  dialog.className = "settings-dialog";
  dialog.setAttribute("aria-labelledby", "settings-title");
  document.body.append(dialog); // at once, so that a second press opens no second one
  const answer = await fetch(`${location.pathname || page.base}?view=settings-form`).catch(() => null);
  if (!answer?.ok) return dialog.remove();
  dialog.innerHTML = await answer.text();
  const form = dialog.querySelector("form")!;
  show(form, chosen());
  form.addEventListener("input", (event) => change(form, event.target as HTMLInputElement));
  form.addEventListener("reset", () => setTimeout(() => change(form)));
  dialog.addEventListener("close", () => close(dialog));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  address("settings");
  dialog.showModal();
}

function close(dialog: HTMLElement): void {
  dialog.remove();
  address(null);
}

function show(form: HTMLFormElement, settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) {
    const field = form.querySelector<HTMLInputElement>(`[name="${name}"][value="${CSS.escape(value)}"]`);
    if (field) field.checked = true;
  }
}

function change(form: HTMLFormElement, field?: HTMLInputElement): void {
  if (field?.name === "language") return speak(form, field.value);
  const settings: Settings = {};
  for (const [name, value] of new FormData(form))
    if (value && name !== "language") settings[name as keyof Settings] = String(value);
  form.querySelector<HTMLElement>(".settings-problem")!.hidden = choose(settings);
}

/** The language is the server's to speak: a cookie tells it, and the page is loaded again. */
function speak(form: HTMLFormElement, language: string): void {
  const { cookie, path } = form.dataset;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}=${language}; path=${path}; max-age=${language ? YEAR : 0}; samesite=lax${secure}`;
  location.reload();
}

function address(view: string | null): void {
  const url = new URL(location.href);
  if (view) url.searchParams.set(VIEW, view);
  else url.searchParams.delete(VIEW);
  history.replaceState(history.state, "", url);
}
