/** How far a run is, as its function tells. Loaded with the first progress. */
import { t } from "blocks";
import type { ProgressUnit } from "./generated/protocol";

/** `3/4 steps | ` for each loop that counts. */
export function counts(units: ProgressUnit[]): string {
  return units
    .filter((unit) => unit.index != null)
    .map(
      ({ index, length, unit }) =>
        `${count(index!)}${length == null ? "" : `/${count(length)}`} ${unit ?? ""} | `,
    )
    .join("");
}

/** `phase - 25.0%`; nested loops joined by ` / `. */
export function progressText(units: ProgressUnit[]): string {
  return units
    .map((unit) => {
      const part = share(unit);
      return [unit.desc, part == null ? null : `${(part * 100).toFixed(1)}%`].filter(Boolean).join(" - ");
    })
    .filter(Boolean)
    .join(" / ");
}

function share({ index, length, progress }: ProgressUnit): number | null {
  if (index != null && length) return index / length;
  return progress ?? null;
}

/** The bar of the innermost loop, under what all of them say. */
export function level(units: ProgressUnit[]): HTMLElement {
  const shown = node("div", "progress-level");
  shown.append(node("div", "progress-level-inner", progressText(units)));
  const last = share(units[units.length - 1]);
  if (last == null) return shown;
  const wrap = node("div", "progress-bar-wrap");
  const bar = node("div", "progress-bar");
  bar.setAttribute("role", "progressbar");
  bar.setAttribute("aria-label", t("progress"));
  bar.setAttribute("aria-valuenow", String(Math.round(last * 100)));
  bar.style.width = `${last * 100}%`;
  wrap.append(bar);
  shown.append(wrap);
  return shown;
}

/** Large counts with one decimal and a unit: 1.5k. */
function count(n: number): string {
  if (n < 1000) return String(+n.toFixed(1));
  const power = Math.min(3, Math.floor(Math.log10(n) / 3));
  return `${+(n / 1000 ** power).toFixed(1)}${" kMB"[power]}`;
}

function node(tag: string, className: string, text = ""): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
