import { expect, test } from "vitest";
import "../../../blocks_app/components/plot/plot";
import {
  cleaned,
  dressed as dressedBokeh,
  fitted,
  modelsOf,
} from "../../../blocks_app/components/plot/bokeh";
import { drawable, dressed } from "../../../blocks_app/components/plot/plotly";
import { mount } from "./support";

const look = {
  text: "rgb(9, 9, 9)",
  quiet: "gray",
  line: "silver",
  background: "white",
  accent: "orange",
  font: "serif",
  dark: false,
};

test("a picture of matplotlib is shown with its label", async () => {
  const plot = "data:image/webp;base64,AAAA";
  const { find } = await mount("gr-plot", { value: { type: "matplotlib", plot }, label: "Sales" });
  const image = find<HTMLImageElement>("[data-testid=matplotlib] img");
  expect([image.getAttribute("src"), image.alt]).toEqual([plot, "Sales"]);
});

test("a picture that is no data address is not shown", async () => {
  const plot = "https://example.org/a.png";
  const { element } = await mount("gr-plot", { value: { type: "matplotlib", plot } });
  expect(element.querySelector("img")).toBeNull();
});

test("nothing is shown as nothing", async () => {
  const { find } = await mount("gr-plot", { value: null });
  expect(find("[role=img]").getAttribute("aria-label")).toBe("Empty value");
});

test("a figure of a package that the server has not says so", async () => {
  const { element, find } = await mount("gr-plot", { value: { type: "plotly", plot: "{}" }, libraries: {} });
  await expect.poll(() => element.querySelector("[role=alert]")?.textContent).toMatch(/Plotly is not inst/);
  expect(find("[data-testid=plotly]").getAttribute("aria-label")).toBe("Plot");
});

test("traces for the graphics card are drawn without it, or refused", () => {
  expect(drawable([{ type: "scattergl", x: [1] }, { type: "bar" }, {}])).toEqual([
    { type: "scatter", x: [1] },
    { type: "bar" },
    {},
  ]);
  expect(() => drawable([{ type: "parcoords" }])).toThrow(/"parcoords" compiles programs/);
});

test("a figure takes the page's colours unless it has its own", () => {
  const usual = dressed({ data: [], layout: { template: { layout: { paper_bgcolor: "white" } } } }, look);
  expect(usual.layout.font.color).toBe(look.text);
  expect(usual.layout.paper_bgcolor).toBe("rgba(0,0,0,0)");
  expect(usual.layout.plot_bgcolor).toBeUndefined();
  const dark = dressed({ layout: { xaxis: { gridcolor: "red" }, yaxis2: {} } }, { ...look, dark: true });
  expect(dark.layout.plot_bgcolor).toBe("rgba(0,0,0,0)");
  expect([dark.layout.xaxis.gridcolor, dark.layout.yaxis2.gridcolor]).toEqual(["red", "silver"]);
  const own = dressed({ layout: { template: { layout: { paper_bgcolor: "#111111" } } } }, look);
  expect([own.layout.paper_bgcolor, own.layout.font]).toEqual([undefined, undefined]);
});

test("a figure cannot switch on what sends it elsewhere", () => {
  const config = { plotlyServerURL: "https://example.org", displaylogo: true };
  expect(dressed({ config }, look).config).toMatchObject({ plotlyServerURL: "", displaylogo: false });
});

test("models of a document are found wherever they are", () => {
  const doc = {
    roots: [{ type: "object", name: "Figure", attributes: { a: { type: "object", name: "Line" } } }],
  };
  expect([...modelsOf({ doc })]).toEqual(["Figure", "Line"]);
});

test("texts without markup stay as they are", async () => {
  const plain = { a: "1 < 2", b: ["<5", 1, null] };
  expect(await cleaned(plain)).toBe(plain);
});

test("a script in a figure is not run but told", async () => {
  const plot = JSON.stringify({ doc: { roots: [{ type: "object", name: "CustomJS" }] } });
  const { element } = await mount("gr-plot", { value: { type: "bokeh", plot }, libraries: {} });
  await expect
    .poll(() => element.querySelector("[role=alert]")?.textContent)
    .toMatch(/script along \(CustomJS\)/);
});

/* eslint-disable @typescript-eslint/no-explicit-any */
const bokeh = (attributes: object): any => ({
  doc: {
    roots: [
      {
        type: "object",
        name: "Figure",
        attributes: {
          below: [{ type: "object", name: "LinearAxis", attributes: { axis_line_color: "red" } }],
          center: [{ type: "object", name: "Grid" }],
          ...attributes,
        },
      },
    ],
  },
});

test("a figure of Bokeh takes the page's colours where it says nothing of them", () => {
  const [figure] = dressedBokeh(bokeh({}), look).doc.roots;
  const { below, center, background_fill_color } = figure.attributes;
  expect(background_fill_color).toBeNull();
  expect(below[0].attributes).toMatchObject({ axis_line_color: "red", major_label_text_color: look.text });
  expect("group_text_color" in below[0].attributes).toBe(false);
  expect(center[0].attributes).toEqual({ grid_line_color: look.line });
});

test("what lies on a ground that the figure has chosen stays as it is", () => {
  const [figure] = dressedBokeh(bokeh({ background_fill_color: "beige" }), look).doc.roots;
  expect(figure.attributes.background_fill_color).toBe("beige");
  expect(figure.attributes.center[0]).toEqual({ type: "object", name: "Grid" });
  expect(figure.attributes.below[0].attributes.major_label_text_color).toBe(look.text);
});

test("a figure of Bokeh without a width is as wide as its place", () => {
  expect(fitted(bokeh({})).doc.roots[0].attributes.sizing_mode).toBe("stretch_width");
  expect("sizing_mode" in fitted(bokeh({ width: 300 })).doc.roots[0].attributes).toBe(false);
});
