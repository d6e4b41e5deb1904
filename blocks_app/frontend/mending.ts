/**
 * Where `runblocks` follows the sources: a page whose server is away because they cannot be loaded any more shows why,
 * until they are mended. What was typed stays in sight. See queue_app/server/broken_file.py, which answers.
 */
import type { Config } from "./config";

/** Milliseconds between two looks. */
const PAUSE = 1000;
const BOX =
  "position:fixed;inset:auto 0 0;max-height:60vh;overflow:auto;z-index:1000;margin:0;padding:16px 20px;" +
  "background:var(--background-fill-primary);color:var(--body-text-color);border-top:3px solid var(--error-border-color,#dc2626)";
const TEXT =
  "margin:8px 0 0;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 var(--font-mono,monospace)";

interface Broken {
  title: string;
  text: string;
}

let box: HTMLElement | undefined;

async function broken(): Promise<Broken | null> {
  if (!document.querySelector(".link-notice")) return null;
  try {
    const { base } = window.gradio_config as Config;
    const answer = await fetch(`${base}blocks-broken`, { cache: "no-store" });
    return answer.status === 500 ? ((await answer.json()) as Broken) : null;
  } catch {
    return null; // it starts anew
  }
}

function show({ title, text }: Broken): void {
  box ??= document.createElement("section");
  if (box.isConnected && box.textContent === title + text) return;
  box.style.cssText = BOX;
  box.setAttribute("role", "alert");
  const heading = document.createElement("strong");
  const trace = document.createElement("pre");
  heading.textContent = title;
  trace.textContent = text;
  trace.style.cssText = TEXT;
  trace.tabIndex = 0;
  box.replaceChildren(heading, trace);
  document.body.append(box);
}

async function look(): Promise<void> {
  const found = await broken();
  if (found) show(found);
  else if (!document.querySelector(".link-notice")) box?.remove();
  setTimeout(() => void look(), PAUSE);
}

void look();
