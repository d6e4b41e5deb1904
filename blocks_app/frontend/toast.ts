/** Toasts: what a function or an error tells the visitor. Loaded when the first one appears. */
import { icon, render, t } from "blocks";

export interface Toast {
  level: "error" | "warning" | "info" | "success";
  text: string;
  title?: string | null;
  /** Seconds until it goes away; null leaves it. */
  duration?: number | null;
  /** The dependency it belongs to: its toasts go when it starts again. */
  fn?: number;
}

const TITLES = { error: t("Error"), warning: t("Warning"), info: t("Info"), success: t("Success") };
// What the server says where it knows no visitor's language:
// /* t */ "Cancelled" /* t */ "Stopped"
// /* t */ "Stopped, because nobody was connected any more."
// /* t */ "The function cannot be interrupted, so it runs on in the background. Its result will be dropped."
// /* t */ "The function was asked to stop. Until it does, it runs on in the background; its result will be dropped."
// /* t */ "The result cannot be sent. The server's log tells why."
// /* t */ "The function failed, and its exception takes too long to say why."
// /* t */ "The answer was freed, because nobody came to read it in time. Run it again."
// /* t */ "Server is shutting down"
// /* t */ "This page only watches."
// /* t */ "The server's disk is full. Try again later."
// /* t */ "The request came too slowly."
// /* t */ "The server is shutting down. Try again in a moment."
// /* t */ "This function takes no new events at the moment. Try again later."
// /* t */ "The app has changed since this page was loaded. Please reload the page."
// /* t */ "There is nothing to watch here: the run has ended, or it is not yours"
// /* t */ "Internal server error. The server's log tells more."
// /* t */ "The site's database does not answer. Try again in a moment."
// /* t */ "The site's storage of files does not answer. Try again in a moment."
// /* t */ "The site's cache does not answer. Try again in a moment."
// /* t */ "The server cannot store a file of this size."
// /* t */ "The server's disk can only be read at the moment. Try again later."
// /* t */ "The server may not use its own files. Its operator finds why in the log."
// /* t */ "The server's disk does not work. Try again later."
// /* t */ "A folder of the server is missing. Its operator finds which one in the log."
// /* t */ "The server has no memory left. Try again later."
// /* t */ "The server has too many files open. Try again in a moment."
/** What the page itself has to tell; its core knows the names alone. */
const OURS: Record<string, string> = {
  "#gone": t("This page is not connected any more. Reload it."),
  "#restarted": t("The server was restarted while this was running. Run it again."),
  "#forgotten": t("The server has forgotten this run while the page was away. Run it again."),
  "#unshowable": t("The answer could not be shown."),
  "#unreachable": t("Connection errored out."),
};
const MARKS = {
  error: icon("circle-x"),
  warning: icon("triangle-alert"),
  info: icon("info"),
  success: icon("circle-check"),
};

/** Characters of a text and of a title that are shown, and toasts at once; the oldest go first. */
const LONGEST = 5000;
const LONGEST_TITLE = 200;
const MOST = 30;
const LATER_MS = 100;

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);

/** Shows a toast above the older ones. */
export function show({ level, text, title, duration = 10, fn }: Toast): void {
  const body = node("div", `toast-body ${level}`, "toast-body");
  body.role = level === "error" || level === "warning" ? "alert" : "status";
  body.dataset.fn = String(fn ?? "");
  const mark = node("div", "toast-icon");
  render(MARKS[level], mark);
  const details = node("div", "toast-details");
  const heading = node("div", "toast-title");
  heading.textContent = cut(title ? t(title) : TITLES[level], LONGEST_TITLE);
  const content = node("div", "toast-text", "toast-text");
  content.textContent = cut(OURS[text] ?? t(text), LONGEST);
  details.append(heading, content);
  const close = node("button", "toast-close", "toast-close") as HTMLButtonElement;
  close.type = "button";
  close.ariaLabel = close.title = t("Close");
  close.onclick = () => leave(body);
  body.addEventListener("focusin", ({ relatedTarget }) => {
    if (!stack().contains(relatedTarget as Node)) before = relatedTarget as HTMLElement | null;
  });
  render(icon("x"), close);
  body.append(mark, details, close);
  const all = stack();
  all.prepend(body);
  if (body.role === "status") sayAgain(content);
  while (all.childElementCount > MOST) all.lastElementChild!.remove();
  if (duration != null) expire(body, duration);
}

/** What had the focus before it went to a toast. */
let before: HTMLElement | null = null;

/** Takes a toast away; the focus in it goes to the next one, or back to where it came from. */
function leave(body: Element): void {
  const held = body.contains(document.activeElement);
  body.remove();
  if (!held) return;
  const next = document.querySelector<HTMLElement>(".toast-close") ?? before;
  if (next?.isConnected) next.focus({ preventScroll: true });
}

/** A status that comes with its text in it is passed over by some screen readers; a text that comes into one is not. */
function sayAgain(content: Element): void {
  setTimeout(() => content.replaceChildren(content.textContent!), LATER_MS);
}

/** Escape takes all of them away, unless it was meant for something that is open. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const bodies = [...document.querySelectorAll(".toast-body")];
  const held = bodies.find((body) => body.contains(document.activeElement));
  for (const body of bodies) if (body !== held) body.remove();
  if (held) leave(held);
});

/** Takes away the toasts of a dependency. */
export function clear(fn: number): void {
  document.querySelectorAll(`.toast-body[data-fn="${fn}"]`).forEach((body) => body.remove());
}

/** Takes the toast away in time; the clock stands while the pointer or the focus is on it. The bar only shows it. */
function expire(body: HTMLElement, seconds: number): void {
  const bar = node("div", "toast-timer");
  bar.style.animationDuration = `${seconds}s`;
  body.append(bar);
  let left = seconds * 1000;
  let since = 0;
  let timer = 0;
  const run = (): void => {
    since = Date.now();
    clearTimeout(timer);
    timer = window.setTimeout(() => leave(body), left);
  };
  const pause = (): void => {
    clearTimeout(timer);
    left = Math.max(left - (Date.now() - since), 1000);
  };
  body.addEventListener("pointerenter", pause);
  body.addEventListener("focusin", pause);
  body.addEventListener("pointerleave", run);
  body.addEventListener("focusout", run);
  run();
}

function stack(): Element {
  const found = document.querySelector(".toast-wrap");
  if (found) return found;
  const made = node("div", "toast-wrap");
  document.querySelector(".gradio-container")!.append(made);
  return made;
}

function node(tag: string, className: string, testid?: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  if (testid) element.dataset.testid = testid;
  return element;
}
