/**
 * Vega and Vega-Lite for several components: `import("blocks/vega")`. Expressions are interpreted, never compiled, so
 * the page's policy holds; a chart loads nothing from anywhere.
 */
import { t } from "blocks";
import { expressionInterpreter } from "vega-interpreter";
import { Warn, View, loader, logger, parse, type Spec } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { lookOf, type Look } from "./foreign";
import "./vega.css";

export type { Spec, View };

/** Shows a value beside the pointer; null takes it away. */
export type Hint = (event: MouseEvent, value: unknown) => void;

/** What a chart looks like that says nothing of it. */
export function themed(look: Look): Record<string, unknown> {
  const text = { labelColor: look.text, titleColor: look.text, labelFont: look.font, titleFont: look.font };
  return {
    background: null,
    font: look.font,
    title: { color: look.text, subtitleColor: look.quiet },
    axis: { ...text, gridColor: look.line, domainColor: look.quiet, tickColor: look.quiet },
    legend: { ...text, symbolBaseFillColor: look.quiet, symbolBaseStrokeColor: look.quiet },
    header: text,
    view: { stroke: look.line },
  };
}

/** A loader that gives nothing: what a chart shows is in it. Links only lead to web pages. */
function closed() {
  const own = loader({ mode: "http" } as never);
  const sanitize = own.sanitize.bind(own);
  own.sanitize = async (address, options) => {
    const context = (options as { context?: string } | undefined)?.context;
    if (context === "href") return sanitize(address, options);
    if (/^data:image\//.test(String(address))) return { href: String(address) } as never;
    throw new Error(
      t(
        "This chart asks for data from {0}: pages load none. Put them into the chart.",
        String(address).slice(0, 100),
      ),
    );
  };
  return own;
}

/** Draws a chart of Vega-Lite or Vega. Throws in words for what is none. */
export async function show(
  into: HTMLElement,
  chart: object,
  renderer: "svg" | "canvas" = "svg",
): Promise<View> {
  const { $schema = "" } = chart as { $schema?: string };
  const lite = !/\/vega\/v\d/.test($schema);
  const look = themed(lookOf(into));
  const hint = hints(into);
  const problems: string[] = [];
  const log = logger(Warn);
  log.error = (...words: unknown[]) => (problems.push(words.map(String).join(" ")), log);
  log.warn = () => log;
  const spec = lite
    ? compile(chart as TopLevelSpec, { config: look as never, logger: log }).spec
    : (chart as Spec);
  const view = new View(parse(spec as Spec, lite ? {} : (look as never), { ast: true }), {
    expr: expressionInterpreter,
    loader: closed(),
    logger: log,
    renderer,
    hover: true,
    tooltip: (_: unknown, event: MouseEvent, __: unknown, value: unknown) => hint(event, value),
  } as never);
  view.initialize(into);
  await view.runAsync();
  if (problems.length) {
    view.finalize();
    throw new Error(problems[0]);
  }
  return view;
}

/** A box beside the pointer with what a mark says of itself, as text. */
export function hints(near: HTMLElement): Hint {
  let box: HTMLElement | null = null;
  return (event, value) => {
    if (value === null || value === undefined || value === "") return void box?.remove();
    box ??= Object.assign(document.createElement("div"), { className: "vega-hint", role: "tooltip" });
    box.replaceChildren(...lines(value));
    if (!box.isConnected) near.append(box);
    const room = near.getBoundingClientRect();
    const { width, height } = box.getBoundingClientRect();
    const x = Math.min(event.clientX - room.left + 12, Math.max(room.width - width, 0));
    const below = event.clientY - room.top + 12;
    const y = below + height > room.height ? Math.max(below - height - 24, 0) : below;
    box.style.transform = `translate(${x}px, ${y}px)`;
  };
}

function lines(value: unknown): Node[] {
  if (typeof value !== "object" || value === null) return [document.createTextNode(String(value))];
  return Object.entries(value).map(([name, each]) => {
    const line = document.createElement("div");
    const key = Object.assign(document.createElement("b"), { textContent: `${name}: ` });
    line.append(key, typeof each === "object" ? JSON.stringify(each) : String(each));
    return line;
  });
}
