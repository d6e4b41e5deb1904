/** A copy button on each code block. */
import { copyText, icon, render, t } from "blocks";

/** Buttons among the nodes of one piece: nobody wants hundreds in sight at once. */
const MOST = 50;

/** Puts a copy button beside the code of each block among these nodes. */
export function copyButtons(fragment: DocumentFragment): void {
  for (const pre of [...fragment.querySelectorAll("pre")].slice(0, MOST)) {
    if (!pre.querySelector("code")) continue;
    const wrap = document.createElement("div");
    wrap.className = "code_wrap";
    pre.tabIndex = 0; // long lines scroll, with the keyboard too
    pre.replaceWith(wrap);
    wrap.append(pre, button(pre));
  }
}

function button(pre: HTMLElement): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "copy_code_button icon-button";
  const show = (copied: boolean) => {
    made.setAttribute("aria-label", copied ? t("Copied") : t("Copy"));
    render(copied ? icon("check") : icon("copy"), made);
  };
  made.addEventListener("click", async () => {
    await copyText(pre.textContent ?? "");
    show(true);
    setTimeout(show, 1500, false);
  });
  show(false);
  return made;
}
