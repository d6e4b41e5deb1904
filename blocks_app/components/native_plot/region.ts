/** A region of a drawing for those who have no mouse: a slider for each end of it, which are seen while they are used. */
import { html, t } from "blocks";
import type { View } from "blocks/vega";
import { shown, type Cell, type Kind } from "./data";

/** How many places an axis of numbers or times has for the sliders. */
const PLACES = 100;

/** The part of a scale of vega that is read here. */
interface Scale {
  domain(): Cell[];
  range(): number[];
  bandwidth?(): number;
  invert?(at: number): number | Date;
  (of: Cell): number;
}

/** An axis as sliders go along it. */
export interface Places {
  count: number;
  /** What stands at an end of the region; `last` for its far end. */
  at(place: number, last: boolean): Cell;
  /** Where the region from one place to another lies, in pixels. */
  pixels(first: number, last: number): [number, number];
  /** The region as the app is told of it. */
  told(first: number, last: number): Cell[];
  /** The region that was told so, at the places next to it. */
  between(told: Cell[]): [first: number, last: number];
}

/** The places of an axis of words, or of numbers or times. */
export function placesOf(scale: Scale): Places {
  const words = scale.domain();
  if (scale.bandwidth) {
    const wide = scale.bandwidth();
    const inside = (place: number) => Math.min(Math.max(place, 0), words.length - 1);
    return {
      count: words.length,
      at: (place, last) => words[inside(last ? place - 1 : place)],
      pixels: (first, last) => [scale(words[inside(first)]), scale(words[inside(last - 1)]) + wide],
      told: (first, last) => words.slice(first, last),
      between(told) {
        const held = told.map((word) => words.indexOf(word));
        return [Math.min(...held), Math.max(...held) + 1];
      },
    };
  }
  const [low, high] = scale.range();
  const pixel = (place: number): number => low + ((high - low) * place) / PLACES;
  const value = (place: number): number => Number(scale.invert!(pixel(place)));
  return {
    count: PLACES,
    at: value,
    pixels: (first, last) => [pixel(first), pixel(last)].sort((a, b) => a - b) as [number, number],
    told: (first, last) => [value(first), value(last)],
    between(told) {
      const ends = told.map((end) => Math.round((PLACES * (scale(end) - low)) / (high - low)));
      const first = Math.min(Math.max(Math.min(...ends), 0), PLACES - 1);
      return [first, Math.min(Math.max(...ends, first + 1), PLACES)];
    },
  };
}

/** The pixels of the region that is drawn now. */
export function pixelsOf(view: View, axis: "x" | "y"): number[] {
  try {
    return (view.signal(`brush_${axis}`) as number[] | null) ?? [];
  } catch {
    return []; // one of several drawings
  }
}

/** Draws the region of these pixels. False where the drawing is one of several, which have a region each. */
export function mark(view: View, axis: "x" | "y", pixels: [number, number] | []): boolean {
  try {
    view.signal(`brush_${axis}`, pixels);
  } catch {
    return false;
  }
  void view.runAsync();
  return true;
}

/** The two sliders, and what undoes them. */
export function renderRegion(
  places: Places,
  region: [number, number],
  kind: Kind,
  named: string,
  moved: (first: number, last: number) => void,
  undone: () => void,
) {
  const [first, last] = region;
  const slider = (name: string, place: number, end: boolean) =>
    html`<label
      >${name}
      <input
        type="range"
        min="0"
        max=${places.count}
        .value=${String(place)}
        aria-valuetext=${shown(rounded(places.at(place, end)), kind)}
        @input=${(event: InputEvent) => {
          const to = Number((event.target as HTMLInputElement).value);
          if (end) moved(Math.min(first, Math.max(to - 1, 0)), Math.max(to, 1));
          else moved(Math.min(to, places.count - 1), Math.max(last, to + 1));
        }}
      />
    </label>`;
  return html`<div class="plot-region" role="group" aria-label=${t("Part of {0}", named)}>
    ${slider(t("Region start"), first, false)}${slider(t("Region end"), last, true)}
    <button type="button" class="sm secondary" @click=${undone}>${t("Whole plot")}</button>
  </div>`;
}

const rounded = (cell: Cell): Cell => (typeof cell === "number" ? Number(cell.toPrecision(6)) : cell);
