/** The link with which another tab watches a run: offered in the footer while something runs for long. */
import { copyText, t } from "blocks";
import type { Config } from "./config";

const STORED = "blocks:watch";
const KEPT = 20;
const TOLD_MS = 4000;
const LABEL = t("Copy link to this run");

/** Runs that can be watched, the newest last. */
const offered: string[] = [];
let place: HTMLElement | null = null;

/** Offers the link of a run. */
export function offer(
  event_id: string,
  session: string,
  config: Config,
  announce: (text: string) => void,
): void {
  offered.push(event_id);
  if (place) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = LABEL;
  button.onclick = () => void copy(button, session, config, announce);
  const dot = document.createElement("span");
  dot.ariaHidden = "true";
  dot.textContent = " · ";
  place = document.createElement("span");
  place.className = "run-link";
  place.style.display = "contents";
  place.append(button, dot);
  document.querySelector("footer")?.prepend(place);
}

/** The run is over. */
export function withdraw(event_id: string): void {
  const at = offered.indexOf(event_id);
  if (at >= 0) offered.splice(at, 1);
  if (offered.length) return;
  place?.remove();
  place = null;
}

/** The session in which a tab of this browser has started an event; "" when it is not known. */
export function sessionOf(event_id: string): string {
  return new Map(read()).get(event_id) ?? "";
}

async function copy(
  button: HTMLElement,
  session: string,
  { username }: Config,
  announce: (text: string) => void,
): Promise<void> {
  const event_id = offered[offered.length - 1];
  // the link must not tell the session, which is all that an anonymous visitor is known by; this browser may know it
  remember(event_id, session);
  const url = new URL(location.href);
  url.searchParams.set("__watch", event_id);
  url.hash = "";
  try {
    await copyText(url.href);
  } catch {
    return void prompt(LABEL, url.href);
  }
  button.textContent = username
    ? t("Copied. It opens where you are logged in.")
    : t("Copied. It opens in this browser.");
  announce(button.textContent);
  setTimeout(() => (button.textContent = LABEL), TOLD_MS);
}

function remember(event_id: string, session: string): void {
  try {
    const others = read().filter(([id]) => id !== event_id);
    localStorage.setItem(STORED, JSON.stringify([...others, [event_id, session]].slice(-KEPT)));
  } catch {
    // storage is forbidden or full: only who is logged in can use the link
  }
}

function read(): [string, string][] {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "[]") as [string, string][];
  } catch {
    return [];
  }
}
