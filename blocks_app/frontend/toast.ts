/** Toasts: what a function or an error tells the visitor. Loaded when the first one appears. */
import { icon, render } from "blocks";

export interface Toast {
  level: "error" | "warning" | "info" | "success";
  text: string;
  title?: string | null;
  /** Seconds until it goes away; null leaves it. */
  duration?: number | null;
  /** The dependency it belongs to: its toasts go when it starts again. */
  fn?: number;
}

const TITLES = { error: "Error", warning: "Warning", info: "Info", success: "Success" };
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
  heading.textContent = cut(title || TITLES[level], LONGEST_TITLE);
  const content = node("div", "toast-text", "toast-text");
  content.textContent = cut(text, LONGEST);
  details.append(heading, content);
  const close = node("button", "toast-close", "toast-close") as HTMLButtonElement;
  close.type = "button";
  close.ariaLabel = "Close";
  close.onclick = () => body.remove();
  render(icon("x"), close);
  body.append(mark, details, close);
  const all = stack();
  all.prepend(body);
  while (all.childElementCount > MOST) all.lastElementChild!.remove();
  if (duration != null) expire(body, duration);
}

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
    timer = window.setTimeout(() => body.remove(), left);
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
