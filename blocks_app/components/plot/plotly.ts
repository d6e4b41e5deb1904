/** Draws figures of Plotly, by the JavaScript that the Python package on the server brings along. */
import { t } from "blocks";
import { calm, loadScript, lookOf, type Look } from "blocks/foreign";
import { addressOf, type Drawing } from "./drawing";

/* eslint-disable @typescript-eslint/no-explicit-any */
interface PlotlyLibrary {
  react(into: HTMLElement, figure: any): Promise<unknown>;
  purge(from: HTMLElement): void;
  Plots: { resize(of: HTMLElement): void };
}

/** Traces that would compile a program for the graphics card from text, which the policy forbids: what draws them without. */
const WITHOUT_PROGRAMS: Record<string, string> = { scattergl: "scatter", scatterpolargl: "scatterpolar" };
const NEVER = ["splom", "parcoords"];

/** The traces as they can be drawn. Throws in words for those that cannot. */
export function drawable(traces: any[]): any[] {
  const refused = traces.find((trace) => NEVER.includes(trace?.type));
  if (refused)
    throw new Error(
      t('Plotly\'s "{0}" compiles programs in the page, which its policy forbids.', refused.type),
    );
  return traces.map((trace) =>
    trace?.type in WITHOUT_PROGRAMS ? { ...trace, type: WITHOUT_PROGRAMS[trace.type] } : trace,
  );
}

/** A figure that says nothing of its colours takes those of the page. */
export function dressed(figure: any, look: Look): any {
  const layout = { ...figure.layout };
  const usual = layout.template?.layout?.paper_bgcolor ?? "white";
  if (usual === "white" || usual === "#ffffff") {
    layout.paper_bgcolor ??= "rgba(0,0,0,0)";
    layout.font = { color: look.text, family: look.font, ...layout.font };
    if (look.dark) {
      layout.plot_bgcolor ??= "rgba(0,0,0,0)";
      for (const name of new Set([
        "xaxis",
        "yaxis",
        ...Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key)),
      ]))
        layout[name] = {
          gridcolor: look.line,
          zerolinecolor: look.line,
          linecolor: look.line,
          ...layout[name],
        };
    }
  }
  if (!layout.title?.text && !layout.margin) layout.margin = { t: 24, ...layout.margin };
  if (calm()) layout.transition = { ...layout.transition, duration: 0 };
  const config = { ...figure.config, responsive: true, displaylogo: false, plotlyServerURL: "" };
  return { data: drawable(figure.data ?? []), layout, config, frames: figure.frames };
}

export const draw: Drawing = async (into, plot, props) => {
  await loadScript(addressOf(props, "plotly", "Plotly"));
  const plotly = (globalThis as any).Plotly as PlotlyLibrary;
  await plotly.react(into, dressed(JSON.parse(plot), lookOf(into)));
  return { erase: () => plotly.purge(into), fit: () => plotly.Plots.resize(into) };
};
