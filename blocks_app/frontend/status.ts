/** What the outputs show while an event waits, runs or has failed. One overlay per output, made when needed. */
import type { ProgressUnit } from "./generated/protocol";
import { t } from "blocks";
import "./status.css";

export interface Status {
  state: "pending" | "generating" | "error";
  show: "full" | "minimal";
  /** performance.now() of the submission. */
  since: number;
  rank?: number | null;
  size?: number | null;
  eta?: number | null;
  /** An operator lets nothing start. */
  paused?: boolean;
  units?: ProgressUnit[] | null;
}

interface Shown {
  host: HTMLElement;
  view: HTMLElement;
  status: Status;
}

const TICK_MS = 100;
const shown = new Map<HTMLElement, Shown>();
let clock = 0;
/** What draws progress, since there was some. */
let bars: typeof import("./bars") | null = null;

/** Shows a status over a block; null takes it away. */
export function show(host: HTMLElement, status: Status | null): void {
  const old = shown.get(host);
  host.toggleAttribute("aria-busy", false);
  if (!status) {
    old?.view.remove();
    shown.delete(host);
  } else {
    const view = old?.view ?? document.createElement("div");
    if (!old) view.dataset.testid = "status-tracker";
    view.className = `wrap status ${status.show} ${status.state}`;
    if (status.state === "error") {
      const mark = node("button", "error", t("Error"));
      mark.onclick = () => show(host, null);
      view.replaceChildren(mark);
    } else host.setAttribute("aria-busy", "true");
    if (view.parentElement !== host) host.append(view);
    const entry = { host, view, status };
    shown.set(host, entry);
    draw(entry);
  }
  tick();
}

/** One clock for all, only while something runs. */
function tick(): void {
  const busy = [...shown.values()].some(({ status }) => status.state === "pending");
  if (busy && !clock) clock = window.setInterval(() => shown.forEach(draw), TICK_MS);
  if (!busy) {
    clearInterval(clock);
    clock = 0;
  }
}

function draw({ view, status }: Shown): void {
  if (status.state === "error") return;
  if (status.state === "generating") return view.replaceChildren();
  const units = status.units?.length ? status.units : null;
  if (units && !bars) void import("./bars").then((module) => (bars = module)); // shown with the next tick
  const where = units && bars ? bars.counts(units) : position(status);
  const meta = node("div", "progress-text meta-text", `${where}${elapsed(status)}`);
  const level = units && bars ? bars.level(units) : null;
  const eta = !level && etaBar(status);
  view.replaceChildren(...[eta, meta, level].filter((part): part is HTMLElement => !!part));
}

/** `queue: 2/5 | `, `paused by the operator | ` or `processing | `. */
export function position({ rank, size, paused }: Omit<Status, "state" | "show">): string {
  if (rank == null) return "";
  const place = paused ? t("paused by the operator") : t("queue: {0}/{1}", rank + 1, size ?? rank + 1);
  return `${rank < 0 ? t("processing") : place} | `;
}

/** `0.9s`, or `1.2/3.4s` when the end can be foretold. */
export function elapsed({ since, eta }: Status, now = performance.now()): string {
  const seconds = ((now - since) / 1000).toFixed(1);
  return eta ? `${seconds}/${eta.toFixed(1)}s` : `${seconds}s`;
}

function etaBar({ eta, since, show: mode }: Status): HTMLElement | null {
  if (!eta || mode !== "full") return null;
  const bar = node("div", "eta-bar");
  bar.style.transform = `translateX(${Math.min((performance.now() - since) / 10 / eta, 100) - 100}%)`;
  return bar;
}

function node(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
