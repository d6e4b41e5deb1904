import { beforeEach, expect, test } from "vitest";
import { page } from "blocks";
import "../../../blocks_app/components/annotated_image/annotated_image";
import corpus from "../../xss_corpus.json";
import { mount } from "./support";

const file = (name: string) => ({ path: `AAAAAAAAAAAAAAAAAAAAAA/${name}.png`, orig_name: `${name}.png` });
const region = (label: string) => ({ image: file(label), label });
const value = { image: file("base"), annotations: [region("cat"), region("dog"), region("cat")] };

beforeEach(() => {
  page.base = "/chat/";
});

test("the regions lie over the picture, which says what they are", async () => {
  const { element, find } = await mount("gr-annotatedimage", { value });
  expect(find<HTMLImageElement>(".base-image").alt).toBe("A picture with these regions: cat, dog");
  const regions = [...element.querySelectorAll<HTMLImageElement>(".mask")];
  expect(regions.map((each) => each.getAttribute("src"))).toEqual([
    expect.stringContaining("cat.png"),
    expect.stringContaining("dog.png"),
    expect.stringContaining("cat.png"),
  ]);
});

test("one name has one colour, the author's where there is one", async () => {
  const { element } = await mount("gr-annotatedimage", { value, color_map: { dog: "#00ff00" } });
  const turns = [...element.querySelectorAll<HTMLElement>(".legend-item")].map((each) =>
    each.style.getPropertyValue("--region-color"),
  );
  expect(turns).toEqual(["#ff0000", "#00ff00", "#ff0000"]);
});

test("the legend brings a region out, and a click tells which", async () => {
  const { element, find, data } = await mount("gr-annotatedimage", { value, _selectable: true });
  find(".legend-item:nth-child(2)").click();
  await element.updateComplete;
  expect(data("select")).toEqual({ index: 1, value: "dog" });
  expect(find(".mask.active").getAttribute("src")).toContain("dog");
  expect(element.querySelectorAll(".mask.inactive").length).toBe(2);
  find(".legend-item:nth-child(2)").click();
  await element.updateComplete;
  expect(element.querySelectorAll(".mask.inactive").length).toBe(0);
});

test("nothing, and no legend", async () => {
  const { find } = await mount("gr-annotatedimage", {});
  expect(find(".empty")).not.toBeNull();
  const { element } = await mount("gr-annotatedimage", { value, show_legend: false });
  expect(element.querySelector(".legend")).toBeNull();
});

test("hostile names stay text", async () => {
  for (const hostile of corpus) {
    const { element } = await mount("gr-annotatedimage", {
      value: { ...value, annotations: [region(hostile)] },
    });
    expect(element.querySelector("script, iframe, svg[onload], [onerror]")).toBeNull();
  }
});
