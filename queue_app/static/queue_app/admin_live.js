/** Keeps the live queue fresh: fetches the part that changes while the page is looked at, and changes only what differs,
 * so that the focus, what is being typed, and what is scrolled or open stay as they are. */
"use strict";

const PERIOD = 3000; // ms between two looks
const live = document.getElementById("blocks-now");
const pause = document.getElementById("blocks-pause");
const stale = document.getElementById("blocks-stale");
let stopped = false;
let timer = 0;

async function refresh() {
  window.clearTimeout(timer);
  try {
    const answer = await fetch(live.dataset.source, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!stopped) become(live, page.body);
    tell("");
  } catch {
    tell(stale.dataset.text);
  }
  plan();
}

/** Says something when it is new: a screen reader would repeat it. */
function tell(text) {
  if (stale.textContent !== text) stale.textContent = text;
}

function plan() {
  window.clearTimeout(timer);
  if (!stopped && document.visibilityState === "visible") timer = window.setTimeout(refresh, PERIOD);
}

/** Makes the children of one element those of another. */
function become(old, fresh) {
  const kept = new Map([...old.children].filter(key).map((child) => [key(child), child]));
  let place = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const same = key(next) ? kept.get(key(next)) : alike(place, next) ? place : null;
    if (!same) {
      old.insertBefore(document.importNode(next, true), place);
      continue;
    }
    if (same !== place) old.insertBefore(same, place);
    else place = place.nextSibling;
    change(same, next);
  }
  while (place) {
    const after = place.nextSibling;
    place.remove();
    place = after;
  }
}

function key(node) {
  return node.dataset?.key;
}

function alike(one, other) {
  return one && one.nodeName === other.nodeName && !key(one);
}

function change(old, fresh) {
  if (!(old instanceof Element)) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.name === "csrfmiddlewaretoken") return; // each is as good
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  become(old, fresh);
}

pause.hidden = false;
pause.addEventListener("click", () => {
  stopped = !stopped;
  pause.textContent = stopped ? pause.dataset.go : pause.dataset.stop;
  if (stopped) window.clearTimeout(timer);
  else void refresh();
});
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? void refresh() : plan()));
plan();
