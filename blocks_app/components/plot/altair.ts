/** Draws charts of Altair. */
import { show } from "blocks/vega";
import type { Drawing } from "./drawing";

export const draw: Drawing = async (into, plot) => {
  into.replaceChildren();
  const view = await show(into, JSON.parse(plot));
  return () => {
    view.finalize();
    into.replaceChildren();
  };
};
