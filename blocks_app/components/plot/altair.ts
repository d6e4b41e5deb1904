/** Draws charts of Altair. */
import { show } from "blocks/vega";
import type { Drawing } from "./drawing";

export const draw: Drawing = async (into, plot) => {
  into.replaceChildren();
  const chart = JSON.parse(plot);
  const view = await show(into, chart);
  const wide = chart.width === "container";
  return {
    erase: () => {
      view.finalize();
      into.replaceChildren();
    },
    fit: () => void (wide && view.signal("width", into.clientWidth).runAsync()),
  };
};
